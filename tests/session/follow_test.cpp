// SPDX-License-Identifier: Apache-2.0
// Following the index and the swing: the rules by themselves, and the session that keeps them.
#include "controller/session/follow.hpp"

#include <cmath>
#include <numbers>

#include "tests/session/room_fixture.hpp"

namespace rytme::session {
namespace {

using Step = PaceFollow::Step;
using testing::HasSubstr;

Instant at_s(double t_s) { return Instant{} + seconds(100 + t_s); }
ArousalSense sure(int level) { return {level, 1.0, 0.8, Response::none}; }

TEST(PaceFollow, ADescentIsSlowerTheHigherTheIndex) {
  double before = 1.1;
  for (const int level : {1, 2, 3, 4}) {
    PaceFollow pace(Direction::down);
    pace.step(sure(level), at_s(0));
    EXPECT_LT(pace.rate(), before) << level;
    before = pace.rate();
  }
  EXPECT_GT(before, 0) << "it never stands still on the way down";
}

TEST(PaceFollow, WhatIsNotSureLeavesTheProgrammeAlone) {
  PaceFollow pace(Direction::down);
  EXPECT_FALSE(pace.step({4, 1.0, 0.59, Response::none}, at_s(0)));
  EXPECT_FALSE(pace.step({std::nullopt, std::nullopt, 0.9, Response::none}, at_s(1)));
  EXPECT_TRUE(pace.step({4, 1.0, 0.6, Response::none}, at_s(2)));
}

TEST(PaceFollow, WhenTheIndexIsLostThePaceHoldsAndThenGoesBack) {
  PaceFollow pace(Direction::down);
  pace.step(sure(4), at_s(0));
  const double slow = pace.rate();
  EXPECT_FALSE(pace.step({std::nullopt, std::nullopt, 0, Response::hold}, at_s(20)));
  EXPECT_EQ(pace.rate(), slow);
  EXPECT_TRUE(pace.step({std::nullopt, std::nullopt, 0, Response::baseline}, at_s(30)));
  EXPECT_EQ(pace.rate(), 1);
}

TEST(PaceFollow, WhatTheLadderHasNotLookedAtYetIsHeld) {
  PaceFollow pace(Direction::up);
  pace.step(sure(4), at_s(0));
  EXPECT_FALSE(pace.step({4, 1.0, 0.5, Response::none}, at_s(1)));
  EXPECT_EQ(pace.step(), Step::hold);
}

TEST(PaceFollow, ThePaceDoesNotChangeTwiceInTenSeconds) {
  PaceFollow pace(Direction::down);
  ASSERT_TRUE(pace.step(sure(4), at_s(0)));
  EXPECT_FALSE(pace.step(sure(0), at_s(9)));
  EXPECT_TRUE(pace.step(sure(0), at_s(10)));
}

TEST(PaceFollow, UpwardsItHoldsAboveTheCeilingThenLeadsDownForGood) {
  PaceFollow pace(Direction::up);
  EXPECT_FALSE(pace.step(sure(2), at_s(0)));
  ASSERT_TRUE(pace.step(sure(3), at_s(1)));
  EXPECT_EQ(pace.step(), Step::hold);
  EXPECT_FALSE(pace.step(sure(3), at_s(60)));
  ASSERT_TRUE(pace.step(sure(3), at_s(61)));
  EXPECT_EQ(pace.step(), Step::lead_down);
  EXPECT_FALSE(pace.step(sure(0), at_s(300)));
}

TEST(PaceFollow, UpwardsItGoesOnWhenTheIndexIsBelowTheCeilingAgain) {
  PaceFollow pace(Direction::up);
  pace.step(sure(3), at_s(0));
  EXPECT_FALSE(pace.step(sure(2), at_s(9)));
  EXPECT_FALSE(pace.step(sure(2), at_s(18)));
  ASSERT_TRUE(pace.step(sure(2), at_s(19))) << "for ten seconds";
  EXPECT_EQ(pace.step(), Step::programme);
}

TEST(PaceFollow, UpwardsAHoldThatLosesItsEyesGoesDownAndNotOn) {
  PaceFollow pace(Direction::up);
  pace.step(sure(4), at_s(0));
  EXPECT_FALSE(pace.step({std::nullopt, std::nullopt, 0, Response::hold}, at_s(5)));
  ASSERT_TRUE(pace.step({std::nullopt, std::nullopt, 0, Response::baseline}, at_s(15)));
  EXPECT_EQ(pace.step(), Step::lead_down);
}

// A beat that runs as the lock asks, but no faster than the last stage lets it.
struct Beating {
  double bpm{80}, phase{0.3};
  void run(double wanted, double dt_s) {
    const double most = 0.01 * bpm * dt_s;
    bpm += std::clamp(wanted - bpm, -most, most);
    phase += bpm / 60 * dt_s;
    phase -= std::floor(phase);
  }
};

TEST(SwingLock, TheBeatFallsOnTheTurningPointsFromAnyBeginning) {
  for (const double hz : {0.32, 0.335, 0.35}) {
    for (const double start : {0.0, 0.25, 0.5, 0.75}) {
      SwingLock lock;
      Beating beat{hz * 4 * 60 * 1.03, start};
      const double programme = beat.bpm;
      double error = 180;
      int beats = 0;
      for (double t = 0; t < 8 / hz; t += 1) {
        const double turns = hz * t;
        const SwingSense swing{hz, 2 * std::numbers::pi * (turns - std::round(turns)), true};
        const auto decision = lock.step({swing, programme, beat.phase});
        ASSERT_TRUE(decision.locked) << hz << " " << t;
        EXPECT_NEAR(decision.bpm, programme, 0.08 * programme + 1e-9);
        error = decision.error_deg;
        beats = decision.beats;
        beat.run(decision.bpm, 1);
      }
      EXPECT_EQ(beats, 4);
      EXPECT_LT(std::abs(error), 10) << hz << " from " << start;
    }
  }
}

TEST(SwingLock, LocksToWhatIsSureAndStaysWithWhatIsKnown) {
  SwingLock lock;
  EXPECT_FALSE(lock.step({SwingSense{0.35, 0, false}, 84, 0}).locked);
  EXPECT_TRUE(lock.step({SwingSense{0.35, 0, true}, 84, 0}).locked);
  EXPECT_TRUE(lock.step({SwingSense{0.35, 0, false}, 84, 0}).locked);
  EXPECT_FALSE(lock.step({std::nullopt, 84, 0}).locked);
}

TEST(SwingLock, ASwingThatDoesNotFitTheTempoIsLeftAlone) {
  SwingLock lock;
  EXPECT_FALSE(lock.step({SwingSense{0.35, 0, true}, 73, 0}).locked);
  EXPECT_FALSE(lock.step({std::nullopt, 84, 0}).locked);
  EXPECT_TRUE(lock.step({SwingSense{0.35, 0, true}, 84, 0}).locked);
  EXPECT_TRUE(lock.step({SwingSense{0.35, 0, true}, 78.6, 0}).locked) << "6.9 % off: it stays";
  const auto freed = lock.step({SwingSense{0.35, 0, true}, 77, 0});
  EXPECT_FALSE(freed.locked);
  EXPECT_TRUE(freed.changed);
  EXPECT_EQ(freed.bpm, 77);
}

class Following : public Room {
 protected:
  void level(std::optional<int> value) {
    senses.arousal = {value, value ? std::optional(1.0) : std::nullopt, value ? 0.9 : 0.0, Response::none};
  }
  // Every second from now on; what was asked of tempo last.
  std::optional<double> run_to(double end_s) {
    std::optional<double> tempo;
    for (; t_s < end_s; t_s += 1)
      for (const Aim& aim : session.tick(senses, now()).aims)
        if (aim.tempo_bpm) tempo = aim.tempo_bpm;
    return tempo;
  }
};

TEST_F(Following, IsOffUnlessAskedFor) {
  start();
  EXPECT_FALSE(seen().follow.pace);
  EXPECT_FALSE(seen().follow.swing);
  level(4);
  at(61);
  EXPECT_EQ(seen().phase, "lead");
  run_to(15 * 60 + 1);
  EXPECT_EQ(mode(), RoomMode::idle) << "as long as the preset says, to the second";
}

TEST_F(Following, AHighIndexMakesTheLeadLongerOutOfTheStayAndTheSessionNoLonger) {
  start();
  ASSERT_EQ(ask(request::SetFollow{true, std::nullopt}).answer.verdict, Verdict::done);
  level(4);
  run_to(60 + 7 * 60);
  EXPECT_EQ(seen().phase, "lead") << "6 minutes long by the preset";
  EXPECT_EQ(seen().follow.pace_step, "slower");
  EXPECT_NEAR(seen().remaining_s, 15 * 60 - t_s, 2);
  run_to(13.5 * 60);
  EXPECT_EQ(seen().phase, "close");
  run_to(15 * 60 + 2);
  EXPECT_EQ(mode(), RoomMode::idle);
}

TEST_F(Following, WhatItDecidesIsJournaledWithItsReasonAndNotAtAllWhenNothingIsRecorded) {
  for (const bool recorded : {true, false}) {
    stop_and_reset();
    start(recorded);
    ask(request::SetFollow{true, std::nullopt});
    level(4);
    t_s += 1;
    const auto data = event(session.tick(senses, now()), "follow");
    if (recorded) {
      EXPECT_THAT(data, HasSubstr(R"("reason":"the index is high")"));
      EXPECT_THAT(data, HasSubstr(R"("level":4)"));
    } else {
      EXPECT_EQ(data, "") << "that the pace changed says how the body is";
      for (; t_s < 12 * 60; t_s += 1) {
        const auto out = session.tick(senses, now());
        EXPECT_EQ(event(out, "phase"), "") << "so does when a phase came";
        if (seen().follow.pace_step != "slower" || seen().phase != "lead") continue;
        ASSERT_FALSE(out.aims.empty());
        EXPECT_EQ(out.aims.back().origin, "follow") << "and each tempo on the way, " << t_s;
      }
    }
  }
}

TEST_F(Following, TheTempoGoesAtTheShareOfItsOwnPaceThatIsSaid) {
  for (const auto& [seen_level, share] : {std::pair{0, 1.0}, {2, 0.75}, {3, 0.5}, {4, 0.25}}) {
    stop_and_reset();
    const double began_s = t_s;
    senses.pulse_bpm = 100;
    start();
    ask(request::SetFollow{true, std::nullopt});
    level(seen_level);
    run_to(began_s + 60 + 1);  // into the lead, 100 to 65 in 6 min
    const auto tempo = run_to(began_s + 60 + 181);
    const double expected = seen_level == 0 ? 65 : 100 - 35 * 0.5 * share;
    if (seen_level > 0) {
      EXPECT_NEAR(tempo.value_or(0), expected, 1.5) << seen_level;
    }
    senses.pulse_bpm.reset();
  }
}

TEST_F(Following, AShortDipDoesNotResumeAHoldAndDoesNotPutOffTheWayDown) {
  PaceFollow pace(Direction::up);
  double t = 0;
  for (; t < 70 && pace.step() != Step::lead_down; t += 1)
    pace.step(sure(static_cast<int>(t) % 12 == 11 ? 2 : 3), at_s(t));
  EXPECT_EQ(pace.step(), Step::lead_down);
  EXPECT_NEAR(t, 61, 2);
}

TEST_F(Following, NeedsASessionAndEndsWithIt) {
  EXPECT_EQ(ask(request::SetFollow{true, true}).answer.verdict, Verdict::conflict);
  start();
  ask(request::SetFollow{true, true});
  EXPECT_TRUE(seen().follow.swing);
  stop_and_reset();
  start();
  EXPECT_FALSE(seen().follow.pace);
  EXPECT_FALSE(seen().follow.swing);
}

TEST_F(Following, ASwingTakesTheTempoAndGivesItBack) {
  start();
  senses.tempo_now = 80;
  ask(request::SetFollow{std::nullopt, true});
  senses.swing = SwingSense{80.0 / 60 / 4 * 1.02, 0, true};
  const auto locked = at(1);
  EXPECT_THAT(event(locked, "follow"), HasSubstr(R"("locked":true)"));
  EXPECT_EQ(seen().follow.beats_per_swing, 4);
  ASSERT_FALSE(locked.aims.empty());
  EXPECT_NEAR(*locked.aims.back().tempo_bpm, 81.6, 80 * 0.08);
  EXPECT_TRUE(locked.aims.back().beat_delay_s);
  senses.swing.reset();
  const auto freed = at(2);
  EXPECT_THAT(event(freed, "follow"), HasSubstr(R"("locked":false)"));
  ASSERT_FALSE(freed.aims.empty());
  EXPECT_EQ(freed.aims.back().tempo_bpm, 80);
  EXPECT_FALSE(freed.aims.back().beat_delay_s);
}

TEST_F(Following, ATempoSetByHandIsNotTakenByASwing) {
  start();
  senses.tempo_now = 80;
  ask(request::SetTempo{84});
  ask(request::SetFollow{std::nullopt, true});
  senses.swing = SwingSense{0.35, 0, true};
  EXPECT_TRUE(at(1).aims.empty());
  EXPECT_EQ(seen().follow.beats_per_swing, 0);
}

}  // namespace
}  // namespace rytme::session
