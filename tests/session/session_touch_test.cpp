// SPDX-License-Identifier: Apache-2.0
// Touch wins: hands on the room, undo, and handing back.
#include <limits>

#include "tests/session/room_fixture.hpp"

namespace rytme::session {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST_F(Room, ATouchedLightIsNotMovedByThePhases) {
  start();
  const Decision touched = ask(request::SetLight{0.8, 4000.0});
  EXPECT_EQ(touched.answer.verdict, Verdict::done);
  EXPECT_EQ(touched.aims.at(0).light, (LightScene{0.8, 4000}));
  EXPECT_EQ(touched.aims.at(0).origin, "http:tablet-1");
  EXPECT_THAT(event(touched, "manual"),
              HasSubstr(R"("value":0.8,"cct_k":4000,"channel":"light","actor":"tablet")"));
  EXPECT_THAT(seen().manual, ElementsAre("light"));
  const Decision lead = at(60);
  EXPECT_FALSE(lead.aims.at(0).light);
  EXPECT_TRUE(lead.aims.at(0).tempo_bpm) << "the others go on";
  EXPECT_EQ(seen().light.target, 0.8);
}

TEST_F(Room, ReleaseHandsBackToThePresentPhase) {
  start();
  ask(request::SetLight{0.8, {}});
  ask(request::SetTempo{100});
  ask(request::SetVolume{0.9});
  EXPECT_THAT(seen().manual, ElementsAre("light", "volume", "tempo"));
  at(60);
  t_s = 120;
  const Decision light = ask(request::Release{"light"});
  EXPECT_EQ(light.aims.at(0).light, (LightScene{0.15, 2200}));
  EXPECT_FALSE(light.aims.at(0).volume);
  const Decision tempo = ask(request::Release{"tempo"});
  EXPECT_TRUE(tempo.aims.at(0).tempo_bpm);
  EXPECT_EQ(tempo.aims.at(0).tempo_glide_s, 300) << "what is left of the phase";
  EXPECT_EQ(ask(request::Release{"volume"}).aims.at(0).volume, 0.4)
      << "named by an earlier phase, still wanted";
  EXPECT_THAT(seen().manual, IsEmpty());
  EXPECT_EQ(ask(request::Release{"smell"}).answer.verdict, Verdict::unknown);
  EXPECT_TRUE(ask(request::Release{"light"}).aims.empty()) << "was not manual";
}

TEST_F(Room, TouchEndsWithTheSession) {
  start();
  ask(request::SetLight{0.8, {}});
  EXPECT_EQ(at(2000).aims.at(0).light, (LightScene{0.4, 3500}));
  EXPECT_THAT(seen().manual, IsEmpty());
}

TEST_F(Room, AStartTakesTheChannelsBack) {
  ask(request::SetLight{0.8, {}});
  EXPECT_THAT(seen().manual, ElementsAre("light"));
  EXPECT_TRUE(start().aims.at(0).light);
  EXPECT_THAT(seen().manual, IsEmpty());
}

TEST_F(Room, LightsOnWorksInAnIdleRoom) {
  EXPECT_EQ(ask(request::SetLight{0.6, {}}).aims.at(0).light->level, 0.6);
  EXPECT_EQ(ask(request::Release{"light"}).aims.at(0).light, (LightScene{0.4, 3500}));
}

TEST_F(Room, UndoGoesBackForTenSeconds) {
  ask(request::SetLight{0.6, 3000.0});
  t_s = 20;
  ask(request::SetLight{0.9, {}});
  t_s = 29;
  const Decision out = ask(request::Undo{});
  EXPECT_EQ(out.aims.at(0).light, (LightScene{0.6, 3000}));
  EXPECT_GT(out.aims.at(0).light_glide_s, 0);
  EXPECT_EQ(ask(request::Undo{}).answer.verdict, Verdict::conflict) << "once";
  ask(request::SetVolume{0.5});
  t_s = 40;
  EXPECT_EQ(ask(request::Undo{}).answer.verdict, Verdict::conflict) << "too late";
}

TEST_F(Room, UndoOfTheFirstTouchHandsBackToTheProgramme) {
  start();
  ask(request::SetLight{0.9, {}});
  EXPECT_EQ(ask(request::Undo{}).aims.at(0).light, (LightScene{0.35, 2700}));
  EXPECT_THAT(seen().manual, IsEmpty());
  ask(request::SetMute{true});
  EXPECT_TRUE(seen().muted);
  EXPECT_EQ(ask(request::Undo{}).aims.at(0).mute, false);
}

TEST_F(Room, AScreenSeesWhatCanBeUndoneAndForHowLong) {
  EXPECT_EQ(seen().undo.channel, "");
  ask(request::SetVolume{0.3});
  t_s = 4;
  EXPECT_EQ(seen().undo.channel, "volume");
  EXPECT_DOUBLE_EQ(seen().undo.left_s, 6);
  t_s = 10.1;
  EXPECT_EQ(seen().undo.left_s, 0);
  ask(request::SetMute{true});
  EXPECT_EQ(seen().undo.channel, "mute");
  ask(request::Undo{});
  EXPECT_EQ(seen().undo.channel, "");
}

TEST_F(Room, UndoDoesNotReachBehindAStop) {
  ask(request::SetLight{0.9, {}});
  stop_and_reset();
  EXPECT_EQ(ask(request::Undo{}).answer.verdict, Verdict::conflict);
}

TEST_F(Room, MuteWorksInEveryOpenState) {
  EXPECT_EQ(ask(request::SetMute{true}).aims.at(0).mute, true);
  start();
  EXPECT_TRUE(seen().muted) << "a start does not undo a hand";
  EXPECT_EQ(ask(request::SetMute{false}).aims.at(0).mute, false);
  ask(request::EndGently{});
  EXPECT_EQ(ask(request::SetMute{true}).aims.at(0).mute, true);
}

TEST_F(Room, SourceIsTheYoungPersonsChoice) {
  start();
  EXPECT_EQ(ask(request::SetSource{"waves"}).aims.at(0).source, "waves");
  EXPECT_EQ(seen().source, "waves");
  EXPECT_THAT(seen().manual, ElementsAre("source"));
  ask(request::SetSource{"drums"});
  EXPECT_EQ(ask(request::Undo{}).aims.at(0).source, "waves");
}

TEST_F(Room, WhatPlayedBeforeAnybodyChoseCanBeGoneBackTo) {
  senses.source = "heartbeat";
  start();
  ask(request::SetSource{"drum"});
  EXPECT_EQ(ask(request::Undo{}).aims.at(0).source, "heartbeat");
  EXPECT_EQ(seen().source, "heartbeat");
  EXPECT_THAT(seen().manual, IsEmpty());
  senses.source = "drum";  // the player has not answered yet
  ask(request::SetSource{"wood"});
  EXPECT_EQ(ask(request::Release{"source"}).aims.at(0).source, "heartbeat");
}

TEST_F(Room, LightsOnIsDoneAfterAStop) {
  ask(request::StopAll{});
  const Decision out = ask(request::SetLight{0.4, 3500.0});
  EXPECT_EQ(out.answer.verdict, Verdict::done) << "it is there already";
  EXPECT_TRUE(out.aims.empty());
  EXPECT_EQ(ask(request::SetLight{0.5, 3500.0}).answer.verdict, Verdict::conflict);
}

TEST_F(Room, ATrackOfTheLibraryIsASourceToo) {
  start();
  EXPECT_EQ(ask(request::SetSource{"library:sea-60"}).aims.at(0).source, "library:sea-60");
  for (const char* bad : {"library:", "pulse:sea-60", "library:sea:60", "library:sea 60"})
    EXPECT_EQ(ask(request::SetSource{bad}).answer.verdict, Verdict::refused) << bad;
}

TEST_F(Room, ValuesOutOfRangeAreRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double bad : {-0.1, 1.1, nan, std::numeric_limits<double>::infinity()}) {
    EXPECT_EQ(ask(request::SetLight{bad, {}}).answer.verdict, Verdict::refused);
    EXPECT_EQ(ask(request::SetVolume{bad}).answer.verdict, Verdict::refused);
    EXPECT_EQ(ask(request::SetTempo{bad}).answer.verdict, Verdict::refused);
  }
  EXPECT_EQ(ask(request::SetLight{0.5, nan}).answer.verdict, Verdict::refused);
  EXPECT_EQ(ask(request::SetTempo{141}).answer.verdict, Verdict::refused);
  EXPECT_EQ(ask(request::SetSource{""}).answer.verdict, Verdict::refused);
  EXPECT_THAT(seen().manual, IsEmpty());
}

TEST_F(Room, BothTabletsSeeWhoWasLast) {
  start();
  ask(request::SetLight{0.5, {}});
  Asked other{request::SetLight{0.6, {}}, {ActorKind::tablet, Role::staff, "tablet-2"}, "http:tablet-2"};
  session.handle(other, senses, now());
  EXPECT_EQ(seen().origin, "http:tablet-2");
  EXPECT_EQ(seen().light.target, 0.6);
}

}  // namespace
}  // namespace rytme::session
