// SPDX-License-Identifier: Apache-2.0
// `rytme analyse arousal` (contracts §6): a recording through the live classes, one result per second of its
// time.
#pragma once

#include <functional>
#include <optional>
#include <span>

#include "controller/signals/analyse_heart.hpp"
#include "controller/signals/arousal_heart.hpp"
#include "controller/signals/arousal_index.hpp"
#include "controller/signals/movement_meter.hpp"

namespace rytme::signals {

// Beats, rates and acceleration of one person in, one result per whole second out. What is told belongs to
// the second it is told in: tick(t) after all that came up to t.
class ArousalPipeline {
 public:
  // optical: the heart rate is measured by light.
  ArousalPipeline(SensorPlace place, bool optical, const BaselineHistory& history = {});

  void beat(double t_s, double rr_ms) { heart_.beat(t_s, rr_ms); }
  void rate(double t_s, double bpm) { heart_.rate(t_s, bpm); }
  void acceleration(double t_s, double ax_g, double ay_g, double az_g) { meter_.add(t_s, ax_g, ay_g, az_g); }

  const ArousalNowResult& tick(double t_s);
  const ArousalInput& input() const { return input_; }  // of the last tick

  // A calm-pulse measurement from the next tick on, until it ends by itself or finish_baseline().
  void begin_baseline(BaselineMeasurement::Ends ends, std::optional<double> session_age_s = {});
  void finish_baseline();
  const std::optional<BaselineMeasurement>& measurement() const { return measurement_; }
  const ArousalIndex& index() const { return index_; }
  const ArousalHeart& heart() const { return heart_; }
  const MovementMeter& meter() const { return meter_; }

 private:
  void take_result();

  SensorPlace place_;
  bool optical_;
  BaselineHistory history_;
  ArousalHeart heart_;
  MovementMeter meter_;
  std::optional<BaselineMeasurement> measurement_;
  ArousalIndex index_;
  ArousalInput input_;
};

struct TimedRate {
  double t_s{}, bpm{};
};
struct Acceleration {
  double t_s{}, ax_g{}, ay_g{}, az_g{};
};
struct ArousalRecording {
  std::span<const TimedRate> rates;
  std::span<const Beat> beats;  // without t_s: from the cumulative sum of rr_ms, beginning at 0
  std::span<const Acceleration> acceleration;
  double baseline_from_s{}, baseline_to_s{};  // the calm pulse is taken here, all of it up to 5 min
  SensorPlace place{SensorPlace::chest};
  bool optical{};
};

using EachSecond = std::function<void(double t_s, const ArousalInput&, const ArousalNowResult&,
                                      const std::optional<Baseline>&)>;

// Calls each for every whole second from the first to the last beat or rate. Times must grow; what is out of
// order is taken when it comes. At most a week of seconds: beyond, the times are not of one recording and
// false is returned with nothing called.
bool analyse_arousal(const ArousalRecording& recording, const EachSecond& each);

}  // namespace rytme::signals
