// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/lomb_scargle.hpp"

#include <cmath>
#include <numbers>

namespace rytme::signals {

namespace {

constexpr double lf_from_hz = 0.04, hf_from_hz = 0.15, hf_to_hz = 0.40;
constexpr double oversampling = 4;
constexpr std::size_t fewest_beats = 30;
constexpr double shortest_s = 120;
constexpr double rounding_ms2 = 1e-6;  // RR in whole ms alone has 0.08

}  // namespace

void detrend(std::span<SeriesPoint> series) {
  if (series.empty()) {
    return;
  }
  const auto count = static_cast<double>(series.size());
  double mean_t = 0;
  double mean = 0;
  for (const auto& point : series) {
    mean_t += point.t_s / count;
    mean += point.value / count;
  }
  double covariance = 0;
  double variance = 0;
  for (const auto& point : series) {
    covariance += (point.t_s - mean_t) * (point.value - mean);
    variance += (point.t_s - mean_t) * (point.t_s - mean_t);
  }
  const double slope = variance > 0 ? covariance / variance : 0;
  for (auto& point : series) {
    point.value -= mean + slope * (point.t_s - mean_t);
  }
}

LombScargle::LombScargle(std::size_t most_points) : phasors_(most_points) {}

void LombScargle::density(std::span<const SeriesPoint> series, const FrequencyGrid& grid,
                          std::span<double> density) {
  const double start_s = series.empty() ? 0 : series.front().t_s;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const double turn = 2 * std::numbers::pi * (series[i].t_s - start_s);
    phasors_[i] = {.cosine = std::cos(turn * grid.first_hz),
                   .sine = std::sin(turn * grid.first_hz),
                   .step_cosine = std::cos(turn * grid.step_hz),
                   .step_sine = std::sin(turn * grid.step_hz)};
  }
  const auto points = static_cast<double>(series.size());
  const double spacing_s = series.size() < 2 ? 0 : (series.back().t_s - start_s) / (points - 1);
  for (std::size_t k = 0; k < grid.count; ++k) {
    double cc = 0;
    double cs = 0;
    double yc = 0;
    double ys = 0;
    for (std::size_t i = 0; i < series.size(); ++i) {
      auto& [cosine, sine, step_cosine, step_sine] = phasors_[i];
      cc += cosine * cosine;
      cs += cosine * sine;
      yc += series[i].value * cosine;
      ys += series[i].value * sine;
      const double turned = cosine * step_cosine - sine * step_sine;
      sine = sine * step_cosine + cosine * step_sine;
      cosine = turned;
    }
    const double ss = points - cc;
    const double determinant = cc * ss - cs * cs;
    const double fitted = yc * yc * ss - 2 * yc * ys * cs + ys * ys * cc;
    density[k] = determinant > 1e-9 * points * points ? spacing_s * fitted / determinant : 0;
  }
}

std::optional<BandPower> band_power(std::span<const SeriesPoint> beats) {
  if (beats.size() < fewest_beats || beats.back().t_s - beats.front().t_s < shortest_s) {
    return std::nullopt;
  }
  std::vector<SeriesPoint> series(beats.begin(), beats.end());
  detrend(series);
  const double step_hz = 1 / (oversampling * (beats.back().t_s - beats.front().t_s));
  const FrequencyGrid grid{
      .first_hz = lf_from_hz,
      .step_hz = step_hz,
      .count = 1 + static_cast<std::size_t>(std::floor((hf_to_hz - lf_from_hz) / step_hz))};
  std::vector<double> density(grid.count);
  LombScargle(series.size()).density(series, grid, density);
  BandPower power;
  for (std::size_t k = 0; k < grid.count; ++k) {
    (grid.hz(k) < hf_from_hz ? power.lf_ms2 : power.hf_ms2) += density[k] * step_hz;
  }
  if (power.hf_ms2 > rounding_ms2) {
    power.lf_hf = power.lf_ms2 / power.hf_ms2;
  }
  return power;
}

}  // namespace rytme::signals
