// SPDX-License-Identifier: Apache-2.0
// The pulse as it leaves the player, by ear (aubio) and by sample.
#include <ctime>

#include <gmock/gmock.h>

#include "tests/player/listening.hpp"

namespace rytme::player {
namespace {

constexpr double cap_dbfs = -12;
constexpr double through_s = static_cast<double>(SoundLimits::delay_frames) / sample_rate;

Engine playing(Timbre timbre, double bpm, double volume = 1) {
  Engine engine(cap_dbfs);
  engine.source({SourceKind::pulse, timbre});
  engine.tempo(bpm);
  engine.volume(volume);
  engine.play(true);
  return engine;
}

struct Case {
  Timbre timbre;
  double bpm;
};

class EveryPulse : public testing::TestWithParam<Case> {};

TEST_P(EveryPulse, KeepsItsTempoAndItsBeatIsHeardWhenItIsAskedFor) {
  const auto [timbre, bpm] = GetParam();
  auto engine = playing(timbre, bpm);
  const double last_s = 8 + 12 * 60 / bpm;
  const auto heard = between(onsets(render(engine, last_s), 0.6 * 60 / bpm), 8, last_s);
  ASSERT_GE(heard.size(), 11U);
  EXPECT_NEAR(bpm_of(heard), bpm, 0.001 * bpm);
  // At 140 the detector, which may answer once a beat, prefers the second thump of the heartbeat.
  const double second_thump_s = timbre == Timbre::heartbeat && bpm > 100 ? 0.28 : 0;
  EXPECT_LE(furthest_off_s(heard, bpm, second_thump_s), 0.020);
}

std::vector<Case> cases() {
  std::vector<Case> out;
  for (const auto timbre : timbres)
    for (const double bpm : {20.0, 43.7, 60.0, 99.9, 140.0}) out.push_back({timbre, bpm});
  return out;
}
INSTANTIATE_TEST_SUITE_P(Timbres, EveryPulse, testing::ValuesIn(cases()), [](const auto& one) {
  return std::string(name_of(one.param.timbre)) + std::to_string(static_cast<int>(one.param.bpm));
});

TEST(PulseHeard, ARampFrom100To60NeverHurries) {
  auto engine = playing(Timbre::wood, 100);
  const auto sound = render(engine, 75, [&](double t_s) {
    if (t_s > 10) engine.tempo(60);
  });
  const auto heard = onsets(sound, 0.4);
  ASSERT_GT(heard.size(), 60U);
  const auto bpm_at = [&](std::size_t i) { return 60 * 4 / (heard[i + 4] - heard[i]); };  // over four beats
  for (std::size_t i = 0; i + 12 < heard.size(); ++i) {
    const double seconds = (heard[i + 12] + heard[i + 8] - heard[i + 4] - heard[i]) / 2;
    const double fall = bpm_at(i) - bpm_at(i + 8);
    EXPECT_LE(fall, 2.0 * seconds) << heard[i];
    EXPECT_LE(fall, 0.01 * bpm_at(i) * seconds) << heard[i];
    EXPECT_GE(fall, -0.05) << heard[i];
  }
  EXPECT_NEAR(bpm_at(heard.size() - 5), 60, 0.06);
}

// Whatever is changed, no two samples are further apart than where nothing is changed.
TEST(PulseHeard, NoChangeMakesAClick) {
  for (const auto timbre : timbres) {
    double bound = 0;  // at 140 the limits hold overlapping strokes back a little
    for (const double bpm : {60.0, 140.0}) {
      auto still = playing(timbre, bpm);
      bound = std::max(bound, largest_step(render(still, 12)));
    }
    auto engine = playing(timbre, 60);
    int i = 0;
    const auto sound = render(engine, 40, [&](double t_s) {
      if (t_s < 8) return;
      ++i;
      if (i % 37 == 0) engine.tempo(i % 2 == 0 ? 140 : 20);
      if (i % 53 == 0) engine.volume((i % 7) / 7.0);
      if (i % 211 == 0) engine.mute(i % 2 == 0);
      if (i % 307 == 0) engine.play(i % 2 == 0);
      if (i % 401 == 0) engine.source({i % 3 == 0 ? SourceKind::silence : SourceKind::pulse, timbre});
      if (i % 89 == 0) engine.follow(0.01 * (i % 100), 0.04);
    });
    EXPECT_LE(largest_step(sound), bound * 1.001) << name_of(timbre);
    EXPECT_GT(largest_step(sound), bound * 0.01) << name_of(timbre);
  }
}

TEST(PulseHeard, RisesSixDecibelsASecondAtMostAndTheFirstSoundTakesThreeSeconds) {
  for (const double volume : {1.0, 0.3, 0.05}) {
    auto engine = playing(Timbre::drum, 120, volume);
    const auto sound = render(engine, 15);
    double before = decibels_of(peak(part(sound, 0, 0.5)));
    EXPECT_LE(before, cap_dbfs - 40 + 3.1);
    const double full = nominal_stroke * volume;
    for (double t_s = 0.5; t_s < 14; t_s += 0.5) {
      const double now = decibels_of(peak(part(sound, t_s, t_s + 0.5)));
      EXPECT_LE(now - before, 3.05) << volume << " at " << t_s;
      if (t_s + 0.5 < 3) {
        EXPECT_LT(now, decibels_of(full) - 0.5) << volume << " at " << t_s;
      }
      before = now;
    }
    EXPECT_NEAR(before, decibels_of(full), 1);  // strokes overlap a little
  }
}

TEST(PulseHeard, IsSilentWithin200MillisecondsOfAMuteAndOfAStop) {
  for (const bool mute : {true, false}) {
    auto engine = playing(Timbre::drum, 140);
    const auto sound = render(engine, 12, [&](double t_s) {
      if (t_s >= 10.07) mute ? engine.mute(true) : engine.play(false);
    });
    EXPECT_GT(peak(part(sound, 9.5, 10)), 0.2);
    EXPECT_LT(peak(part(sound, 10.07 + 0.2, 12)), amplitude_of(-70));
  }
}

TEST(PulseHeard, ACommandIsAudibleWithin100Milliseconds) {
  auto engine = playing(Timbre::drum, 60, 1);
  engine.play(false);
  const auto sound = render(engine, 2, [&](double t_s) {
    if (t_s >= 1) engine.play(true);
  });
  EXPECT_EQ(peak(part(sound, 0, 1)), 0);
  EXPECT_GT(peak(part(sound, 1, 1.03)), 0.5 * quiet * amplitude_of(cap_dbfs));
}

TEST(PulseHeard, AFollowedBeatIsHeardWithin20MillisecondsOnceItIsReached) {
  auto engine = playing(Timbre::wood, 45);
  const double other_first_s = 0.9, output_delay_s = 0.05;
  const auto sound =
      render(engine, 60, [&](double t_s) { engine.follow((t_s - other_first_s) * 45 / 60, output_delay_s); });
  auto heard = between(onsets(sound, 0.6), 35, 60);
  for (auto& beat : heard) beat += output_delay_s;  // what the loudspeaker will do
  ASSERT_GT(heard.size(), 15U);
  EXPECT_LE(furthest_off_s(heard, 45, other_first_s), 0.020);
}

TEST(PulseHeard, CostsLessThanATenthOfACore) {
  auto engine = playing(Timbre::heartbeat, 140);
  const auto before = std::clock();
  render(engine, 60);
  EXPECT_LE(static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC, 6.0);
}

}  // namespace
}  // namespace rytme::player
