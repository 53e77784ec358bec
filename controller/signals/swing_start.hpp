// SPDX-License-Identifier: Apache-2.0
// Is there a swing at all? One whole period between crossings of zero, with two halves that are alike. Says
// where a SwingFilter can begin. Fixed memory; pure.
#pragma once

#include <cstdint>
#include <optional>

namespace rytme::signals {

class SwingStart {
 public:
  // least: the smallest peak that is a swing; slowest_hz, fastest_hz of the signal.
  SwingStart(double least, double slowest_hz, double fastest_hz)
      : least_(least), slowest_hz_(slowest_hz), fastest_hz_(fastest_hz) {}

  struct Found {
    double omega{};  // the signal now
    double peak{};   // of the last half period
    double frequency_hz{};
    bool rising{};  // it has just gone from negative to positive
  };
  std::optional<Found> add(double t_s, double value);
  void clear() { *this = SwingStart(least_, slowest_hz_, fastest_hz_); }

 private:
  struct Half {
    double begin_s{}, peak{};
  };
  std::optional<Found> judge(double value) const;

  double least_, slowest_hz_, fastest_hz_;
  std::optional<double> last_s_;
  double last_{};
  double crossing_s_{};  // the last time the signal passed zero
  bool positive_{};      // with hysteresis
  Half now_, before_, earlier_;
  int halves_{};  // how many are known, at most 3
};

}  // namespace rytme::signals
