// SPDX-License-Identifier: Apache-2.0
// What the arousal index and the calm-pulse measurement are told, once a second (physiology §6).
#pragma once

#include <cstdint>
#include <optional>

namespace rytme::signals {

// Where the accelerometer sits: the same step shakes a wrist more than a chest, and costs the same pulse.
enum class SensorPlace : std::uint8_t { wrist, chest };

struct ArousalInput {
  double t_s{};                    // source clock
  std::optional<double> hr10_bpm;  // heart rate of the last 10 s; nullopt = none that may be shown
  double signal_quality{};         // 0-1
  double accepted_share{};         // 0-1, of the last minute's beats; 1 for a source that sends no beats
  bool optical{};                  // measured by light at the skin: a wider doubt
  // Mean absolute deviation of |a| over the last second, g; the seat's pendulum already taken off. nullopt =
  // not known.
  std::optional<double> body_mad_g;
  SensorPlace place{SensorPlace::chest};
};

// What is wrong with an input is left out of it and counted, by kind. A second is taken at most once.
struct ArousalCounters {
  std::uint64_t seconds{};         // taken
  std::uint64_t refused{};         // repeated, out of order, or a time that is no number
  std::uint64_t clock_steps{};     // the source's clock jumped; the second counts as one second
  std::uint64_t bad_heart{};       // no number, or outside 30-222 bpm (2000-270 ms): as if absent
  std::uint64_t bad_movement{};    // no number, negative, or above 8 g: as if absent
  std::uint64_t bad_quality{};     // no number (then 0) or outside 0-1 (then the nearest)
  std::uint64_t frozen_seconds{};  // the heart rate had been bit-equal for over 30 s: as if absent
};

// Time between inputs. Steps of up to 5 s are believed; beyond, the source's clock was set.
class SecondClock {
 public:
  // Seconds since the last input; 0 at the first. nullopt: refused.
  std::optional<double> advance(double t_s, ArousalCounters& counters);
  bool stepped() const { return stepped_; }  // by the last advance()

 private:
  std::optional<double> last_s_;
  bool stepped_{};
};

// The input with everything impossible taken out of it.
ArousalInput plausible(const ArousalInput& input, ArousalCounters& counters);

}  // namespace rytme::signals
