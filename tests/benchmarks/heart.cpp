// SPDX-License-Identifier: Apache-2.0
// An hour of RR through the whole heart part, asked once a second, by processor time; beside the same answers
// computed anew each second from the beats they depend on.
#include <array>
#include <cmath>
#include <random>
#include <span>
#include <vector>

#include <benchmark/benchmark.h>

#include "controller/signals/analyse_heart.hpp"
#include "controller/signals/person.hpp"
#include "tests/signals/recordings.hpp"

namespace {

using namespace rytme;

constexpr DeviceIndex strap_device = 3;

std::vector<double> hour() { return test::calm_rr(4500, 800, 30); }

std::vector<HeartSample> frames() {
  test::Strap strap;
  std::vector<HeartSample> frames;
  for (const double rr : hour()) frames.push_back(strap.beat(rr));
  return frames;
}

// Both lanes, windows of 10, 60 and 120 s, the consecutive minutes, choice of source; breath every 5 s.
void live(benchmark::State& state) {
  const auto all = frames();
  std::vector<Reading> readings;
  std::vector<signals::HeartEvent> events;
  for (auto _ : state) {
    signals::HeartSources sources(std::array{signals::HeartDevice{strap_device}});
    std::int64_t second = 0;
    for (const auto& frame : all) {
      readings.clear();
      sources.add(frame, readings, events);
      while (second < frame.stamp.t_us / 1'000'000) {
        ++second;
        sources.choose(frame.received, events);
        benchmark::DoNotOptimize(sources.at(frame.received));
        benchmark::DoNotOptimize(sources.variability(frame.received));
        if (second % 5 == 0)
          benchmark::DoNotOptimize(sources.respiration_per_min(frame.received, std::nullopt));
      }
    }
  }
}
BENCHMARK(live)->Unit(benchmark::kMillisecond);

// All that is asked of a session's body: the same, with a worn sensor's 100 Hz of six axes, a calm pulse and
// the index once a second.
void whole_person(benchmark::State& state) {
  const auto all = frames();
  std::vector<MotionFrame> motion(3600);
  std::mt19937 random(1);
  std::normal_distribution<float> noise(0, 0.3F);
  for (std::size_t s = 0; s < motion.size(); ++s) {
    auto& frame = motion[s];
    frame.device = strap_device;
    frame.stamp = {.boot = "1", .seq = s, .t_us = 5'000'000 + static_cast<std::int64_t>(s) * 1'000'000};
    frame.step_us = {10'000};
    for (auto* axis : {&frame.ax, &frame.ay, &frame.az, &frame.gx, &frame.gy, &frame.gz})
      for (int i = 0; i < 100; ++i) axis->push_back(noise(random) + (axis == &frame.az ? 9.81F : 0));
  }
  std::vector<Reading> readings;
  std::vector<signals::HeartEvent> events;
  for (auto _ : state) {
    signals::Person person(std::array{signals::WornDevice{.heart = {.device = strap_device}}});
    person.take_calm_pulse({});
    std::size_t second = 0;
    for (const auto& frame : all) {
      while (second < motion.size() && motion[second].stamp.t_us < frame.stamp.t_us) {
        motion[second].received = frame.received;
        person.add(motion[second++]);
        benchmark::DoNotOptimize(person.hearts().variability(frame.received));
        if (second % 5 == 0)
          benchmark::DoNotOptimize(person.hearts().respiration_per_min(frame.received, std::nullopt));
      }
      readings.clear();
      events.clear();
      person.add(frame, readings, events);
      benchmark::DoNotOptimize(person.second());
    }
  }
}
BENCHMARK(whole_person)->Unit(benchmark::kMillisecond);

// The floor: every second the last 150 beats (120 s) through gate, method and formulas from the beginning.
void computed_anew(benchmark::State& state) {
  const auto rr_ms = hour();
  std::vector<signals::Beat> beats;
  for (const double rr : rr_ms) beats.push_back({.rr_ms = rr, .t_s = {}});
  for (auto _ : state) {
    double elapsed_s = 0;
    for (std::size_t i = 0; i < beats.size(); ++i) {
      const auto before = static_cast<int>(elapsed_s);
      elapsed_s += beats[i].rr_ms / 1000;
      if (static_cast<int>(elapsed_s) == before) continue;
      const std::size_t from = i < 150 ? 0 : i - 150;
      benchmark::DoNotOptimize(signals::analyse_heart(std::span{beats}.subspan(from, i - from + 1)));
    }
  }
}
BENCHMARK(computed_anew)->Unit(benchmark::kMillisecond);

// `rytme analyse heart` of the same hour: all windows, flags, twelve spectra.
void analysed_at_once(benchmark::State& state) {
  const auto beats = test::without_times(hour());
  for (auto _ : state) benchmark::DoNotOptimize(signals::analyse_heart(beats));
}
BENCHMARK(analysed_at_once)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
