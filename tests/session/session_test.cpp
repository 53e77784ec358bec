// SPDX-License-Identifier: Apache-2.0
// The course of a session as staff see it: start, phases, end, stop, restart.
#include "tests/session/room_fixture.hpp"

namespace rytme::session {
namespace {

using testing::HasSubstr;

TEST_F(Room, StartsWithOneTap) {
  senses = {96.0, "s1"};
  const Decision out = ask(request::StartSession{"regulate-down", {}, {}});
  EXPECT_EQ(out.answer.verdict, Verdict::created);
  EXPECT_EQ(out.answer.id, "s1");
  EXPECT_EQ(mode(), RoomMode::starting);
  EXPECT_EQ(session.next_wake(), now().steady);
  ASSERT_EQ(out.aims.size(), 1U);
  const Aim& aim = out.aims[0];
  EXPECT_EQ(aim.light, (LightScene{0.35, 2700}));
  EXPECT_EQ(aim.light_glide_s, 12);
  EXPECT_EQ(aim.volume, 0.4);
  EXPECT_EQ(aim.tempo_bpm, 95) << "the pulse of 96, in steps of 5";
  EXPECT_EQ(aim.tempo_glide_s, 60);
  EXPECT_EQ(aim.play, true);
  EXPECT_EQ(aim.direction, Direction::down);
  const auto rows = entries<entry::SessionStart>(out);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].preset_version, 3);
  EXPECT_EQ(rows[0].settings_hash, "hash");
  EXPECT_FALSE(rows[0].recording) << "as the room's settings say";
  EXPECT_TRUE(out.entries.front().urgent);
  EXPECT_EQ(out.entries.front().session, "s1");
  at(0);
  EXPECT_EQ(mode(), RoomMode::running);
  EXPECT_EQ(seen().phase, "arrive");
  EXPECT_EQ(seen().remaining_s, 900);
}

TEST_F(Room, GoesThroughItsPhasesOnTime) {
  senses.pulse_bpm = 110;
  start();
  EXPECT_EQ(seconds_between(now().steady, session.next_wake()), 60);
  senses.pulse_bpm = 80;
  const Decision lead = at(60);
  EXPECT_EQ(seen().phase, "lead");
  EXPECT_EQ(lead.aims.at(0).light, (LightScene{0.15, 2200}));
  EXPECT_EQ(lead.aims.at(0).tempo_bpm, 70) << "110 * 0.65 of the pulse at the start, in steps of 5";
  EXPECT_EQ(lead.aims.at(0).tempo_glide_s, 360);
  EXPECT_FALSE(lead.aims.at(0).volume) << "not named, so left";
  const Decision stay = at(420);
  EXPECT_EQ(seen().phase, "stay");
  EXPECT_FALSE(stay.aims.at(0).light);
  EXPECT_EQ(seen().light.target, 0.15);
  const Decision close = at(780);
  EXPECT_EQ(mode(), RoomMode::stopping);
  EXPECT_EQ(close.aims.at(0).light, (LightScene{0.4, 3500}));
  EXPECT_EQ(close.aims.at(0).volume, 0.15);
  EXPECT_THAT(event(close, "state"), HasSubstr(R"("from":"running","to":"stopping")"));
  const Decision end = at(900);
  EXPECT_EQ(mode(), RoomMode::idle);
  EXPECT_EQ(entries<entry::SessionEnd>(end).at(0).reason, "finished");
  EXPECT_EQ(end.aims.at(0).play, false);
  EXPECT_EQ(end.aims.at(0).light, (LightScene{0.4, 3500}));
  EXPECT_EQ(session.next_wake(), Instant::max());
  EXPECT_EQ(seen().session, "");
}

TEST_F(Room, ALateTickCatchesUpInOneGo) {
  start();
  const Decision out = at(785);
  EXPECT_EQ(seen().phase, "close");
  EXPECT_EQ(out.aims.size(), 1U);
  EXPECT_EQ(out.aims[0].light, (LightScene{0.4, 3500}));
  EXPECT_EQ(seen().remaining_s, 115);
  EXPECT_EQ(entries<entry::SessionEnd>(at(5000)).size(), 1U);
  EXPECT_EQ(mode(), RoomMode::idle);
}

TEST_F(Room, EndGentlyGoesToTheClosePhase) {
  start();
  t_s = 100;
  const Decision out = ask(request::EndGently{});
  EXPECT_EQ(out.answer.verdict, Verdict::done);
  EXPECT_EQ(mode(), RoomMode::stopping);
  EXPECT_EQ(seen().phase, "close");
  EXPECT_EQ(seen().remaining_s, 120);
  EXPECT_EQ(out.aims.at(0).light, (LightScene{0.4, 3500}));
  t_s = 110;
  const Decision again = ask(request::EndGently{});
  EXPECT_EQ(again.answer.verdict, Verdict::done);
  EXPECT_TRUE(again.aims.empty());
  EXPECT_EQ(seen().remaining_s, 110) << "a second one changes nothing";
  EXPECT_EQ(entries<entry::SessionEnd>(at(220)).at(0).reason, "ended");
}

TEST_F(Room, EndGentlyWithoutASessionIsAConflict) {
  EXPECT_EQ(ask(request::EndGently{}).answer.verdict, Verdict::conflict);
}

TEST_F(Room, StartIsRefusedWhileOneRuns) {
  start();
  EXPECT_EQ(start().answer.verdict, Verdict::conflict);
  EXPECT_EQ(seen().remaining_s, 900);
}

TEST_F(Room, StartChecksPresetAndCode) {
  EXPECT_EQ(ask(request::StartSession{"none", {}, {}}).answer.verdict, Verdict::unknown);
  for (const char* bad : {"k7f", "K", "TOOLONG12", "Ole Olsen", "K7\"F"})
    EXPECT_EQ(start(true, bad).answer.verdict, Verdict::refused) << bad;
  EXPECT_EQ(mode(), RoomMode::idle);
  EXPECT_EQ(start(true, "AB").answer.verdict, Verdict::created);
}

TEST_F(Room, StopAllLatchesFromEveryState) {
  for (int i = 0; i < 4; ++i) {
    if (i > 0) start();
    if (i == 2) ask(request::EndGently{});
    if (i == 3) at(t_s + 900);
    const bool on = !seen().session.empty();
    const Decision out = ask(request::StopAll{});
    EXPECT_EQ(out.answer.verdict, Verdict::done);
    EXPECT_TRUE(out.stop);
    EXPECT_TRUE(out.aims.empty());
    EXPECT_EQ(mode(), RoomMode::stopped);
    EXPECT_TRUE(urgent(out, "stop"));
    EXPECT_EQ(entries<entry::SessionEnd>(out).size(), on ? 1U : 0U);
    if (on) {
      EXPECT_EQ(entries<entry::SessionEnd>(out).at(0).reason, "stopped");
    }
    EXPECT_TRUE(ask(request::ResetStop{}).reset);
    EXPECT_EQ(mode(), RoomMode::idle);
  }
}

TEST_F(Room, WhileLatchedNothingButTheResetIsTaken) {
  ask(request::StopAll{});
  EXPECT_EQ(start().answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::SetLight{0.6, {}}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::SetVolume{0.6}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::SetMute{false}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::SetMute{true}).answer.verdict, Verdict::done);
  EXPECT_EQ(ask(request::Release{"light"}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::Undo{}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::Resume{}).answer.verdict, Verdict::conflict);
  EXPECT_TRUE(ask(request::StopAll{}).stop) << "idempotent, said again";
  EXPECT_TRUE(seen().muted);
  EXPECT_EQ(seen().light.target, 0.4);
  const Decision reset = ask(request::ResetStop{});
  EXPECT_EQ(reset.aims.at(0).play, false);
  EXPECT_EQ(reset.aims.at(0).mute, false);
  EXPECT_EQ(ask(request::ResetStop{}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(start().answer.verdict, Verdict::created);
}

TEST_F(Room, LateRequestsAreNotCarriedOutButAStopIs) {
  Asked asked{request::StartSession{"regulate-down", {}, {}}, {}, "http:tablet-1", now().steady};
  t_s = 0.1;
  EXPECT_EQ(session.handle(asked, senses, now()).answer.verdict, Verdict::late);
  EXPECT_EQ(mode(), RoomMode::idle);
  asked.what = request::StopAll{};
  EXPECT_EQ(session.handle(asked, senses, now()).answer.verdict, Verdict::done);
  EXPECT_EQ(mode(), RoomMode::stopped);
}

TEST_F(Room, NoSessionIsLongerThanTheRoomAllows) {
  senses.new_session_id = "s1";
  ask(request::StartSession{"long", {}, {}});
  at(0);
  EXPECT_EQ(seen().remaining_s, 45 * 60);
  at(43 * 60);
  EXPECT_EQ(mode(), RoomMode::stopping) << "a slow return to safe light";
  EXPECT_EQ(seen().light.target, 0.4);
  EXPECT_EQ(entries<entry::SessionEnd>(at(45 * 60)).at(0).reason, "max_length");
}

TEST_F(Room, ARestartComesUpPausedAndAsks) {
  const Decision out = session.resume_paused({"s9", "regulate-down", "K7F", true, false, 100}, now());
  EXPECT_EQ(mode(), RoomMode::paused);
  EXPECT_EQ(out.aims.at(0).light, (LightScene{0.4, 3500}));
  EXPECT_EQ(out.aims.at(0).play, false);
  EXPECT_EQ(seen().session, "s9");
  EXPECT_EQ(seen().remaining_s, 800);
  EXPECT_TRUE(at(1000).aims.empty()) << "nothing resumes by itself";
  EXPECT_EQ(seen().remaining_s, 800);
  EXPECT_EQ(start().answer.verdict, Verdict::conflict);
  const Decision resumed = ask(request::Resume{});
  EXPECT_EQ(mode(), RoomMode::running);
  EXPECT_EQ(seen().phase, "lead");
  EXPECT_EQ(seen().remaining_s, 800);
  EXPECT_EQ(resumed.aims.at(0).play, true);
  EXPECT_EQ(resumed.aims.at(0).light, (LightScene{0.15, 2200}));
  EXPECT_EQ(resumed.aims.at(0).volume, 0.4);
  EXPECT_EQ(entries<entry::SessionEnd>(at(1800)).at(0).reason, "finished");
}

TEST_F(Room, WhetherAPausedSessionRecordsIsSeenAndCanBeChanged) {
  session.resume_paused({"s9", "regulate-down", "K7F", true, false, 100}, now());
  EXPECT_TRUE(seen().recording);
  EXPECT_FALSE(session.recording()) << "and yet nothing of a body is kept before somebody goes on";
  ask(request::SetRecording{false});
  EXPECT_FALSE(seen().recording);
  ask(request::Resume{});
  EXPECT_FALSE(session.recording());
}

TEST_F(Room, AWithdrawalOutlivesTheController) {
  session.resume_paused({"s9", "regulate-down", "K7F", true, true, 100}, now());
  EXPECT_FALSE(seen().recording);
  EXPECT_EQ(ask(request::SetRecording{true}).answer.verdict, Verdict::conflict);
  ask(request::Resume{});
  EXPECT_FALSE(seen().recording);
}

TEST_F(Room, EndsInSafeLightAlsoOutsideASession) {
  ask(request::SetLight{0.0, {}});
  const Decision out = session.shutdown(now());
  ASSERT_EQ(out.aims.size(), 1U);
  EXPECT_EQ(out.aims.at(0).light, (LightScene{0.4, 3500}));
  EXPECT_EQ(out.aims.at(0).light_glide_s, 0);
}

TEST_F(Room, APausedSessionIsEndedByEndStopOrTime) {
  session.resume_paused({"s9", "regulate-down"}, now());
  EXPECT_EQ(entries<entry::SessionEnd>(ask(request::EndGently{})).at(0).reason, "ended");
  EXPECT_EQ(mode(), RoomMode::idle);
  session.resume_paused({"s9", "regulate-down"}, now());
  EXPECT_EQ(entries<entry::SessionEnd>(ask(request::StopAll{})).at(0).reason, "stopped");
  ask(request::ResetStop{});
  session.resume_paused({"s9", "regulate-down"}, now());
  EXPECT_EQ(seconds_between(now().steady, session.next_wake()), 45 * 60);
  EXPECT_EQ(entries<entry::SessionEnd>(at(t_s + 45 * 60)).at(0).reason, "max_length");
  EXPECT_EQ(entries<entry::SessionEnd>(session.resume_paused({"s9", "gone"}, now())).at(0).reason, "crash");
  EXPECT_EQ(mode(), RoomMode::idle);
}

TEST_F(Room, ShutdownEndsTheSession) {
  EXPECT_TRUE(session.shutdown(now()).entries.empty());
  start();
  const Decision out = session.shutdown(now());
  EXPECT_EQ(entries<entry::SessionEnd>(out).at(0).reason, "shutdown");
  EXPECT_EQ(out.aims.at(0).light, (LightScene{0.4, 3500}));
  EXPECT_EQ(session.session_id(), "");
}

TEST_F(Room, SafeModeTakesNothingButAStop) {
  start();
  const Decision out = session.enter_safe_mode(now());
  EXPECT_TRUE(out.stop);
  EXPECT_EQ(mode(), RoomMode::safe_mode);
  EXPECT_EQ(start().answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::SetLight{0.5, {}}).answer.verdict, Verdict::conflict);
  EXPECT_EQ(ask(request::ResetStop{}).answer.verdict, Verdict::conflict);
  EXPECT_TRUE(ask(request::StopAll{}).stop);
}

TEST_F(Room, EveryChangeOfStateIsInTheRecordWithItsCause) {
  const Decision out = start();
  EXPECT_EQ(
      event(out, "state"),
      R"({"actor":"tablet","role":"staff","actor_id":"tablet-1","origin":"http:tablet-1","from":"idle",)"
      R"("to":"starting","event":"start","reason":"session asked for"})");
  EXPECT_THAT(event(ask(request::StopAll{}), "state"), HasSubstr(R"("to":"stopped")"));
  EXPECT_THAT(event(ask(request::ResetStop{}), "state"), HasSubstr(R"("to":"idle")"));
}

}  // namespace
}  // namespace rytme::session
