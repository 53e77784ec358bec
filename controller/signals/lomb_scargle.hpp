// SPDX-License-Identifier: Apache-2.0
// Spectrum of a series that is not evenly spaced, as beats are not (Lomb 1976, Scargle 1982, in the form of
// Zechmeister & Kürster 2009, eq. 5, weights equal): nothing is resampled, so nothing is invented between the
// beats.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace rytme::signals {

struct SeriesPoint {
  double t_s{};
  double value{};
};

// Takes away the least-squares straight line.
void detrend(std::span<SeriesPoint> series);

// Frequencies first_hz + k step_hz, k from 0 to count - 1.
struct FrequencyGrid {
  double first_hz{}, step_hz{};
  std::size_t count{};
  double hz(std::size_t k) const { return first_hz + step_hz * static_cast<double>(k); }
};

// Memory is taken once; after that nothing allocates.
class LombScargle {
 public:
  explicit LombScargle(std::size_t most_points);

  // One-sided power density, (unit of the values)²/Hz, so that a sine of amplitude A has power A²/2. density
  // has grid.count places; the series at most most_points, in order of time, of mean 0.
  void density(std::span<const SeriesPoint> series, const FrequencyGrid& grid, std::span<double> density);

 private:
  struct Phasor {
    double cosine{}, sine{};            // at the present frequency
    double step_cosine{}, step_sine{};  // of one step of the grid
  };
  std::vector<Phasor> phasors_;
};

// Power of RR in the usual bands (Task Force 1996): 0.04-0.15 Hz and 0.15-0.40 Hz. For export only: tools
// differ by a factor of two on the same beats.
struct BandPower {
  double lf_ms2{}, hf_ms2{};
  std::optional<double> lf_hf;  // nullopt without power in the upper band
};

// beats: time and rr_ms of the accepted beats of one window, in order. nullopt: fewer than 30 or less than
// 120 s (the lower band then has no five periods).
std::optional<BandPower> band_power(std::span<const SeriesPoint> beats);

}  // namespace rytme::signals
