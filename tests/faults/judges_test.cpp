// SPDX-License-Identifier: Apache-2.0
// The judges of the fault lives on what they have to find, and on what is right.
#include <map>

#include <gtest/gtest.h>

#include "tests/faults/lamp_judge.hpp"
#include "tests/faults/player_judge.hpp"
#include "tests/faults/red.hpp"
#include "tests/faults/session_judge.hpp"

namespace rytme::test {
namespace {

class Judges : public testing::Test {
 protected:
  Report report() {
    return [this](const std::string& judge, const std::string&) { ++said_[judge]; };
  }
  // A lamp that jumps, or fades over so long, between two levels.
  void swing_light(double high, double low, double fade_s, int times) {
    double from = low, to = low;
    Instant begun{};
    LampJudge judge({"lamp", LightCurve::linear, 1.0 / 254, false,
                     [&](Instant at) {
                       const double share = fade_s > 0 ? seconds_between(begun, at) / fade_s : 1;
                       return from + (to - from) * std::clamp(share, 0.0, 1.0);
                     }},
                    report());
    judge.own_change(now_);
    for (int i = 0; i < times; ++i) {
      judge.before_command(now_);
      from = to;
      to = i % 2 == 0 ? high : low;
      begun = now_;
      judge.after_command(now_, false);
      now_ += std::max(seconds(fade_s), seconds(0.2));
    }
    judge.before_command(now_);
    judge.judge();
  }

  std::map<std::string, int> said_;
  Instant now_{Instant{} + std::chrono::hours{1}};
};

TEST_F(Judges, LightThatSwingsTwiceASecondIsAFlash) {
  swing_light(0.5, 0.3, 0.2, 12);
  EXPECT_GT(said_["flash"], 0);
  EXPECT_GT(said_["slew"], 0);
}

TEST_F(Judges, LightThatJumpsOnceIsAStep) {
  swing_light(0.5, 0.3, 0, 1);
  EXPECT_EQ(said_["flash"], 0);
  EXPECT_GT(said_["light step"], 0);
}

TEST_F(Judges, LightThatGlidesIsFine) {
  swing_light(0.8, 0.2, 4, 10);
  EXPECT_TRUE(said_.empty());
}

TEST_F(Judges, SoundThatBeginsLoudOrJumpsIsHeard) {
  PlayerJudge judge(report());
  judge.told("volume", "40", now_);
  EXPECT_TRUE(said_.empty());
  judge.told("play", "true", now_);
  EXPECT_EQ(said_["sound"], 1);
  PlayerJudge gentle(report());
  gentle.told("volume", "1", now_);
  gentle.told("play", "true", now_);
  for (double percent = 1; percent < 40; percent *= 1.148) {
    gentle.told("volume", std::to_string(percent), now_);
    now_ += std::chrono::milliseconds{200};
  }
  EXPECT_EQ(said_["sound"], 1);
  gentle.told("volume", "80", now_);
  EXPECT_EQ(said_["sound"], 2);
}

TEST_F(Judges, TempoThatRunsIsHeardWhereItIsHeard) {
  PlayerJudge judge(report());
  judge.told("bpm", "120", now_);  // in silence
  judge.told("volume", "1", now_);
  judge.told("play", "true", now_);
  judge.told("volume", "1.1", now_);
  for (double bpm = 119; bpm > 110; bpm -= 1) {
    now_ += std::chrono::seconds{1};
    judge.told("bpm", std::to_string(bpm), now_);
  }
  EXPECT_TRUE(said_.empty());
  judge.told("bpm", "108", now_);
  EXPECT_EQ(said_["tempo"], 1);
  judge.told("bpm", "15", now_ + std::chrono::minutes{10});
  EXPECT_EQ(said_["tempo"], 3) << "out of its range, and a jump";
}

TEST_F(Judges, RedIsRedAsAColourAndAsAVeryWarmWhite) {
  const auto red = [](const char* text) { return is_red(boost::json::parse(text).as_object()); };
  EXPECT_TRUE(red(R"({"color":{"x":0.68,"y":0.31}})"));
  EXPECT_TRUE(red(R"({"color":{"hue":0,"saturation":100}})"));
  EXPECT_TRUE(red(R"({"color_temp":700})"));
  EXPECT_FALSE(red(R"({"color_temp":500})"));
  EXPECT_FALSE(red(R"({"color_temp":250})"));
  EXPECT_FALSE(red(R"({"color":{"hue":0,"saturation":50}})"));
  EXPECT_FALSE(red(R"({"color":{"hue":240,"saturation":100}})"));
}

TEST_F(Judges, ASessionWithoutAnEndIsSeen) {
  SessionJudge judge(report());
  JournalEntry start;
  start.at.steady = now_;
  start.session = "a";
  start.what = entry::SessionStart{"a", "", "regulate-down", 1, true, "", ""};
  judge.take(start);
  judge.look(now_ + std::chrono::minutes{45}, std::chrono::minutes{45});
  EXPECT_TRUE(said_.empty());
  judge.look(now_ + std::chrono::minutes{46}, std::chrono::minutes{45});
  EXPECT_EQ(said_["session"], 1);
}

}  // namespace
}  // namespace rytme::test
