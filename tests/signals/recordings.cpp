// SPDX-License-Identifier: Apache-2.0
#include "tests/signals/recordings.hpp"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <sstream>
#include <stdexcept>

#include "tests/support/shared_data.hpp"

namespace rytme::test {

namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, ',');) {
    fields.push_back(field);
  }
  return fields;
}

std::ptrdiff_t column(const std::vector<std::string>& header, std::string_view name) {
  const auto found = std::find(header.begin(), header.end(), name);
  return found == header.end() ? -1 : found - header.begin();
}

}  // namespace

std::vector<signals::Beat> recorded_beats(std::string_view file, std::string_view condition) {
  std::ifstream in(shared("data/" + std::string(file)));
  std::string line;
  std::getline(in, line);
  const auto header = fields_of(line);
  const auto rr_ms = column(header, "rr_ms");
  const auto t_s = column(header, "t_s");
  const auto condition_column = column(header, "condition");
  if (rr_ms < 0) {
    throw std::runtime_error("no rr_ms in " + std::string(file));
  }
  std::vector<signals::Beat> beats;
  while (std::getline(in, line)) {
    const auto fields = fields_of(line);
    if (condition.empty() || fields.at(static_cast<std::size_t>(condition_column)) == condition) {
      signals::Beat beat{.rr_ms = std::stod(fields.at(static_cast<std::size_t>(rr_ms))), .t_s = {}};
      if (t_s >= 0) {
        beat.t_s = std::stod(fields.at(static_cast<std::size_t>(t_s)));
      }
      beats.push_back(beat);
    }
  }
  return beats;
}

std::vector<std::string> recorded_column(std::string_view file, std::string_view name) {
  std::ifstream in(shared("data/" + std::string(file)));
  std::string line;
  std::getline(in, line);
  const auto place = static_cast<std::size_t>(column(fields_of(line), name));
  std::vector<std::string> values;
  while (std::getline(in, line)) {
    values.push_back(fields_of(line).at(place));
  }
  return values;
}

std::vector<double> calm_rr(std::size_t beats, double mean_ms, double breathing_ms, std::uint32_t seed) {
  std::mt19937 random(seed);
  std::normal_distribution<double> noise(0, 5);
  std::vector<double> rr_ms;
  double t_s = 0;
  for (std::size_t i = 0; i < beats; ++i) {
    rr_ms.push_back(mean_ms + breathing_ms * std::sin(2 * std::numbers::pi * 0.25 * t_s) + noise(random));
    t_s += rr_ms.back() / 1000;
  }
  return rr_ms;
}

std::vector<signals::Beat> without_times(const std::vector<double>& rr_ms) {
  std::vector<signals::Beat> beats;
  beats.reserve(rr_ms.size());
  for (const double rr : rr_ms) {
    beats.push_back({.rr_ms = rr, .t_s = {}});
  }
  return beats;
}

HeartSample Strap::frame() {
  HeartSample sample;
  sample.device = 3;
  sample.stamp = {.boot = boot_, .seq = seq_++, .t_us = t_us_};
  sample.received = received();
  return sample;
}

HeartSample Strap::beats(const std::vector<double>& rr_ms) {
  std::array<std::uint16_t, HeartSample::max_rr> rr_1024{};
  std::uint8_t count = 0;
  double sum_ms = 0;
  for (const double rr : rr_ms) {
    rr_1024.at(count++) = static_cast<std::uint16_t>(std::lround(rr * 1.024));
    sum_ms += rr;
  }
  t_us_ += std::llround(sum_ms * 1e3);
  HeartSample sample = frame();
  sample.bpm = std::round(60'000 / rr_ms.back());
  sample.rr_count = count;
  sample.rr_1024 = rr_1024;
  return sample;
}

HeartSample Strap::rate(std::optional<double> bpm, double dt_s) {
  wait(dt_s);
  HeartSample sample = frame();
  sample.bpm = bpm;
  return sample;
}

void Strap::wait(double seconds, std::uint64_t lost) {
  t_us_ += std::llround(seconds * 1e6);
  seq_ += lost;
}

void Strap::restart(std::string boot) {
  boot_ = std::move(boot);
  seq_ = 0;
  t_us_ = 1'000'000;
}

}  // namespace rytme::test
