// SPDX-License-Identifier: Apache-2.0
// One person with a strap, lived through second by second, as frames come in.
#include "controller/signals/person.hpp"

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include <gmock/gmock.h>

#include "tests/signals/arousal_life.hpp"
#include "tests/support/allocations.hpp"

namespace rytme::signals {
namespace {

constexpr DeviceIndex strap = 3;

std::array<WornDevice, 1> one_strap() {
  return {WornDevice{.heart = {.device = strap}, .place = SensorPlace::chest}};
}

// Feeds seconds of a life as the strap sends them; `speed` times as fast as it was lived.
class Worn {
 public:
  explicit Worn(double speed = 1) : speed_(speed) {}

  void live(int length_s, double bpm) {
    live(
        length_s, [bpm](double) { return bpm; }, 0.002);
  }
  void live(int length_s, const std::function<double(double)>& heart_bpm, double shake_g) {
    for (const auto& second : test::life(
             length_s, heart_bpm, [&](double) { return shake_g; }, ++seed_)) {
      move(second);
      for (const auto& beat : second.beats) {
        send(begun_s_ + *beat.t_s, beat.rr_ms);
      }
      now_s_ = begun_s_ + second.t_s;
      tick();
    }
    begun_s_ += length_s;
  }
  void off(int length_s, bool says_so = true) {
    for (int s = 0; s < length_s; ++s) {
      now_s_ = ++begun_s_;
      if (says_so) {
        auto sample = frame(now_s_);
        sample.contact = Contact::no;
        person.add(sample, readings_, events);
      }
      tick();
    }
  }
  const ArousalNowResult& result() const { return person.second().arousal; }
  BaselineMeasurement::State calm_state() const { return person.calm_pulse()->state(); }
  Instant now() const { return at(now_s_); }

  Person person{one_strap()};
  std::vector<HeartEvent> events;
  std::vector<ArousalNowResult> seconds;
  std::size_t allocated{};  // by the person, in frames

 private:
  Instant at(double t_s) const { return Instant{} + std::chrono::hours(1) + rytme::seconds(t_s / speed_); }
  HeartSample frame(double t_s) {
    HeartSample sample;
    sample.device = strap;
    sample.stamp = {.boot = "1", .seq = seq_++, .t_us = std::llround(t_s * 1e6)};
    sample.contact = Contact::yes;
    sample.received = at(t_s);
    return sample;
  }
  void send(double t_s, double rr_ms) {
    auto sample = frame(t_s);
    sample.rr_count = 1;
    sample.rr_1024[0] = static_cast<std::uint16_t>(std::lround(rr_ms * 1.024));
    readings_.clear();
    const auto before = test::allocations();
    const bool second = person.add(sample, readings_, events);
    allocated += test::allocations() - before;
    if (second) {
      seconds.push_back(result());
    }
  }
  void move(const test::LifeSecond& second) {
    MotionFrame motion;
    motion.device = strap;
    motion.stamp = {
        .boot = "1", .seq = motion_seq_++, .t_us = std::llround((begun_s_ + second.t_s - 1) * 1e6)};
    motion.step_us = {40'000};
    motion.received = at(begun_s_ + second.t_s - 1);
    for (const auto& a : second.acceleration) {
      motion.ax.push_back(static_cast<float>(a.ax_g * 9.81));
      motion.ay.push_back(static_cast<float>(a.ay_g * 9.81));
      motion.az.push_back(static_cast<float>(a.az_g * 9.81));
    }
    const auto before = test::allocations();
    person.add(motion);
    allocated += test::allocations() - before;
  }
  void tick() {
    if (person.silent(at(now_s_), events)) {
      seconds.push_back(result());
    }
  }

  double speed_;
  double begun_s_{10}, now_s_{10};
  std::uint32_t seed_{};
  std::uint64_t seq_{}, motion_seq_{};
  std::vector<Reading> readings_;
};

TEST(Person, WithoutCalmPulseThereIsAPulseAndNoLevel) {
  Worn worn;
  worn.live(60, 100);
  EXPECT_NEAR(worn.result().hr_bpm.value_or(0), 100, 3);
  EXPECT_FALSE(worn.result().level);
  EXPECT_EQ(worn.result().unknown, ArousalUnknown::no_baseline);
}

TEST(Person, ACalmPulseEndsByItselfAndTheIndexGoesByIt) {
  Worn worn;
  worn.live(20, 70);
  worn.person.take_calm_pulse({});
  worn.live(119, 70);
  EXPECT_EQ(worn.calm_state(), BaselineMeasurement::State::running);
  worn.live(190, 70);
  ASSERT_EQ(worn.calm_state(), BaselineMeasurement::State::good);
  EXPECT_NEAR(worn.person.baseline()->today_bpm, 70, 2);
  worn.live(40, 70);
  EXPECT_EQ(worn.result().level, 0);
  worn.live(90, 105);
  EXPECT_GE(worn.result().level.value_or(0), 2) << "still, and far above";
}

TEST(Person, TheSameNumbersHoweverFastTheyAreSent) {
  Worn slow;
  Worn fast(20);
  for (auto* worn : {&slow, &fast}) {
    worn->person.take_calm_pulse({});
    worn->live(200, 70);
    worn->live(60, 100);
  }
  ASSERT_EQ(slow.seconds.size(), fast.seconds.size());
  for (std::size_t i = 0; i < slow.seconds.size(); ++i) {
    EXPECT_EQ(slow.seconds[i].index, fast.seconds[i].index) << i;
    EXPECT_EQ(slow.seconds[i].confidence, fast.seconds[i].confidence) << i;
    EXPECT_EQ(slow.seconds[i].level, fast.seconds[i].level) << i;
  }
}

TEST(Person, SilenceIsUnknownSecondBySecond) {
  Worn worn;
  worn.person.take_calm_pulse({});
  worn.live(320, 70);
  ASSERT_TRUE(worn.result().level);
  const auto before = worn.seconds.size();
  worn.off(30, false);
  EXPECT_FALSE(worn.result().level);
  EXPECT_EQ(worn.result().unknown, ArousalUnknown::no_pulse);
  EXPECT_GE(worn.seconds.size(), before + 24);
  EXPECT_FALSE(worn.person.hearts().at(worn.now()).bpm);
}

TEST(Person, AStrapThatHasBeenOffHasNoLevelUntilSomebodyHasLooked) {
  Worn worn;
  worn.person.take_calm_pulse({});
  worn.live(320, 70);
  worn.off(20);
  worn.live(30, 70);
  EXPECT_EQ(worn.result().unknown, ArousalUnknown::wearer_unsure);
  EXPECT_TRUE(worn.person.second().wearer_unsure);
  EXPECT_FALSE(worn.result().level);
  worn.person.confirm_wearer(false);
  worn.live(60, 70);
  EXPECT_EQ(worn.result().level, 0) << "it was the same person";
  worn.off(20);
  worn.live(30, 70);
  worn.person.confirm_wearer(true);
  worn.live(30, 70);
  EXPECT_EQ(worn.result().unknown, ArousalUnknown::no_baseline) << "another's calm pulse does not hold";
}

TEST(Person, ACalmPulseIsDrawnTowardsWhatIsKept) {
  Worn worn;
  PersonMemory memory;
  for (int i = 0; i < 3; ++i) {
    memory.calm.add_bpm(60);
  }
  worn.person.take_calm_pulse({});
  worn.person.remember(memory);  // the journal was asked, and has answered
  worn.live(320, 68);
  ASSERT_TRUE(worn.person.baseline());
  EXPECT_NEAR(worn.person.baseline()->today_bpm, 68, 2);
  EXPECT_LT(worn.person.baseline()->calm_bpm, 66.5);
  EXPECT_GT(worn.person.baseline()->calm_bpm, 61);
}

TEST(Person, WalkingIsNotTakenForArousal) {
  Worn worn;
  worn.person.take_calm_pulse({});
  worn.live(320, 70);
  worn.seconds.clear();
  worn.live(
      240, [](double t_s) { return 90 - 20 * std::exp(-t_s / 45); }, 0.25);
  int high = 0;
  for (const auto& second : worn.seconds) {
    high += second.level.value_or(0) >= 2 ? 1 : 0;
  }
  EXPECT_LE(high, 24) << "of 240 s";
}

TEST(Person, ThePulseToMeetIsFreeOfMovement) {
  Worn worn;
  worn.live(60, 70);
  EXPECT_NEAR(worn.person.motion_free_bpm(worn.now()).value_or(0), 70, 3);
  worn.live(
      240, [](double t_s) { return 78 - 8 * std::exp(-t_s / 45); }, 0.06);
  ASSERT_TRUE(worn.person.motion_free_bpm(worn.now()));
  EXPECT_LT(*worn.person.motion_free_bpm(worn.now()),
            worn.person.hearts().at(worn.now()).bpm.value_or(0) - 3);
  worn.live(
      240, [](double t_s) { return 110 - 30 * std::exp(-t_s / 45); }, 0.6);
  EXPECT_FALSE(worn.person.motion_free_bpm(worn.now())) << "after hard movement it cannot be told";
}

TEST(Person, NothingIsAllocatedOnceItRuns) {
  Worn worn;
  worn.events.reserve(100);
  worn.person.take_calm_pulse({});
  worn.live(320, 70);
  worn.allocated = 0;
  for (int i = 0; i < 20; ++i) {
    worn.live(
        300, [](double t_s) { return 90 - 20 * std::exp(-t_s / 45); }, i % 2 == 0 ? 0.2 : 0.003);
  }
  EXPECT_EQ(worn.allocated, 0U);
}

TEST(Person, WhatTheLibraryAnalysesIsWhatWasSeenLive) {
  ArousalPipeline pipeline(SensorPlace::chest, false);
  Worn worn;
  worn.person.take_calm_pulse({});
  pipeline.begin_baseline(BaselineMeasurement::Ends::by_itself);
  const auto lived = test::life(
      300, [](double t_s) { return t_s < 220 ? 70 : 95; }, [](double) { return 0.002; }, 1);
  worn.live(220, 70);
  for (int i = 0; i < 220; ++i) {
    for (const auto& beat : lived[static_cast<std::size_t>(i)].beats) {
      pipeline.beat(*beat.t_s, std::round(beat.rr_ms * 1.024) / 1.024);
    }
    for (const auto& a : lived[static_cast<std::size_t>(i)].acceleration) {
      pipeline.acceleration(a.t_s, a.ax_g, a.ay_g, a.az_g);
    }
    pipeline.tick(lived[static_cast<std::size_t>(i)].t_s);
  }
  ASSERT_TRUE(pipeline.index().baseline());
  ASSERT_TRUE(worn.person.baseline());
  EXPECT_NEAR(worn.person.baseline()->calm_bpm, pipeline.index().baseline()->calm_bpm, 0.5);
  EXPECT_NEAR(*worn.result().index, *pipeline.index().now().index, 0.3);
}

}  // namespace
}  // namespace rytme::signals
