// SPDX-License-Identifier: Apache-2.0
#include "controller/player/player_device.hpp"

#include <map>
#include <utility>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "tests/player/fake_track.hpp"

namespace rytme::player {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Track track(std::string id, double bpm, double confidence = 0.9) {
  Track out;
  out.id = out.file = out.title = std::move(id);
  out.bpm = bpm;
  out.bpm_confidence = confidence;
  out.duration_s = 600;
  out.loudness_lufs = -20;
  return out;
}

// A player, its broker and its ears, under a simulated clock.
class PlayerDeviceTest : public testing::Test {
 protected:
  PlayerDeviceTest() {
    device.output_delay(0.02);
    device.broker(true, now);
    Library music;
    music.tracks = {track("slow", 60), track("slow-too", 62), track("quick", 120), track("rubato", 60, 0.2)};
    device.library(music, true);
    hear(0.05);
  }

  void set(const std::string& property, const std::string& value, bool retained = false, double age_s = 0) {
    std::vector<MqttPublish> out;
    device.receive({"homie/5/player1/player/" + property + "/set", value, retained, now - seconds(age_s)},
                   now, out);
    take(out);
  }
  // Renders, ticks and listens; the highest sample of the last 1.1 s.
  double hear(double for_s) {
    std::vector<float> peaks;
    for (double t_s = 0; t_s < for_s; t_s += block_s) {
      Block block;
      engine.render(block);
      float peak = 0;
      for (const auto& frame : block) peak = std::max(peak, std::abs(frame.left));
      peaks.push_back(peak);
      now += seconds(block_s);
      if (++blocks % 10 != 0) continue;
      std::vector<MqttPublish> out;
      device.tick(now, out);
      take(out);
    }
    return *std::max_element(peaks.end() - std::min<std::ptrdiff_t>(220, std::ssize(peaks)), peaks.end());
  }
  void take(const std::vector<MqttPublish>& out) {
    for (const auto& message : out)
      told[message.topic.substr(std::string("homie/5/player1/player/").size())] = message.payload;
  }
  void controller(const std::string& state) {
    std::vector<MqttPublish> out;
    device.receive({"homie/5/rytme-rom1/$state", state, true, now}, now, out);
  }

  Instant now{};
  long blocks{};
  Engine engine{-12};
  std::map<std::string, std::shared_ptr<FakeTape>> tapes;
  std::vector<std::string> opened;
  PlayerDevice device{{"player1", "rom1"}, engine, [this](const Track& wanted, double speed) {
                        opened.push_back(wanted.id);
                        auto& tape = tapes[wanted.id];
                        if (!tape) tape = std::make_shared<FakeTape>();
                        tape->speed = speed;
                        return std::make_unique<FakeTrack>(tape);
                      }};
  std::map<std::string, std::string> told;
};

TEST_F(PlayerDeviceTest, SoundsOnDayOneWithoutAnyRecording) {
  device.library({}, true);
  set("volume", "50");
  set("play", "true");
  EXPECT_GT(hear(8), 0.05);
  EXPECT_EQ(told["status"], "playing");
  EXPECT_EQ(told["source"], "");  // as announced: heartbeat
  EXPECT_EQ(told["play"], "true");
  EXPECT_EQ(told["volume/$target"], "50");
  EXPECT_EQ(told["volume"], "50");
  EXPECT_EQ(told["offered"], "[]");
}

TEST_F(PlayerDeviceTest, TellsAVolumeAndATempoOnTheirWay) {
  set("volume", "100");
  set("play", "true");
  hear(1);
  const double on_its_way = std::stod(told["volume"]);
  EXPECT_GT(on_its_way, 1);
  EXPECT_LT(on_its_way, 10);
  set("bpm", "80");
  hear(1);
  EXPECT_NEAR(std::stod(told["bpm"]), 60.6, 0.2);
  hear(40);
  EXPECT_EQ(told["volume"], "100");
  EXPECT_EQ(told["bpm"], "80");
}

TEST_F(PlayerDeviceTest, TellsWhereTheBeatIsThatIsHeard) {
  set("volume", "100");
  set("play", "true");
  hear(9);
  ASSERT_TRUE(told.contains("phase"));
  told.erase("phase");
  for (int i = 0; i < 120 && !told.contains("phase"); ++i) hear(0.05);
  ASSERT_TRUE(told.contains("phase"));
  // 60 BPM from the first block on, through the limits, heard 20 ms after it was rendered.
  const double beats = seconds_between(Instant{} + seconds(0.05), now) - 0.02 - Engine::through_s;
  EXPECT_NEAR(std::stod(told["phase"]), beats - std::floor(beats), 0.01);
}

TEST_F(PlayerDeviceTest, APulseIsTheOneThatWasLastNamed) {
  set("source", "pulse");
  EXPECT_EQ(engine.wanted_source(), (Source{SourceKind::pulse, Timbre::heartbeat}));
  EXPECT_EQ(told["source"], "pulse");
  set("source", "shaker");
  set("source", "silence");
  set("source", "pulse");
  EXPECT_EQ(engine.wanted_source(), (Source{SourceKind::pulse, Timbre::shaker}));
}

TEST_F(PlayerDeviceTest, RefusesWhatIsRetainedOutOfRangeUnknownOrLate) {
  set("volume", "40", true);
  set("volume", "101");
  set("bpm", "19.9");
  set("bpm", "nan");
  set("source", "drums");
  set("track", "no-such");
  set("status", "playing");
  EXPECT_EQ(device.counters().refused, 7U);
  set("volume", "40", false, 5.1);
  set("play", "true", false, 6);
  EXPECT_EQ(device.counters().late, 2U);
  hear(1);
  EXPECT_FALSE(told.contains("volume/$target"));
  EXPECT_EQ(told["status"], "");
}

TEST_F(PlayerDeviceTest, SilenceIsNeverTooLate) {
  set("volume", "100");
  set("play", "true");
  EXPECT_GT(hear(9), 0.1);
  set("mute", "true", false, 60);
  EXPECT_LT(hear(1.5), 1e-3);
  EXPECT_EQ(told["mute"], "true");
}

TEST_F(PlayerDeviceTest, WhatItIsToldAgainItSaysAgain) {
  set("mute", "true");
  told.clear();
  set("mute", "true");
  EXPECT_EQ(told["mute"], "true") << "a stop waits for it";
}

TEST_F(PlayerDeviceTest, WithNobodyInChargeThePulseHoldsThenFades) {
  set("volume", "100");
  set("play", "true");
  const double before = hear(10);
  device.broker(false, now);
  EXPECT_NEAR(hear(29), before, before / 10);
  const double fading = hear(6);
  EXPECT_LT(fading, before / 2);
  EXPECT_GT(fading, before / 30);
  EXPECT_LT(hear(9), 1e-3);
  EXPECT_EQ(told["play"], "false");
  EXPECT_EQ(told["status"], "stopped");
  device.broker(true, now);
  EXPECT_LT(hear(3), 1e-3);  // it does not begin again by itself
}

TEST_F(PlayerDeviceTest, AControllerThatIsLostIsNobodyInChargeToo) {
  set("volume", "100");
  set("play", "true");
  const double before = hear(10);
  controller("lost");
  EXPECT_NEAR(hear(20), before, before / 10);
  controller("init");
  controller("ready");
  EXPECT_NEAR(hear(40), before, before / 10);
  controller("disconnected");
  EXPECT_LT(hear(45), 1e-3);
}

TEST_F(PlayerDeviceTest, OffersTracksFromTwentyPercentSlowerToFifteenFaster) {
  const auto ids = [&] {
    hear(0.3);
    std::vector<std::string> out;
    const auto rows = boost::json::parse(told["offered"]);
    for (const auto& row : rows.as_array()) out.emplace_back(row.at("id").as_string());
    return out;
  };
  set("bpm", "60");
  EXPECT_THAT(ids(), ElementsAre("slow", "slow-too"));
  set("bpm", "69.5");
  EXPECT_THAT(ids(), ElementsAre("slow-too"));
  set("bpm", "48");
  EXPECT_THAT(ids(), ElementsAre("slow"));
  set("bpm", "47");
  EXPECT_THAT(ids(), IsEmpty());
  set("bpm", "100");
  EXPECT_THAT(ids(), ElementsAre("quick"));
}

TEST_F(PlayerDeviceTest, TheParticipantChoosesAndTheNextFollowsBeforeTheEnd) {
  set("source", "library");
  set("track", "slow-too");
  set("volume", "100");
  set("play", "true");
  hear(3);
  EXPECT_EQ(told["track"], "slow-too");
  EXPECT_NEAR(tapes["slow-too"]->speed, 60.0 / 62, 0.005);
  tapes["slow-too"]->position_s = 592;
  hear(2);
  EXPECT_EQ(told["track"], "slow");
}

TEST_F(PlayerDeviceTest, ATempoThatATrackCannotKeepBringsAnother) {
  set("source", "library");
  set("volume", "100");
  set("play", "true");
  hear(2);
  EXPECT_EQ(told["track"], "slow");
  set("bpm", "110");
  hear(70);
  EXPECT_EQ(told["track"], "quick");
  EXPECT_EQ(told["status"], "playing");
}

TEST_F(PlayerDeviceTest, AnUnreadableTrackIsToldAndThePulseGoesOn) {
  for (const auto* id : {"slow", "slow-too"}) {
    tapes[id] = std::make_shared<FakeTape>();
    tapes[id]->health = TrackSource::Health::broken;
  }
  set("volume", "100");
  set("play", "true");
  hear(9);
  set("source", "library");
  EXPECT_GT(hear(6), 0.1);
  EXPECT_EQ(told["status"], "track_unreadable");
  EXPECT_EQ(device.counters().tracks_failed, 2U);
  EXPECT_EQ(opened.size(), 2U);  // and not again and again
}

TEST_F(PlayerDeviceTest, ATrackThatBreaksOrNeverOpensLeavesToTheNextOrToThePulse) {
  tapes["slow"] = std::make_shared<FakeTape>();
  tapes["slow-too"] = std::make_shared<FakeTape>();
  tapes["slow-too"]->health = TrackSource::Health::opening;
  set("source", "library");
  set("volume", "100");
  set("play", "true");
  EXPECT_GT(hear(9), 0.03);
  tapes["slow"]->health = TrackSource::Health::broken;
  EXPECT_GT(hear(15), 0.1);
  EXPECT_EQ(told["status"], "track_unreadable");
  EXPECT_EQ(told["track"], "none");
}

TEST_F(PlayerDeviceTest, ALibraryThatIsGoneIsToldAndThePulseGoesOn) {
  Library music;
  music.tracks = {track("slow", 60)};
  device.library(music, false);
  set("source", "library");
  set("volume", "100");
  set("play", "true");
  EXPECT_GT(hear(9), 0.1);
  EXPECT_EQ(told["status"], "library_missing");
  device.library(music, true);
  hear(2);
  EXPECT_EQ(told["status"], "playing");
  EXPECT_EQ(told["track"], "slow");
}

TEST_F(PlayerDeviceTest, NoSoundDeviceIsTold) {
  device.output_delay(std::nullopt);
  hear(0.5);
  EXPECT_EQ(told["status"], "output_missing");
}

TEST_F(PlayerDeviceTest, SourcesChangeByACrossfadeOfFourSeconds) {
  set("volume", "100");
  set("play", "true");
  hear(12);
  set("source", "library");
  hear(2.5);
  const double half_way = hear(0.5);
  EXPECT_GT(half_way, 0.03);
  EXPECT_EQ(told["track"], "slow");
  hear(4);
  const double music = 0.1 * amplitude_of(track_lufs + 20);
  EXPECT_NEAR(hear(1), music, music / 20);  // the pulse is gone
  set("source", "silence");
  EXPECT_GT(hear(2.5), music / 3);
  hear(4);
  EXPECT_LT(hear(1), 1e-4);
  EXPECT_EQ(told["status"], "silent");
}

}  // namespace
}  // namespace rytme::player
