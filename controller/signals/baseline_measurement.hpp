// SPDX-License-Identifier: Apache-2.0
// The calm pulse («hvilepuls») of one person, taken on purpose over 2-5 quiet minutes, in a session or
// outside of one (physiology §6.2). Pure and streaming: fixed memory, one bounded pass over at most 300
// values at the end of each second after the second minute. Logic thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>

#include "controller/signals/arousal_input.hpp"

namespace rytme::signals {

// Why a calm pulse is doubtful, or could not be taken. A set of bits.
enum class BaselineDoubt : std::uint8_t {
  drifting = 1,         // heart rate slope above 1 bpm/min
  noisy = 2,            // over 20 % of the beats rejected, or of the seconds without a heart rate
  moving = 4,           // over 20 % of the time
  arrived_aroused = 8,  // 10 bpm above the person's own history, which then wins
  too_short = 16,       // ended before two minutes
};

// One line of each doubt, or "".
std::string_view doubt_text(BaselineDoubt doubt, bool norwegian);

struct Baseline {
  double calm_bpm{};                  // μ*: what the index compares with
  double spread_bpm{3};               // s = 1.4826 MAD, at least 3
  double today_bpm{};                 // μ_now, the median of this measurement alone
  double iqr_bpm{};                   // of this measurement
  double minutes{};                   // of heart rate behind today_bpm
  double rest_mad_g{0.02};            // m0: 95th percentile of movement at rest
  std::optional<double> still_mad_g;  // 5th percentile: stiller than this is very still
  bool history_won{};
  std::uint8_t doubts{};  // bits of BaselineDoubt; 0 = good
  bool good() const { return doubts == 0; }
  bool has(BaselineDoubt doubt) const { return (doubts & static_cast<std::uint8_t>(doubt)) != 0; }
};

// The calm pulses of a person's earlier sessions, newest last; at most ten.
class BaselineHistory {
 public:
  // Only good ones are kept. A value outside 30-222 bpm is refused: false.
  bool add(const Baseline& baseline);
  bool add_bpm(double calm_bpm);
  std::optional<double> mean_bpm() const;  // nullopt: none
  std::span<const double> values() const { return std::span{values_}.first(count_); }

 private:
  std::array<double, 10> values_{};
  std::size_t count_{};
};

// μ* = (n0 μ_hist + n μ_now) / (n0 + n), n0 = 5 min; history alone when μ_now > μ_hist + 10.
Baseline shrunk_to(const BaselineHistory& history, Baseline measured);

class BaselineMeasurement {
 public:
  enum class State : std::uint8_t { running, good, doubtful, failed };
  enum class Ends : std::uint8_t { by_itself, when_told };

  // session_age_s: how old the session is now; its first minute is not looked at. nullopt: outside a session.
  explicit BaselineMeasurement(const BaselineHistory& history, std::optional<double> session_age_s = {},
                               Ends ends = Ends::by_itself);

  // The history came after the measurement began.
  void compare_with(const BaselineHistory& history) { history_ = history; }

  // One second. Ends by itself when good (from 2 min on), at the latest at 5 min. After the end: no effect.
  State add(const ArousalInput& input);
  // Ends now with what there is: doubtful or good. Under two minutes (110 s, as the first seconds of a
  // recording have no heart rate yet), or under one of heart rate: failed.
  State finish();

  State state() const { return state_; }
  double elapsed_s() const { return elapsed_s_; }        // of what is looked at
  std::size_t heart_seconds() const { return hearts_; }  // of these, with a heart rate
  // Bits of BaselineDoubt as of now: what the person beside could be told.
  std::uint8_t doubts() const;
  // After good or doubtful.
  const std::optional<Baseline>& result() const { return result_; }
  const ArousalCounters& counters() const { return counters_; }

 private:
  static constexpr std::size_t longest = 300;

  void take(const ArousalInput& input);
  double slope_bpm_per_min() const;
  double quantile(std::span<const double> values, double share) const;
  Baseline measured() const;
  State end();

  BaselineHistory history_;
  Ends ends_;
  double skip_s_;  // still to come of the session's first minute
  State state_{State::running};
  SecondClock clock_;
  ArousalCounters counters_;
  double elapsed_s_{};
  std::size_t seconds_{};  // looked at
  std::array<double, longest> heart_bpm_{};
  std::array<double, longest> mad_g_{};
  std::size_t hearts_{}, mads_{}, moving_{};
  double accepted_sum_{};
  double t_{}, tt_{}, b_{}, tb_{};  // of the least-squares slope: minutes and bpm
  mutable std::array<double, longest> scratch_{};
  std::optional<Baseline> result_;
};

}  // namespace rytme::signals
