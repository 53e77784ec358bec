// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/respiration.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

namespace rytme::signals {

namespace {

constexpr std::int64_t memory_us = 60'000'000;
constexpr double shortest_s = 50;
constexpr std::size_t fewest_beats = 30;

constexpr double band_from_hz = 0.10;  // what a peak has to stand out of
constexpr double band_to_hz = 0.60;
constexpr double step_hz = 0.004;
constexpr double slowest_hz = 0.15;  // below lies the 0.1 Hz wave of blood pressure, as strong and no breath
constexpr double nyquist_margin_hz = 0.02;

// Share of the band's power that lies around the peak. Red noise of a minute (AR(1), 0.9 and 0.98) reaches
// 0.40 in about one window of a hundred, white noise never.
constexpr double peak_half_width_hz = 0.0201;
constexpr double fewest_share = 0.40;

constexpr double blank_hz = 0.03;

bool blanked(double hz, const std::optional<double>& swing_hz) {
  return swing_hz && (!std::isfinite(*swing_hz) || std::abs(hz - *swing_hz) <= blank_hz ||
                      std::abs(hz - 2 * *swing_hz) <= blank_hz);
}

}  // namespace

Respiration::Respiration() : spectrum_(capacity) {}

void Respiration::add(std::int64_t beat_us, double rr_ms) {
  if (count_ > 0 && beat_us <= from_newest(0).beat_us) {
    clear();
  }
  entries_[next_] = {.beat_us = beat_us, .rr_ms = rr_ms};
  next_ = (next_ + 1) % capacity;
  count_ = std::min(count_ + 1, capacity);
}

void Respiration::withdraw_last() {
  if (count_ > 0) {
    next_ = (next_ + capacity - 1) % capacity;
    --count_;
  }
}

std::optional<double> Respiration::per_min(std::optional<double> swing_hz) {
  while (count_ > 0 && from_newest(count_ - 1).beat_us <= from_newest(0).beat_us - memory_us) {
    --count_;
  }
  if (count_ < fewest_beats) {
    return std::nullopt;
  }
  const auto series = std::span{series_}.first(count_);
  const std::int64_t start_us = from_newest(count_ - 1).beat_us;
  double sum_ms = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const auto& entry = from_newest(count_ - 1 - i);
    series[i] = {.t_s = static_cast<double>(entry.beat_us - start_us) / 1e6, .value = entry.rr_ms};
    sum_ms += entry.rr_ms;
  }
  if (series.back().t_s < shortest_s) {
    return std::nullopt;
  }
  // Beats sample the breath; faster than every second beat it cannot be seen.
  const double nyquist_hz = 500 * static_cast<double>(count_) / sum_ms;
  const double to_hz = std::min(band_to_hz, nyquist_hz - nyquist_margin_hz);
  if (to_hz <= slowest_hz) {
    return std::nullopt;
  }
  const FrequencyGrid grid{.first_hz = band_from_hz,
                           .step_hz = step_hz,
                           .count = static_cast<std::size_t>((to_hz - band_from_hz) / step_hz) + 1};
  detrend(series);
  const auto density = std::span{density_}.first(grid.count);
  spectrum_.density(series, grid, density);
  return prominent(grid, density, swing_hz);
}

std::optional<double> Respiration::prominent(const FrequencyGrid& grid, std::span<const double> density,
                                             std::optional<double> swing_hz) {
  const auto peak =
      static_cast<std::size_t>(std::max_element(density.begin(), density.end()) - density.begin());
  const double peak_hz = grid.hz(peak);
  const bool at_the_edge = peak == 0 || peak + 1 == grid.count;
  if (at_the_edge || peak_hz < slowest_hz || blanked(peak_hz, swing_hz)) {
    return std::nullopt;
  }
  double around = 0;
  for (std::size_t k = 0; k < grid.count; ++k) {
    around += std::abs(grid.hz(k) - peak_hz) <= peak_half_width_hz ? density[k] : 0;
  }
  const double all = std::accumulate(density.begin(), density.end(), 0.0);
  return around >= fewest_share * all && all > 0 ? std::optional{60 * peak_hz} : std::nullopt;
}

}  // namespace rytme::signals
