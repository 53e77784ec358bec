// SPDX-License-Identifier: Apache-2.0
// Frames of a node, good and bad: what counts is counted, and nothing that comes in breaks what goes out.
#include "controller/signals/motion_tracker.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numbers>

#include <gtest/gtest.h>

#include "tests/signals/swing_recordings.hpp"

namespace rytme::signals {
namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float inf = std::numeric_limits<float>::infinity();

// A node on a seat that sends frames of some samples.
class Node {
 public:
  explicit Node(std::uint32_t seed) : pendulum_(1.8, 0.3, seed) {}

  MotionFrame frame(std::size_t samples = 10) {
    MotionFrame frame;
    frame.stamp = {.boot = boot_, .seq = seq_++, .t_us = pendulum_.t_us() + pendulum_.step_us + offset_us_};
    frame.step_us = {static_cast<std::int32_t>(pendulum_.step_us)};
    for (std::size_t i = 0; i < samples; ++i) {
      const auto sample = pendulum_.next();
      frame.ax.push_back(static_cast<float>(sample.acceleration[0]));
      frame.ay.push_back(static_cast<float>(sample.acceleration[1]));
      frame.az.push_back(static_cast<float>(sample.acceleration[2]));
      frame.gx.push_back(static_cast<float>((*sample.rate)[0]));
      frame.gy.push_back(static_cast<float>((*sample.rate)[1]));
      frame.gz.push_back(static_cast<float>((*sample.rate)[2]));
    }
    return frame;
  }
  void send(MotionTracker& tracker, double seconds) {
    for (const auto end_us = pendulum_.t_us() + std::llround(seconds * 1e6); pendulum_.t_us() < end_us;) {
      tracker.add(frame());
    }
  }
  void restart() {
    boot_ = "2";
    seq_ = 0;
    offset_us_ = 1'000'000 - pendulum_.t_us();
  }
  void set_clock(double seconds) { offset_us_ += std::llround(seconds * 1e6); }
  std::int64_t now_us() const { return pendulum_.t_us() + offset_us_; }
  test::Pendulum& pendulum() { return pendulum_; }

 private:
  test::Pendulum pendulum_;
  std::string boot_ = "1";
  std::uint64_t seq_{};
  std::int64_t offset_us_{};
};

TEST(MotionTracker, FramesInTheirOrder) {
  Node node(1);
  MotionTracker tracker;
  node.send(tracker, 20);
  const auto frame = node.frame();
  tracker.add(frame);
  const double before = *tracker.at(node.now_us()).swing.frequency_hz;
  tracker.add(frame);
  EXPECT_EQ(tracker.counters().duplicates, 1U);
  EXPECT_EQ(*tracker.at(node.now_us()).swing.frequency_hz, before);
  for (int i = 0; i < 3; ++i) node.frame();
  node.send(tracker, 1);
  EXPECT_EQ(tracker.counters().lost_frames, 3U);
  EXPECT_EQ(tracker.counters().gaps, 1U);
  EXPECT_TRUE(tracker.at(node.now_us()).swing.frequency_hz) << "0.6 s are lost, not the swing";
}

TEST(MotionTracker, ARestartOfTheNodeBeginsAnew) {
  Node node(2);
  MotionTracker tracker;
  node.send(tracker, 20);
  node.restart();
  node.send(tracker, 1);
  EXPECT_EQ(tracker.counters().restarts, 1U);
  EXPECT_FALSE(tracker.at(node.now_us()).swing.frequency_hz);
  node.send(tracker, 20);
  EXPECT_NEAR(*tracker.at(node.now_us()).swing.frequency_hz, node.pendulum().frequency_hz(), 0.001);
}

TEST(MotionTracker, AClockThatIsSetBeginsAnewAndDoesNotStop) {
  for (const double step_s : {-100.0, 100.0}) {
    Node node(3);
    node.set_clock(1000);
    MotionTracker tracker;
    node.send(tracker, 20);
    node.set_clock(step_s);
    node.send(tracker, 20);
    EXPECT_EQ(tracker.counters().clock_steps, 1U) << step_s;
    EXPECT_EQ(tracker.counters().disordered, 0U);
    EXPECT_NEAR(tracker.at(node.now_us()).swing.frequency_hz.value_or(0), node.pendulum().frequency_hz(),
                0.001);
  }
}

TEST(MotionTracker, AFrozenSensorIsNoSwing) {
  Node node(4);
  MotionTracker tracker;
  node.send(tracker, 20);
  for (int i = 0; i < 50; ++i) {
    auto frame = node.frame();
    for (auto* axis : {&frame.ax, &frame.ay, &frame.az, &frame.gx, &frame.gy, &frame.gz}) {
      std::fill(axis->begin(), axis->end(), 0.5F);
    }
    tracker.add(frame);
  }
  EXPECT_GT(tracker.counters().frozen, 450U);
  const auto now = tracker.at(node.now_us());
  EXPECT_FALSE(now.swing.frequency_hz || now.body_mad_mps2 || now.occupied);
}

TEST(MotionTracker, NumbersThatAreNoneAreCountedAndLeftOut) {
  Node node(5);
  MotionTracker tracker;
  node.send(tracker, 20);
  for (const float absurd : {nan, inf, -inf, 1e30F, 401.0F}) {
    auto frame = node.frame();
    frame.ay[3] = absurd;
    frame.gz[7] = absurd;
    tracker.add(frame);
  }
  EXPECT_EQ(tracker.counters().implausible, 10U);
  EXPECT_NEAR(*tracker.at(node.now_us()).swing.frequency_hz, node.pendulum().frequency_hz(), 0.002);
}

TEST(MotionTracker, FramesThatDoNotFitAreRefusedWhole) {
  Node node(6);
  MotionTracker tracker;
  auto shorter = node.frame();
  shorter.ay.pop_back();
  auto half_a_gyroscope = node.frame();
  half_a_gyroscope.gz.clear();
  auto without_steps = node.frame();
  without_steps.step_us.clear();
  auto empty = node.frame(0);
  auto too_long = node.frame(MotionFrame::max_samples + 1);
  for (const auto& frame : {shorter, half_a_gyroscope, without_steps, empty, too_long}) {
    tracker.add(frame);
  }
  EXPECT_EQ(tracker.counters().malformed, 5U);
  EXPECT_EQ(tracker.counters().samples, 0U);
  EXPECT_FALSE(tracker.last_us());
}

TEST(MotionTracker, WhoSitsThere) {
  Node moving(7);
  MotionTracker tracker;
  moving.pendulum().hold();
  moving.pendulum().fidget_mps2 = 1;
  moving.send(tracker, 10);
  EXPECT_EQ(tracker.at(moving.now_us()).occupied, true);
  moving.pendulum().fidget_mps2 = 0;
  moving.send(tracker, 55);
  EXPECT_EQ(tracker.at(moving.now_us()).occupied, true) << "a minute of stillness is not enough to say no";
  moving.send(tracker, 10);
  EXPECT_EQ(tracker.at(moving.now_us()).occupied, false);

  Node swinging(8);
  MotionTracker other;
  swinging.pendulum().growth_per_s = -0.001;
  swinging.send(other, 90);
  EXPECT_EQ(other.at(swinging.now_us()).occupied, std::nullopt)
      << "it swings by itself, or somebody lies still";
}

// Mean over twenty seconds: one second of shaking is a small sample.
TEST(MotionTracker, TheBodyWithoutThePendulum) {
  const auto mad = [](double fidget_mps2) {
    Node node(9);
    MotionTracker tracker;
    node.pendulum().fidget_mps2 = fidget_mps2;
    node.send(tracker, 30);
    double sum = 0;
    for (int second = 0; second < 20; ++second) {
      node.send(tracker, 1);
      sum += tracker.at(node.now_us()).body_mad_mps2.value_or(100);
    }
    return sum / 20;
  };
  // The pendulum's own part is about 0.5 m/s² at 17°; the sensor's noise 0.12.
  EXPECT_NEAR(mad(0), 0.12, 0.03);
  EXPECT_NEAR(mad(1), std::sqrt(2 / std::numbers::pi) * std::hypot(1, 0.15), 0.08);
}

void expect_defined(const MotionNow& now) {
  const auto& swing = now.swing;
  for (const auto& value : {swing.frequency_hz, swing.amplitude_deg, swing.phase_rad, swing.regularity,
                            swing.pumping, swing.twist_dps, now.body_mad_mps2}) {
    ASSERT_TRUE(!value || std::isfinite(*value));
  }
  ASSERT_EQ(swing.frequency_hz.has_value(), swing.quality != Quality::unknown);
  ASSERT_EQ(swing.frequency_hz.has_value(), swing.phase_rad.has_value());
  if (swing.frequency_hz) {
    ASSERT_GE(*swing.frequency_hz, 0.15);
    ASSERT_LE(*swing.frequency_hz, 1.5);
    ASSERT_GE(*swing.regularity, 0);
    ASSERT_LE(*swing.regularity, 1);
    ASSERT_GE(*swing.pumping, 0);
  }
}

// Whatever the frames hold: defined, and after it a good minute is as good as ever.
TEST(MotionTracker, AnyFramesGiveDefinedValues) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const auto chance = [&](double p) { return std::bernoulli_distribution(p)(random); };
    const auto pick = [&](std::size_t n) {
      return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    constexpr std::array<float, 8> absurd{nan, inf, -inf, 0, -0.0F, 399, -69, 1e-30F};
    Node node(seed);
    MotionTracker tracker;
    for (int i = 0; i < 400; ++i) {
      auto frame = node.frame(1 + pick(20));
      const std::array<std::vector<float>*, 6> axes{&frame.ax, &frame.ay, &frame.az,
                                                    &frame.gx, &frame.gy, &frame.gz};
      if (chance(0.3)) (*axes.at(pick(6)))[pick(frame.ax.size())] = absurd.at(pick(absurd.size()));
      if (chance(0.05)) axes.at(pick(6))->clear();
      if (chance(0.05)) frame.step_us = {std::numeric_limits<std::int32_t>::max()};
      if (chance(0.05)) frame.step_us = {std::numeric_limits<std::int32_t>::min()};
      if (chance(0.02))
        frame.stamp.t_us =
            chance(0.5) ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min();
      if (chance(0.02)) frame.stamp.seq = std::uniform_int_distribution<std::uint64_t>()(random);
      if (chance(0.02)) frame.stamp.boot = "9";
      tracker.add(frame);
      expect_defined(tracker.at(frame.stamp.t_us));
      expect_defined(tracker.at(node.now_us()));
    }
    const auto& counted = tracker.counters();
    EXPECT_LE(counted.implausible + counted.disordered + counted.frozen, counted.samples);
    node.restart();
    node.send(tracker, 20);
    EXPECT_NEAR(tracker.at(node.now_us()).swing.frequency_hz.value_or(0), node.pendulum().frequency_hz(),
                0.001);
  }
}

TEST(MotionTracker, AMillionSamplesAtOnce) {
  MotionTracker tracker;
  MotionSample sample{.t_us = 0, .acceleration = {0, 0, 9.81}, .rate = Vector3{0, 0, 0}};
  for (int i = 0; i < 1'000'000; ++i) {
    sample.t_us += 1;  // a million of them in one second
    sample.acceleration[0] = 0.001 * (i % 3);
    tracker.add(sample);
  }
  EXPECT_EQ(tracker.counters().samples, 1'000'000U);
  expect_defined(tracker.at(sample.t_us));
}

// One, seven or 250 samples a frame: the same node, the same bits.
TEST(MotionTracker, HowSamplesAreCutIntoFramesChangesNothing) {
  std::optional<MotionNow> first;
  for (const std::size_t samples : {1U, 7U, 250U}) {
    Node node(10);
    MotionTracker tracker;
    while (node.now_us() < 35'000'000) tracker.add(node.frame(samples));
    const auto now = tracker.at(35'000'000);
    if (!first) first = now;
    EXPECT_EQ(now.swing.frequency_hz, first->swing.frequency_hz);
    EXPECT_EQ(now.swing.phase_rad, first->swing.phase_rad);
    EXPECT_EQ(now.swing.amplitude_deg, first->swing.amplitude_deg);
    EXPECT_EQ(now.body_mad_mps2, first->body_mad_mps2);
  }
}

}  // namespace
}  // namespace rytme::signals
