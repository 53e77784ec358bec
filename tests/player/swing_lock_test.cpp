// SPDX-License-Identifier: Apache-2.0
// A swing and a pulse: the swing's sensor through the live tracker, ten times a second its phase to the
// player as a controller would tell it, and the beats heard beside the true turning points.
#include <algorithm>
#include <numbers>

#include <gtest/gtest.h>

#include "controller/signals/analyse_motion.hpp"
#include "tests/player/listening.hpp"
#include "tests/signals/swing_recordings.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::player {
namespace {

constexpr double output_delay_s = 0.045;  // of the sound device, its buffer full
constexpr double on_the_way_s = 0.005;    // from the tracker through the broker into the engine

// Both turning points of a period are beats: twice the swing's frequency, a beat where its phase is 0 or π.
struct Beat {
  double bpm, phase;
};
Beat beat_of(const signals::SwingNow& swing) {
  const double turns = *swing.phase_rad / std::numbers::pi;
  return {*swing.frequency_hz * 120, turns - std::floor(turns)};
}

struct Span {
  double from_s{}, to_s{};
};
struct Followed {
  std::vector<double> beats;  // heard
  std::vector<Span> led;      // while the tracker knew the swing, without a pause of 1 s

  // The player is led, and has had the time that half a beat takes at 1 %/s.
  bool locked(double t_s) const {
    constexpr double longest_way_s = 25;
    return std::ranges::any_of(
        led, [&](const Span& span) { return t_s >= span.from_s + longest_way_s && t_s <= span.to_s; });
  }
};

// Where the true phase passes a multiple of π.
std::vector<double> true_turning_points_s(const test::SwingRecording& swing) {
  std::vector<double> out;
  for (std::size_t i = 1; i < swing.truth.size(); ++i) {
    const double before = std::sin(swing.truth[i - 1].phase_rad), after = std::sin(swing.truth[i].phase_rad);
    if ((before < 0) == (after < 0)) continue;
    const double share = before / (before - after);
    out.push_back((static_cast<double>(i - 1) + share) * swing.truth_step_s);
  }
  return out;
}

Followed follow(const test::SwingRecording& swing) {
  Engine engine(-12);
  engine.source({SourceKind::pulse, Timbre::wood});
  engine.volume(1);
  engine.play(true);
  signals::MotionAnalysis analysis;
  Sound sound;
  Followed out;
  for (const auto& sample : swing.samples) {
    const double now_s = static_cast<double>(sample.t_us) / 1e6 + on_the_way_s;
    const auto more = render(engine, now_s - static_cast<double>(sound.size()) / sample_rate);
    sound.insert(sound.end(), more.begin(), more.end());
    analysis.add(sample, [&](std::int64_t t_us, const signals::MotionNow& motion) {
      if (!motion.swing.phase_rad || !motion.swing.frequency_hz) return;
      const auto beat = beat_of(motion.swing);
      const double age_s = now_s - static_cast<double>(t_us) / 1e6;
      engine.tempo(beat.bpm);
      engine.follow(beat.phase + age_s * beat.bpm / 60, output_delay_s);
      if (out.led.empty() || now_s - out.led.back().to_s > 1) out.led.push_back({now_s, now_s});
      out.led.back().to_s = now_s;
    });
  }
  out.beats = onsets(sound, 0.5);
  for (double& beat : out.beats) beat += output_delay_s;
  return out;
}

class SwingLock : public testing::TestWithParam<const char*> {};

TEST_P(SwingLock, TheBeatIsHeardWithin60MillisecondsOfTheTrueTurningPoint) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto swing = test::recorded_swing(GetParam(), true);
  const auto followed = follow(swing);
  const auto turns = true_turning_points_s(swing);
  std::vector<double> off;
  for (const double beat : followed.beats) {
    if (!followed.locked(beat) || beat > turns.back()) continue;
    const auto behind = std::ranges::lower_bound(turns, beat);
    const double after = behind == turns.end() ? 1e9 : *behind - beat;
    const double before = behind == turns.begin() ? 1e9 : beat - *(behind - 1);
    off.push_back(std::min(after, before));
  }
  ASSERT_GT(off.size(), 20U);
  std::ranges::sort(off);
  RecordProperty("beats", static_cast<int>(off.size()));
  RecordProperty("median_ms", std::to_string(off[off.size() / 2] * 1000));
  RecordProperty("p95_ms", std::to_string(off[off.size() * 95 / 100] * 1000));
  RecordProperty("largest_ms", std::to_string(off.back() * 1000));
  EXPECT_LE(off[off.size() * 95 / 100], 0.060);
}

INSTANTIATE_TEST_SUITE_P(Synthetic, SwingLock,
                         testing::Values("swing_free_decay", "swing_pumped", "hammock_gentle",
                                         "nest_swing_elliptic"),
                         [](const auto& one) { return std::string(one.param); });

}  // namespace
}  // namespace rytme::player
