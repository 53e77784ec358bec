// SPDX-License-Identifier: Apache-2.0
// The pulse of the person in the room, the calm pulse and the index, as the room's people and its record meet
// them.
#include "controller/app/live_signals.hpp"

#include <algorithm>
#include <set>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "tests/app/simulated_room.hpp"

namespace rytme::test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

request::StartSession down(std::optional<std::string> participant, bool recording = true) {
  return {"regulate-down", std::move(participant), recording};
}
request::TakeCalmPulse calm(std::optional<std::string> participant = std::nullopt) { return {participant}; }

class Room : public testing::Test {
 protected:
  Room() {
    room.run_until(minutes{1}, [&] { return room.state().heart.quality == Quality::good; });
  }
  void take_calm_pulse(std::optional<std::string> participant = std::nullopt) {
    ASSERT_EQ(room.ask(calm(std::move(participant))).verdict, Verdict::done);
    ASSERT_EQ(room.state().calm_pulse.state, "running");
    ASSERT_TRUE(room.run_until(minutes{7}, [&] { return room.state().calm_pulse.state != "running"; }));
  }
  std::vector<JournalEntry> events(const std::string& kind) const {
    std::vector<JournalEntry> found;
    for (const auto& row : room.entries) {
      const auto* event = std::get_if<entry::Event>(&row.what);
      if (event != nullptr && event->kind == kind) found.push_back(row);
    }
    return found;
  }
  static boost::json::value data(const JournalEntry& row) {
    return boost::json::parse(std::get<entry::Event>(row.what).data);
  }
  std::vector<entry::Value> values(Capability capability) const {
    std::vector<entry::Value> found;
    for (const auto& row : room.entries) {
      const auto* value = std::get_if<entry::Value>(&row.what);
      if (value != nullptr && value->capability == capability) found.push_back(*value);
    }
    return found;
  }
  // What is kept of a body is kept only while the session records.
  std::size_t from_a_body() const {
    return static_cast<std::size_t>(
        std::count_if(room.entries.begin(), room.entries.end(), [](const auto& row) {
          const auto* value = std::get_if<entry::Value>(&row.what);
          const auto* event = std::get_if<entry::Event>(&row.what);
          return (value != nullptr && info(value->capability).from_body) ||
                 (event != nullptr &&
                  (event->kind.starts_with("baseline") || event->kind.starts_with("heart")));
        }));
  }

  SimulatedRoom room;
};

TEST_F(Room, ACalmPulseInASessionIsKeptAndTheIndexGoesByIt) {
  ASSERT_EQ(room.ask(down("K7F")).verdict, Verdict::created);
  room.run(minutes{1});
  EXPECT_TRUE(values(Capability::arousal_index).empty()) << "there is nothing to say before";
  EXPECT_THAT(room.state().arousal.reason, HasSubstr("Ingen hvilepuls tatt"));
  take_calm_pulse();
  const auto now = room.state();
  ASSERT_TRUE(now.calm_pulse.bpm);
  ASSERT_EQ(events("baseline").size(), 1U);
  const auto kept = data(events("baseline")[0]);
  EXPECT_EQ(events("baseline")[0].session, now.session);
  EXPECT_EQ(kept.at("participant"), "K7F");
  EXPECT_EQ(kept.at("quality").as_string(), now.calm_pulse.state);
  EXPECT_NEAR(kept.at("bpm").to_number<double>(), *now.heart.bpm, 15);
  EXPECT_GE(kept.at("duration_s").to_number<double>(), 120);
  EXPECT_GT(kept.at("n").to_number<double>(), 100);
  room.run(minutes{1});
  EXPECT_THAT(room.state().arousal.reason, HasSubstr("Egen rolig verdi"));
  EXPECT_NEAR(static_cast<double>(values(Capability::arousal_confidence).size()), 60, 4) << "once a second";
  EXPECT_EQ(values(Capability::arousal_index).size(), values(Capability::arousal_level).size());
  EXPECT_EQ(values(Capability::arousal_index).size(), values(Capability::hr_expected_bpm).size());
  EXPECT_FALSE(values(Capability::hr_sdnn120_ms).empty());
  EXPECT_FALSE(values(Capability::motion_body_mps2).empty());
}

TEST_F(Room, TheEndOfTheRecordingSaysHowGoodTheBeatsWere) {
  ASSERT_EQ(room.ask(down("K7F")).verdict, Verdict::created);
  const auto id = room.state().session;
  room.run(minutes{3});
  ASSERT_EQ(room.ask(request::StopAll{}).verdict, Verdict::done);
  ASSERT_EQ(events("heart_quality").size(), 1U);
  EXPECT_EQ(events("heart_quality")[0].session, id);
  const auto quality = data(events("heart_quality")[0]);
  EXPECT_EQ(quality.at("device"), "strap1");
  EXPECT_NEAR(quality.at("beats").to_number<double>(), 180 * *room.state().heart.bpm / 60, 60);
  EXPECT_TRUE(quality.at("settled").as_object().contains("ectopic"));
}

TEST_F(Room, WithoutRecordingTheIndexIsSeenAndNotKept) {
  ASSERT_EQ(room.ask(down("K7F", false)).verdict, Verdict::created);
  take_calm_pulse();
  room.run(minutes{1});
  EXPECT_THAT(room.state().arousal.reason, HasSubstr("Egen rolig verdi"));
  room.ask(request::StopAll{});
  EXPECT_EQ(from_a_body(), 0U);
  EXPECT_TRUE(room.recalls.empty()) << "without recording nobody is anybody";
}

TEST_F(Room, AWithdrawalIsTheEndOfWhatIsKept) {
  ASSERT_EQ(room.ask(down("K7F")).verdict, Verdict::created);
  take_calm_pulse();
  ASSERT_EQ(room.ask(request::Withdraw{}).verdict, Verdict::done);
  room.entries.clear();
  room.run(minutes{1});
  room.ask(request::StopAll{});
  EXPECT_EQ(from_a_body(), 0U);
}

TEST_F(Room, ACalmPulseIsRefusedWhereItCannotBe) {
  EXPECT_EQ(room.ask(calm("k7f")).verdict, Verdict::refused);
  ASSERT_EQ(room.ask(down("K7F")).verdict, Verdict::created);
  EXPECT_EQ(room.ask(calm("Q2M")).verdict, Verdict::conflict) << "the session is another's";
  EXPECT_EQ(room.ask(calm("K7F")).verdict, Verdict::done);
  EXPECT_EQ(room.ask(calm()).verdict, Verdict::conflict) << "one is being taken";
  room.ask(request::StopAll{});
  EXPECT_EQ(room.ask(calm()).verdict, Verdict::conflict);
}

TEST_F(Room, WithoutAPulseNoneIsBegun) {
  room.silence("strap1");
  room.run(seconds{30});
  EXPECT_FALSE(room.state().heart.bpm);
  EXPECT_EQ(room.state().heart_unfit, "no_signal");
  const auto answer = room.ask(calm());
  EXPECT_EQ(answer.verdict, Verdict::conflict);
  EXPECT_THAT(answer.detail, HasSubstr("no pulse"));
}

TEST_F(Room, OutsideASessionItIsKeptOnlyUnderAName) {
  take_calm_pulse();
  EXPECT_EQ(from_a_body(), 0U);
  take_calm_pulse("K7F");
  ASSERT_EQ(events("baseline").size(), 1U);
  EXPECT_EQ(events("baseline")[0].session, "");
  EXPECT_EQ(from_a_body(), 1U);
  EXPECT_THAT(room.recalls, testing::ElementsAre("K7F"));
}

TEST_F(Room, ItHoldsForTheSessionOfTheSamePersonAndForNobodyElse) {
  take_calm_pulse("K7F");
  ASSERT_EQ(room.ask(down("K7F")).verdict, Verdict::created);
  room.run(seconds{10});
  EXPECT_THAT(room.state().arousal.reason, HasSubstr("Egen rolig verdi"));
  room.ask(request::StopAll{});
  room.ask(request::ResetStop{});
  ASSERT_EQ(room.ask(down("Q2M")).verdict, Verdict::created);
  room.run(seconds{10});
  EXPECT_THAT(room.state().arousal.reason, HasSubstr("Ingen hvilepuls tatt"));
  EXPECT_EQ(room.state().calm_pulse.state, "none");
  EXPECT_EQ(room.recalls.back(), "Q2M");
}

TEST_F(Room, AMeasurementOutlivesNeitherTheSessionNorTheConsent) {
  ASSERT_EQ(room.ask(down("K7F", false)).verdict, Verdict::created);
  ASSERT_EQ(room.ask(calm()).verdict, Verdict::done);
  room.run(minutes{1});
  room.ask(request::StopAll{});
  EXPECT_EQ(room.state().calm_pulse.state, "none") << "whoever was here has left";
  room.run(minutes{7});
  EXPECT_EQ(from_a_body(), 0U);
  room.ask(request::ResetStop{});
  ASSERT_EQ(room.ask(down("K7F")).verdict, Verdict::created);
  ASSERT_EQ(room.ask(calm()).verdict, Verdict::done);
  ASSERT_EQ(room.ask(request::Withdraw{}).verdict, Verdict::done);
  room.entries.clear();
  room.run(seconds{30});
  room.ask(request::StopAll{});
  room.run(minutes{7});
  EXPECT_EQ(from_a_body(), 0U) << "also after the session that was withdrawn from";
}

TEST_F(Room, ACalmPulseUnderANameHoldsForThatNameAlone) {
  const auto has_baseline = [&] {
    return room.state().arousal.reason.find("Egen rolig") != std::string::npos;
  };
  const auto begin = [&](std::optional<std::string> participant, bool recording) {
    room.ask(request::StopAll{});
    room.ask(request::ResetStop{});
    ASSERT_EQ(room.ask(down(std::move(participant), recording)).verdict, Verdict::created);
    room.run(seconds{5});
  };
  take_calm_pulse("K7F");
  begin("K7F", false);
  EXPECT_TRUE(has_baseline()) << "recording or not, it is the same person";
  begin("Q2M", false);
  EXPECT_FALSE(has_baseline());
  room.ask(request::StopAll{});
  room.ask(request::ResetStop{});
  take_calm_pulse("K7F");
  begin(std::nullopt, false);
  EXPECT_FALSE(has_baseline()) << "it may be anybody";
}

TEST_F(Room, OneWithoutANameIsForWhoComesNextAndNobodyAfter) {
  const auto has_baseline = [&] {
    return room.state().arousal.reason.find("Egen rolig") != std::string::npos;
  };
  take_calm_pulse();
  ASSERT_EQ(room.ask(down(std::nullopt)).verdict, Verdict::created);
  room.run(seconds{5});
  EXPECT_TRUE(has_baseline());
  room.ask(request::StopAll{});
  room.ask(request::ResetStop{});
  ASSERT_EQ(room.ask(down("K7F")).verdict, Verdict::created);
  room.run(seconds{5});
  EXPECT_FALSE(has_baseline());
}

TEST_F(Room, WhatAnotherWearerShowsIsNotTheParticipants) {
  ASSERT_EQ(room.ask(down("K7F")).verdict, Verdict::created);
  take_calm_pulse();
  ASSERT_EQ(events("baseline").size(), 1U);
  ASSERT_EQ(room.ask(request::ConfirmWearer{false}).verdict, Verdict::done);
  ASSERT_EQ(events("heart_wearer").size(), 1U);
  EXPECT_EQ(data(events("heart_wearer")[0]).at("same"), false);
  room.run(seconds{2});
  EXPECT_THAT(room.state().arousal.reason, HasSubstr("Ingen hvilepuls tatt"));
  take_calm_pulse();
  room.run(minutes{1});
  room.ask(request::StopAll{});
  EXPECT_EQ(events("baseline").size(), 1U) << "the second is somebody else's";
  EXPECT_TRUE(events("baseline_gains").empty());
}

TEST_F(Room, WhoIsErasedIsForgottenAtOnce) {
  take_calm_pulse("K7F");
  room.keep(entry::Erase{entry::Erase::What::participant, "K7F", {}, ""});
  ASSERT_EQ(room.ask(down("K7F")).verdict, Verdict::created);
  room.run(seconds{5});
  EXPECT_THAT(room.state().arousal.reason, HasSubstr("Ingen hvilepuls tatt"));
}

TEST_F(Room, WhatIsKeptOfAPersonDrawsTheCalmPulse) {
  signals::PersonMemory memory;
  for (int i = 0; i < 10; ++i) memory.calm.add_bpm(50);
  ASSERT_EQ(room.ask(down("K7F")).verdict, Verdict::created);
  ASSERT_THAT(room.recalls, testing::ElementsAre("K7F"));
  room.core.recalled("Q2M", memory);  // too late: another is here
  room.core.recalled("K7F", memory);
  take_calm_pulse();
  const auto kept = data(events("baseline")[0]);
  EXPECT_EQ(kept.at("calm_bpm").to_number<double>(), 50) << "far above the own history, which then wins";
  EXPECT_EQ(kept.at("quality"), "doubtful");
}

TEST_F(Room, AWearableThatIsFitSaysNothing) { EXPECT_EQ(room.state().heart_unfit, ""); }

TEST_F(Room, TheLevelIsForTheScreenOnlyWhereItIsSwitchedOn) { EXPECT_FALSE(room.state().show_level); }

}  // namespace
}  // namespace rytme::test
