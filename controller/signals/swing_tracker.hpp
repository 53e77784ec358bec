// SPDX-License-Identifier: Apache-2.0
// A swing or hammock from the motion sensor on its seat, sample by sample: frequency, amplitude, phase,
// regularity, pumping, twist. With a gyroscope the pendulum itself is followed; with an accelerometer alone
// the force along the rope, which has twice the frequency. Bounded memory, O(1) per sample, no allocation
// after construction. Times are the source's own. Logic thread. Method and measured errors:
// docs/signals-motion.md.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>

#include "controller/room/reading.hpp"
#include "controller/signals/axis_tracker.hpp"
#include "controller/signals/motion_block.hpp"
#include "controller/signals/swing_filter.hpp"
#include "controller/signals/swing_start.hpp"

namespace rytme::signals {

// Unknown is nullopt: no swing, too irregular to name, or the last sample is 1.5 periods old.
struct SwingNow {
  std::optional<double> frequency_hz;
  std::optional<double>
      amplitude_deg;                 // never from an accelerometer alone: it depends on where the sensor sits
  std::optional<double> phase_rad;   // -π to π, 0 at a turning point, the same one throughout a run
  std::optional<double> regularity;  // 0 to 1: share of the motion that one pendulum explains
  std::optional<double> pumping;  // share of the pendulum's energy gained per period; 0 when it does not grow
  std::optional<double> twist_dps;  // root mean square of the turning about the rope, 10 s
  Quality quality{Quality::unknown};
};

class SwingTracker {
 public:
  SwingTracker();
  // A sample not later than the last one, before 0 or after 31 years, or with a number that is not finite, is
  // refused: false. After more
  // than 10 s without a sample everything begins anew.
  bool add(const MotionSample& sample);
  // What is known at t_us, from the samples so far; foretold at most 1.5 periods ahead.
  SwingNow at(std::int64_t t_us) const;
  // The force along the rope (m/s²) that this pendulum would show at t_us with nobody on it, the sensor near
  // the rope's lower end; nullopt when no swing is known, or by an accelerometer alone one faster than this.
  std::optional<double> pendulum_force(std::int64_t t_us, double fastest_by_force_hz) const;
  // The seat moves in a way that may be a swing, named or not yet.
  bool may_swing() const;
  void clear();

 private:
  enum class Source : std::uint8_t { none, gyro, force };

  void add_block(const MotionBlock& block);
  void follow(const MotionBlock& block, double dt_s);
  void look_for_start(const MotionBlock& block);
  void stop();
  const SwingFilter* known(std::int64_t t_us) const;
  double along(const MotionBlock& block) const;
  double age_s(std::int64_t t_us) const;

  MotionBlocks blocks_;
  AxisTracker axes_;
  SwingStart gyro_start_, force_start_;
  std::optional<std::int64_t> sample_us_, block_us_;
  Source source_{Source::none};
  bool running_{};
  double followed_s_{};  // since the filter began
  double irregular_s_{};
  Vector3 first_{};  // axis of the filter's first direction when it began
  SwingFilter filter_;
};

}  // namespace rytme::signals
