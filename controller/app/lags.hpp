// SPDX-License-Identifier: Apache-2.0
// How late a loop was for what was due, as a histogram. One thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace rytme::app {

class Lags {
 public:
  static constexpr std::array<double, 9> bounds_s{0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.2, 1};

  void add(double late_s) {
    const auto* place = std::ranges::lower_bound(bounds_s, late_s);
    ++counts_[static_cast<std::size_t>(place - bounds_s.begin())];
    sum_s_ += late_s;
    worst_s_ = std::max(worst_s_, late_s);
  }
  // How many were at most bounds_s[i] late; i = bounds_s.size(): all.
  std::uint64_t up_to(std::size_t i) const {
    std::uint64_t n = 0;
    for (std::size_t k = 0; k <= i; ++k) n += counts_[k];
    return n;
  }
  double sum_s() const { return sum_s_; }
  double worst_s() const { return worst_s_; }

 private:
  std::array<std::uint64_t, bounds_s.size() + 1> counts_{};
  double sum_s_{}, worst_s_{};
};

}  // namespace rytme::app
