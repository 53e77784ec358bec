// SPDX-License-Identifier: Apache-2.0
// What is kept of a session, and what is not.
#include "tests/session/room_fixture.hpp"

namespace rytme::session {
namespace {

using testing::HasSubstr;

const request::Rate good_rating{"participant", "staff", "before", "alarm"};

TEST_F(Room, ARatingIsKeptAtOnce) {
  start();
  const Decision out = ask(good_rating);
  EXPECT_EQ(out.answer.verdict, Verdict::done);
  const auto rows = entries<entry::Rating>(out);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].state, "alarm");
  EXPECT_EQ(rows[0].actor, "tablet-1");
  EXPECT_TRUE(out.entries[0].urgent);
  EXPECT_EQ(out.entries[0].session, "s1");
}

TEST_F(Room, OnlyTheWordsOfTheScaleAreTaken) {
  start();
  for (const char* state : {"calm", "attentive", "alarm", "fear", "terror", "shut_down", "dont_know"})
    EXPECT_EQ(ask(request::Rate{"staff", "staff", "after", state}).answer.verdict, Verdict::done) << state;
  for (const auto& bad :
       {request::Rate{"other", "staff", "after", "calm"}, request::Rate{"staff", "x", "after", "calm"},
        request::Rate{"staff", "staff", "later", "calm"}, request::Rate{"staff", "staff", "after", "3"}})
    EXPECT_EQ(ask(bad).answer.verdict, Verdict::refused);
}

TEST_F(Room, ARatingAfterwardsBelongsToTheSessionForTenMinutes) {
  EXPECT_EQ(ask(good_rating).answer.verdict, Verdict::conflict);
  start();
  ask(request::StopAll{});
  t_s = 599;
  const Decision out = ask(good_rating);
  EXPECT_EQ(out.answer.verdict, Verdict::done) << "also while latched";
  EXPECT_EQ(out.entries.at(0).session, "s1");
  t_s = 601;
  EXPECT_EQ(ask(good_rating).answer.verdict, Verdict::conflict);
}

TEST_F(Room, AScreenSeesHowLongARatingIsTakenAfterwards) {
  EXPECT_EQ(seen().rate_after_s, 0);
  start();
  EXPECT_EQ(seen().rate_after_s, 0) << "not while it is on";
  ask(request::StopAll{});
  t_s = 200;
  EXPECT_DOUBLE_EQ(seen().rate_after_s, 400);
  t_s = 601;
  EXPECT_EQ(seen().rate_after_s, 0);
  ask(request::ResetStop{});
  start(false);
  ask(request::StopAll{});
  EXPECT_EQ(seen().rate_after_s, 0) << "it was not recorded";
}

TEST_F(Room, AScreenSeesThatSomebodyIsNamedAndNeverWho) {
  start(true, std::nullopt);
  EXPECT_FALSE(seen().participant_named);
  ask(request::SetParticipant{"Q4M"});
  EXPECT_TRUE(seen().participant_named);
  EXPECT_EQ(session.participant(), "Q4M");
  EXPECT_EQ(seen().participant_change, 0) << "it was nobody's";
  ask(request::SetParticipant{"Q4M"});
  EXPECT_EQ(seen().participant_change, 0);
  ask(request::SetParticipant{"K7F"});
  EXPECT_EQ(seen().participant_change, 1);
  ask(request::StopAll{});
  EXPECT_FALSE(seen().participant_named);
  EXPECT_EQ(session.participant(), "");
}

TEST_F(Room, ASessionThatWasErasedTakesNoRating) {
  using What = entry::Erase::What;
  start();
  ask(request::StopAll{});
  session.forget({What::session, "another", {}, ""});
  EXPECT_EQ(ask(good_rating).answer.verdict, Verdict::done);
  session.forget({What::session, "s1", {}, ""});
  EXPECT_EQ(ask(good_rating).answer.verdict, Verdict::conflict);
}

TEST_F(Room, WithoutRecordingNeitherParticipantNorRatingIsKept) {
  const Decision out = start(false);
  EXPECT_EQ(entries<entry::SessionStart>(out).at(0).participant, "");
  EXPECT_FALSE(session.recording());
  const Decision rated = ask(good_rating);
  EXPECT_EQ(rated.answer.verdict, Verdict::conflict);
  EXPECT_TRUE(rated.entries.empty());
  EXPECT_TRUE(ask(request::SetParticipant{"AB"}).entries.empty());
}

TEST_F(Room, RecordingCanBeTurnedOnAndOff) {
  start(false);
  const Decision on = ask(request::SetRecording{true});
  EXPECT_TRUE(on.recording_started);
  EXPECT_TRUE(session.recording());
  EXPECT_TRUE(seen().recording);
  const auto change = entries<entry::SessionChange>(on).at(0);
  EXPECT_EQ(change.recording, true);
  EXPECT_EQ(change.participant, "K7F") << "now it may be known whose session it is";
  EXPECT_TRUE(on.entries[0].urgent);
  EXPECT_THAT(event(on, "recording"), HasSubstr(R"("on":true)"));
  EXPECT_TRUE(ask(request::SetRecording{true}).entries.empty()) << "no change";
  const Decision off = ask(request::SetRecording{false});
  EXPECT_EQ(entries<entry::SessionChange>(off).at(0).recording, false);
  EXPECT_FALSE(off.recording_started);
  EXPECT_EQ(mode(), RoomMode::running) << "the room works on";
}

TEST_F(Room, RecordingNeedsASession) {
  EXPECT_EQ(ask(request::SetRecording{true}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::Withdraw{}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::SetParticipant{"AB"}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::Activity{"hammock"}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::Mark{"relate"}).answer.verdict, Verdict::conflict);
}

TEST_F(Room, WithdrawalEndsTheRecordingAndHasWhatIsStoredRemoved) {
  start();
  const Decision out = ask(request::Withdraw{});
  EXPECT_FALSE(session.recording());
  EXPECT_EQ(entries<entry::SessionChange>(out).at(0).recording, false);
  EXPECT_TRUE(urgent(out, "withdrawn"));
  EXPECT_THAT(event(out, "withdrawn"), HasSubstr(R"("recorded_so_far":"to_be_removed")"));
  const auto erase = entries<entry::Erase>(out).at(0);
  EXPECT_EQ(erase.what, entry::Erase::What::body);
  EXPECT_EQ(erase.key, session.session_id());
  EXPECT_TRUE(entries<entry::Erase>(ask(request::Withdraw{})).empty()) << "once is enough";
  EXPECT_EQ(mode(), RoomMode::running);
  EXPECT_EQ(ask(request::SetRecording{true}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(good_rating).answer.verdict, Verdict::conflict);
}

TEST_F(Room, AParticipantCanBeChosenLate) {
  start(true, {});
  EXPECT_EQ(ask(request::SetParticipant{"no"}).answer.verdict, Verdict::refused);
  const Decision out = ask(request::SetParticipant{"Q2X"});
  EXPECT_EQ(entries<entry::SessionChange>(out).at(0).participant, "Q2X");
  EXPECT_THAT(event(out, "participant"), testing::Not(HasSubstr("Q2X"))) << "the code stands in one place";
}

TEST_F(Room, ActivitiesAndMarksAreEvents) {
  start();
  EXPECT_THAT(event(ask(request::Activity{"hammock"}), "activity"), HasSubstr(R"("id":"hammock")"));
  EXPECT_EQ(ask(request::Activity{"rocket"}).answer.verdict, Verdict::unknown);
  EXPECT_THAT(event(ask(request::Mark{"relate"}), "mark"), HasSubstr(R"("kind":"relate")"));
  EXPECT_EQ(ask(request::Mark{"convince"}).answer.verdict, Verdict::refused);
}

TEST_F(Room, WhatPeopleSendCannotBreakTheRecord) {
  for (const char* wrong : {"a\"b\\c\n", "Ola sin sang", "../etc", "\xff", ""})
    EXPECT_EQ(ask(request::SetSource{wrong}).answer.verdict, Verdict::refused) << wrong;
  EXPECT_THAT(event(ask(request::SetSource{"pulse-1"}), "manual"), HasSubstr(R"("value":"pulse-1")"));
}

}  // namespace
}  // namespace rytme::session
