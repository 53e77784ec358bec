// SPDX-License-Identifier: Apache-2.0
// A player that says its volume begins to sound when it has said that it is quiet.
#include <string>

#include <gtest/gtest.h>

#include "controller/safety/last_stage.hpp"

namespace rytme::safety {
namespace {

Instant at(double s) { return Instant{} + seconds(1000 + s); }

Aim play(const std::string& source = "heartbeat") {
  Aim aim;
  aim.play = true;
  aim.volume = 0.2;
  aim.source = source;
  return aim;
}

class QuietFirst : public testing::Test {
 protected:
  QuietFirst() : stage_({player()}, {}) { stage_.observed_volume(7, 0.3, at(-10)); }

  static Fixture player() {
    Fixture fixture;
    fixture.device = 7;
    fixture.is_player = true;
    return fixture;
  }

  // "volume 0.010 play 1 ", as told up to and with this moment.
  std::string told(double s) {
    std::string words;
    for (int i = 0; i < 20 && stage_.next_wake() <= at(s); ++i) {
      const auto now = std::max(stage_.next_wake(), last_);
      last_ = now;
      for (const Sent& sent : stage_.due(now))
        for (const Setting& one : sent.command.settings) {
          if (one.capability == Capability::player_volume) words += one.value < 0.0101 ? "quiet " : "louder ";
          if (one.capability == Capability::player_play) words += one.value > 0 ? "play " : "pause ";
          if (one.capability == Capability::player_source) words += one.text + " ";
        }
    }
    last_ = at(s);
    return words;
  }

  LastStage stage_;
  Instant last_{at(-100)};
};

TEST_F(QuietFirst, ItIsToldToPlayWhenItHasSaidThatItIsQuiet) {
  stage_.aim(play(), at(0));
  EXPECT_EQ(told(0), "quiet ");
  EXPECT_EQ(told(0.9), "");
  stage_.observed_volume(7, 0.01, at(0.9));
  EXPECT_EQ(told(0.9), "heartbeat play ");
  EXPECT_EQ(told(1.09), "") << "the fade in begins with the sound";
  EXPECT_EQ(told(1.2), "louder ");
}

TEST_F(QuietFirst, ItIsToldAgainEachSecondAndBelievedAfterFive) {
  stage_.aim(play(), at(0));
  told(0);
  stage_.observed_volume(7, 0.25, at(0.5));
  EXPECT_EQ(told(0.99), "") << "that was not it";
  EXPECT_EQ(told(1), "quiet ");
  EXPECT_EQ(told(4), "quiet quiet quiet ");
  EXPECT_EQ(told(5), "heartbeat play ");
}

TEST_F(QuietFirst, OneThatIsQuietAlreadyBeginsAtOnce) {
  stage_.observed_volume(7, 0.0149, at(-1));
  stage_.aim(play(), at(0));
  EXPECT_EQ(told(0), "quiet heartbeat play ");
}

TEST_F(QuietFirst, OneThatIsALittleLouderIsNot) {
  stage_.observed_volume(7, 0.0151, at(-1));
  stage_.aim(play(), at(0));
  EXPECT_EQ(told(0), "quiet ");
}

TEST_F(QuietFirst, AnotherSourceWaitsAsWell) {
  stage_.observed_volume(7, 0.01, at(-1));
  stage_.aim(play(), at(0));
  told(0);
  for (double s = 0.2; s < 8; s += 0.2) told(s);
  stage_.observed_volume(7, 0.2, at(10));
  stage_.aim(play("drum"), at(10));
  EXPECT_EQ(told(10.5), "quiet ");
  stage_.observed_volume(7, 0.0, at(10.6));
  EXPECT_EQ(told(10.6), "drum ");
}

TEST_F(QuietFirst, AStopWaitsForNobody) {
  stage_.aim(play(), at(0));
  told(0);
  stage_.stop(at(0.1), "page");
  EXPECT_EQ(stage_.next_wake(), at(0.1));
  EXPECT_EQ(told(0.1), "");
  EXPECT_EQ(told(20), "") << "and nothing begins afterwards";
}

TEST_F(QuietFirst, AStopThatIsTakenBackAtOnceAsksAnew) {
  Aim fast = play();
  fast.tempo_bpm = 90;
  stage_.aim(fast, at(0));
  told(0);
  stage_.observed_volume(7, 0.01, at(0.1));
  stage_.stop(at(0.1), "page");
  stage_.reset(at(0.1));
  Aim again = play();
  again.mute = false;
  stage_.aim(again, at(0.1));
  bool tempo = false, quiet = false, begun_unasked = false;
  for (const Sent& sent : stage_.due(at(0.1)))
    for (const Setting& one : sent.command.settings) {
      if (one.capability == Capability::player_bpm) tempo = true;
      if (one.capability == Capability::player_volume) quiet = true;
      begun_unasked = begun_unasked || (one.capability == Capability::player_play && !(tempo && quiet));
    }
  EXPECT_TRUE(quiet);
  EXPECT_FALSE(begun_unasked) << "or it would go on at 90";
}

TEST_F(QuietFirst, ThatTheRoomLooksMoreOftenHurriesNothing) {
  stage_.aim(play(), at(0));
  told(0);
  for (const double s : {0.2, 0.5, 0.99}) EXPECT_TRUE(stage_.due(at(s)).empty()) << s;
  EXPECT_FALSE(stage_.due(at(1)).empty());
}

TEST_F(QuietFirst, WhoHasChangedTheirMindIsNotWaitedFor) {
  stage_.aim(play(), at(0));
  told(0);
  Aim off;
  off.play = false;
  stage_.aim(off, at(0.1));
  EXPECT_EQ(told(0.1), "pause heartbeat ");
  stage_.observed_volume(7, 0.01, at(0.2));
  EXPECT_EQ(told(5), "");
}

TEST_F(QuietFirst, WhoWantsItAgainBeginsAnew) {
  stage_.aim(play(), at(0));
  told(0);
  Aim off;
  off.play = false;
  stage_.aim(off, at(0.1));
  told(0.1);
  stage_.aim(play(), at(0.2));
  EXPECT_EQ(told(0.2), "quiet ") << "and not when the first wait would have ended";
}

TEST_F(QuietFirst, APlayerThatCameBackIsAskedFromTheBeginning) {
  stage_.aim(play(), at(0));
  told(4);
  stage_.reassert(7, at(4.5));
  EXPECT_EQ(told(4.5), "quiet ");
  EXPECT_EQ(told(8.5), "quiet quiet quiet quiet ");
  EXPECT_EQ(told(9.5), "heartbeat play ");
}

TEST_F(QuietFirst, WhatIsNoVolumeIsNotHeard) {
  stage_.aim(play(), at(0));
  told(0);
  stage_.observed_volume(7, -1, at(0.5));
  stage_.observed_volume(8, 0, at(0.5));
  EXPECT_EQ(told(0.5), "");
}

}  // namespace
}  // namespace rytme::safety
