// SPDX-License-Identifier: Apache-2.0
// The arousal index, version 0: a descriptive number, how far the heart rate is above what this body's own
// calm pulse and its present movement explain, in units of the doubt about it; with a confidence, and often
// unknown (physiology §6). It says nothing of what a person feels. Streaming, one input a second, O(1), no
// allocation; the same inputs give the same bits. Logic thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "controller/signals/arousal_confidence.hpp"
#include "controller/signals/arousal_input.hpp"
#include "controller/signals/arousal_level.hpp"
#include "controller/signals/baseline_measurement.hpp"
#include "controller/signals/movement_model.hpp"

namespace rytme::signals {

// Why there is no level.
enum class ArousalUnknown : std::uint8_t {
  no,  // there is one
  no_pulse,
  no_baseline,      // heart rate only
  recovering,       // from hard movement
  moving,           // too much to tell
  movement_unseen,  // heart rate above expected, and nothing tells whether the body moves
  wearer_unsure,    // the strap has been off: perhaps another person
  unsure,           // weak signal, doubtful baseline, or near the edge of a level
};

struct ArousalNowResult {
  std::optional<double> hr_bpm, expected_bpm, sigma_bpm;
  std::optional<double> index;
  std::optional<int> level;  // 0-4; nullopt = unknown
  double confidence{};       // 0-1
  bool low_side{};           // a question to the adult, never a state
  ArousalUnknown unknown{ArousalUnknown::no_pulse};
  double side_s{};  // for how long the heart rate has been on this side of the expected one
  bool may_act() const { return level && !low_side && confidence >= automation_from; }  // only towards calmer
};

class ArousalIndex {
 public:
  explicit ArousalIndex(SensorPlace place = SensorPlace::chest) : ArousalIndex(prior_gains(place)) {}
  explicit ArousalIndex(const MovementGains& gains, const MovementGainLearner& learner = {});

  // From the next second on. Levels begin anew at 0; what is known of the movement is kept.
  void set_baseline(const Baseline& baseline);
  const std::optional<Baseline>& baseline() const { return baseline_; }

  // One second. A refused input (see ArousalCounters) changes nothing and returns the last result.
  const ArousalNowResult& add(const ArousalInput& input);
  const ArousalNowResult& now() const { return result_; }

  // What this person's movement has taught; gains for the next session, never changed within one.
  const MovementGainLearner& learner() const { return learner_; }
  const MovementModel& movement() const { return movement_; }
  // What present and past movement explain of the heart rate, bpm >= 0; 0 while it is not measured.
  double elevation_bpm() const { return movement_.elevation_bpm(gains_); }
  const ArousalCounters& counters() const { return counters_; }

 private:
  void move(double dt_s, const ArousalInput& input);
  void watch_for_frozen(double dt_s, ArousalInput& input);
  void without_pulse(double dt_s);
  void judge(double dt_s, const ArousalInput& input);
  double rise_over_15_s(double above_bpm);
  void count_side(double dt_s, double hr_bpm, double expected_bpm);
  double movement_trust(double dt_s, double above_bpm);
  bool very_quiet(double dt_s, double z, const ArousalInput& input);
  ArousalUnknown why_unknown(double movement) const;
  void learn(const ArousalInput& input);
  void forget();

  MovementGains gains_;
  MovementGainLearner learner_;
  std::optional<Baseline> baseline_;
  SecondClock clock_;
  ArousalCounters counters_;
  MovementModel movement_;
  SignalTrust signal_trust_;
  MovementTrust movement_trust_;
  ArousalLevel level_;
  double signal_{};
  double effort_{};             // u of the last known second
  double movement_age_s_{1e9};  // since movement was known
  double last_hr_bpm_{}, same_s_{};
  double absent_s_{};
  std::array<double, 15> above_bpm_{};  // ring
  std::size_t above_next_{}, above_count_{};
  std::optional<double> index_;
  int side_{};
  double side_s_{};
  double quiet_s_{};
  ArousalNowResult result_;
};

}  // namespace rytme::signals
