// SPDX-License-Identifier: Apache-2.0
// The threshold of Lipponen & Tarvainen 2019 (J Med Eng Technol 43:173, eq. 2): 5.2 x the quartile deviation
// of |x| over 91 values around each one. It comes 45 values late; at the beginning and the end the window is
// cut off.
#pragma once

#include <array>
#include <cstddef>
#include <optional>

namespace rytme::signals {

class CentredThreshold {
 public:
  static constexpr std::size_t half_width = 45;

  // The next value, finite. The threshold of the value 45 before it, once there is one.
  std::optional<double> add(double value);

  // No more values come: the threshold of the next value that has none yet; nullopt after the last.
  std::optional<double> finish_next();

 private:
  static constexpr std::size_t width = 2 * half_width + 1;

  void insert(double magnitude);
  void drop_oldest();
  double threshold() const;
  double quantile(double share) const;

  std::array<double, width> ring_{};    // in order of time, index i at i % width
  std::array<double, width> sorted_{};  // the values from oldest_ to added_ - 1
  std::size_t oldest_{}, added_{};      // indices of values
  std::size_t answered_{};              // thresholds given
};

}  // namespace rytme::signals
