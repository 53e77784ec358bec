// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/simulated_heart.hpp"

#include <gmock/gmock.h>

#include "controller/simulator/movement_plan.hpp"
#include "tests/simulator/frames_read.hpp"

namespace rytme::simulator {
namespace {

std::vector<ReadHeart> hour_of(std::uint64_t seed) {
  std::vector<ReadHeart> out;
  const auto source = simulated_heart(seed);
  for (const auto& text : take_until(*source, 3600)) out.push_back(read_heart(text));
  return out;
}

// Mean pulse from the RR intervals in [from, to).
double pulse(const std::vector<ReadHeart>& frames, double from_s, double to_s) {
  std::vector<double> rr;
  for (const auto& frame : frames) {
    const auto t_s = static_cast<double>(frame.t_us) * 1e-6;
    if (t_s < from_s || t_s >= to_s) continue;
    for (const int each : frame.rr) rr.push_back(each);
  }
  return 60.0 * 1024 / mean(rr);
}

TEST(SimulatedHeartTest, SendsAboutOneFrameASecondWithTheBeatsOfThatSecond) {
  const auto frames = hour_of(1);
  EXPECT_GT(frames.size(), 3400U);
  EXPECT_LE(frames.size(), 3600U);
  double beats_s = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    for (const int rr : frames[i].rr) beats_s += rr / 1024.0;
    if (i == 0) continue;
    const auto frames_since = static_cast<double>(frames[i].seq - frames[i - 1].seq);
    EXPECT_NEAR(static_cast<double>(frames[i].t_us - frames[i - 1].t_us) * 1e-6, frames_since, 0.011);
  }
  EXPECT_GT(beats_s, 3300);  // all but the dropouts
  EXPECT_LE(beats_s, 3601);
}

TEST(SimulatedHeartTest, PulseRisesWithMovementAndComesBack) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const auto frames = hour_of(seed);
    MovementPlan plan(seed);
    const auto rest = plan.at(0);
    const auto swing = plan.at(rest.to_s);
    const auto after = plan.at(swing.to_s);
    const double calm = pulse(frames, 10, rest.to_s);
    const double moving = pulse(frames, swing.to_s - 20, swing.to_s);
    const double returned = pulse(frames, after.to_s - 30, after.to_s);
    EXPECT_GT(moving, calm + 8) << seed;
    EXPECT_NEAR(returned, calm, 4) << seed;
    // The rise has a time constant of 45 s: after 20 s it is well under way, not done.
    const double early = pulse(frames, swing.from_s + 10, swing.from_s + 30);
    EXPECT_GT(early, calm + 2) << seed;
    EXPECT_LT(early, moving - 2) << seed;
  }
}

TEST(SimulatedHeartTest, BreathingShowsInTheBeats) {
  std::vector<double> squares;
  int before = 0;
  for (const auto& frame : hour_of(1)) {
    if (frame.t_us > 60'000'000) break;
    for (const int rr : frame.rr) {
      if (before != 0) squares.push_back(std::pow((rr - before) / 1.024, 2));
      before = rr;
    }
  }
  const double rmssd_ms = std::sqrt(mean(squares));
  EXPECT_GT(rmssd_ms, 15);
  EXPECT_LT(rmssd_ms, 90);
}

TEST(SimulatedHeartTest, LosesTheSkinAndTheRadioNowAndThen) {
  const auto frames = hour_of(1);
  int without_contact = 0;
  int gaps = 0;
  for (std::size_t i = 1; i < frames.size(); ++i) {
    if (frames[i].seq != frames[i - 1].seq + 1) ++gaps;
    if (frames[i].contact) continue;
    ++without_contact;
    EXPECT_EQ(frames[i].bpm, 0);
    EXPECT_TRUE(frames[i].rr.empty());
  }
  EXPECT_GT(without_contact, 5);
  EXPECT_LT(without_contact, 200);
  EXPECT_GT(gaps, 2);
  EXPECT_LT(gaps, 40);
}

TEST(SimulatedHeartTest, TheSameSeedIsTheSamePersonAnotherSeedIsNot) {
  const auto one = simulated_heart(7);
  const auto same = simulated_heart(7);
  const auto other = simulated_heart(8);
  const auto frames = take_until(*one, 300);
  EXPECT_EQ(frames, take_until(*same, 300));
  EXPECT_NE(frames, take_until(*other, 300));
}

TEST(HeartFrameTest, RawIsTheBluetoothMeasurementOfTheSameFields) {
  // The example of the contract.
  const HeartFrame frame{123456789, 72, true, {816, 814}};
  EXPECT_EQ(heart_frame_text(frame, "9f2c", 88),
            R"({"v":1,"boot":"9f2c","seq":88,"t_us":123456789,"bpm":72,"contact":true,"rr":[816,814],)"
            R"("raw":"164830032E03"})");
  EXPECT_EQ(heart_measurement_hex({0, 0, false, {}}), "0400");
  EXPECT_EQ(heart_measurement_hex({0, 300, true, {205}}), "172C01CD00");
}

}  // namespace
}  // namespace rytme::simulator
