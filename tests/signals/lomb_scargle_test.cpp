// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/lomb_scargle.hpp"

#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <numbers>
#include <random>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "controller/signals/analyse_heart.hpp"
#include "tests/signals/recordings.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::signals {
namespace {

double wave(double amplitude, double hz, double t_s) {
  return amplitude * std::sin(2 * std::numbers::pi * hz * t_s + 0.7);
}

// Beats of 300 s whose intervals carry two waves and a slope; a share of them is missing.
std::vector<SeriesPoint> beats_with(double lf_ms, double hf_ms, double slope_ms_per_s, double missing) {
  std::mt19937 random(3);
  std::bernoulli_distribution is_missing(missing);
  std::vector<SeriesPoint> beats;
  for (double t_s = 0; t_s < 300;) {
    const double rr_ms = 800 + wave(lf_ms, 0.09, t_s) + wave(hf_ms, 0.26, t_s) + slope_ms_per_s * t_s;
    t_s += rr_ms / 1000;
    if (!is_missing(random)) {
      beats.push_back({.t_s = t_s, .value = rr_ms});
    }
  }
  return beats;
}

TEST(LombScargle, ASineHasItsPowerWhereItIs) {
  std::mt19937 random(1);
  std::uniform_real_distribution<double> jitter(-0.3, 0.3);
  std::vector<SeriesPoint> series;
  for (int i = 0; i < 400; ++i) {
    const double t_s = 0.8 * i + jitter(random);
    series.push_back({.t_s = t_s, .value = wave(20, 0.2, t_s)});
  }
  detrend(series);
  const FrequencyGrid grid{.first_hz = 0.02, .step_hz = 0.0005, .count = 1000};
  std::vector<double> density(grid.count);
  LombScargle(series.size()).density(series, grid, density);
  double near = 0, all = 0;
  std::size_t peak = 0;
  for (std::size_t k = 0; k < grid.count; ++k) {
    near += std::abs(grid.hz(k) - 0.2) < 0.02 ? density[k] * grid.step_hz : 0;
    all += density[k] * grid.step_hz;
    peak = density[k] > density[peak] ? k : peak;
  }
  EXPECT_NEAR(grid.hz(peak), 0.2, 0.0006);
  EXPECT_NEAR(near, 200, 200 * 0.08) << "A²/2, less what leaks further away";
  EXPECT_NEAR(all, 200, 200 * 0.1);
}

TEST(BandPower, FindsTheTwoWavesWithTheirPower) {
  const auto power = band_power(beats_with(30, 20, 0, 0));
  ASSERT_TRUE(power);
  EXPECT_NEAR(power->lf_ms2, 450, 0.05 * 450);
  EXPECT_NEAR(power->hf_ms2, 200, 0.08 * 200);
  EXPECT_NEAR(*power->lf_hf, power->lf_ms2 / power->hf_ms2, 1e-12);
}

TEST(BandPower, ASlopeAndMissingBeatsMoveItLittle) {
  const auto power = band_power(beats_with(30, 20, 0.3, 0.1));
  ASSERT_TRUE(power);
  EXPECT_NEAR(power->lf_ms2, 450, 0.12 * 450);
  EXPECT_NEAR(power->hf_ms2, 200, 0.20 * 200);
}

TEST(BandPower, UnknownOfTooLittle) {
  auto beats = beats_with(30, 20, 0, 0);
  EXPECT_FALSE(band_power({}));
  EXPECT_FALSE(band_power(std::span{beats}.first(100))) << "80 s";
  EXPECT_FALSE(band_power(std::vector<SeriesPoint>{{0, 800}, {200, 800}}));
  for (auto& beat : beats) {
    beat.value = 800;
  }
  EXPECT_FALSE(band_power(beats)->lf_hf) << "no power to divide by";
}

// Printed, not judged: the tools themselves differ by a factor of two. Only far off would be a mistake of
// ours.
TEST(BandPower, BesideTheToolsOnEveryLongWindow) {
  if (!test::shared_available()) {
    GTEST_SKIP() << "no reference data";
  }
  std::ifstream in(test::shared("data/expected.json"));
  const auto parsed = boost::json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
  std::cout << "LF, HF in ms²           ours     hrv-analysis Lomb   hrv-analysis Welch   hrv Welch\n"
            << std::fixed << std::setprecision(0);
  std::vector<double> ratios;
  for (const auto& [name, recording] : parsed.at("recordings").as_object()) {
    const auto* expected = recording.as_object().if_contains("win300");
    if (expected == nullptr) {
      continue;
    }
    const auto windows = analyse_heart(test::recorded_beats(recording.at("file").as_string())).windows_300s;
    for (std::size_t w = 0; w < expected->as_array().size(); ++w) {
      if (!windows.at(w).spectrum) {
        continue;
      }
      const auto& raw = expected->as_array()[w].at("raw");
      const auto pair = [](double lf, double hf) { std::cout << std::setw(10) << lf << std::setw(9) << hf; };
      const auto tool = [&](const char* who, const char* how) {
        const auto& of = raw.at(who).at(how);
        pair(of.at("lf").to_number<double>(), of.at("hf").to_number<double>());
      };
      std::cout << std::left << std::setw(16) << std::string(name) << std::right;
      pair(windows[w].spectrum->lf_ms2, windows[w].spectrum->hf_ms2);
      tool("hrvanalysis", "lomb");
      tool("hrvanalysis", "welch");
      tool("hrv_rhenanbartels", "welch");
      std::cout << "\n";
      if (windows[w].accepted_share > 0.99) {
        ratios.push_back(windows[w].spectrum->lf_ms2 /
                         raw.at("hrvanalysis").at("lomb").at("lf").to_number<double>());
      }
    }
  }
  ASSERT_GE(ratios.size(), 5U);
  std::sort(ratios.begin(), ratios.end());
  EXPECT_GT(ratios[ratios.size() / 2], 0.5);
  EXPECT_LT(ratios[ratios.size() / 2], 2);
}

}  // namespace
}  // namespace rytme::signals
