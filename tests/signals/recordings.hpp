// SPDX-License-Identifier: Apache-2.0
// Beats for the tests: recorded ones from the reference data, and made ones.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/reading.hpp"
#include "controller/signals/analyse_heart.hpp"

namespace rytme::test {

// rr_ms and t_s (where the file has it) of data/<file>; condition "" = all rows.
std::vector<signals::Beat> recorded_beats(std::string_view file, std::string_view condition = "");

// One column of data/<file> as text, all rows.
std::vector<std::string> recorded_column(std::string_view file, std::string_view name);

// RR of a calm adult: mean with breathing (0.25 Hz) and a little noise; the same for the same seed.
std::vector<double> calm_rr(std::size_t beats, double mean_ms, double breathing_ms, std::uint32_t seed = 1);

std::vector<signals::Beat> without_times(const std::vector<double>& rr_ms);

// One wearable that sends one notification per beat; time is its own.
class Strap {
 public:
  explicit Strap(std::string boot = "9f2c") : boot_(std::move(boot)) {}

  // The frame of the next beat(s): the clock goes on by their sum. Rounded to 1/1024 s.
  HeartSample beat(double rr_ms) { return beats({rr_ms}); }
  HeartSample beats(const std::vector<double>& rr_ms);
  // A frame without RR, dt_s after the last one.
  HeartSample rate(std::optional<double> bpm, double dt_s = 1);
  // Time passes and nothing is sent; lost: this many frames were sent and did not arrive.
  void wait(double seconds, std::uint64_t lost = 0);
  void restart(std::string boot);
  std::int64_t now_us() const { return t_us_; }
  Instant received() const { return Instant{} + std::chrono::hours(1) + std::chrono::microseconds(t_us_); }

 private:
  HeartSample frame();

  std::string boot_;
  std::uint64_t seq_{};
  std::int64_t t_us_{5'000'000};
};

}  // namespace rytme::test
