// SPDX-License-Identifier: Apache-2.0
// The one person in the room, as all that hears and sees them tells: pulse, calm pulse, arousal index.
// Seconds are those of the heart wearable that is believed, so that a recording sent faster gives the same
// numbers; while none speaks, the caller's. Pure: time comes with the samples. Bounded memory. Logic thread.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controller/signals/arousal_heart.hpp"
#include "controller/signals/arousal_index.hpp"
#include "controller/signals/baseline_measurement.hpp"
#include "controller/signals/body_movement.hpp"
#include "controller/signals/heart_sources.hpp"
#include "controller/signals/source_seconds.hpp"

namespace rytme::signals {

struct WornDevice {
  HeartDevice heart;
  SensorPlace place{SensorPlace::chest};
};

// What is kept of a person from one session to the next. Sums by SensorPlace.
struct PersonMemory {
  BaselineHistory calm;
  std::array<MovementGainLearner::Sums, 2> movement{};
};

// What is known of the second that has ended.
struct PersonSecond {
  ArousalInput input;
  ArousalNowResult arousal;
  std::optional<DeviceIndex> source;
  bool wearer_unsure{};  // put on again after a break: nobody has said whether by the same person
};

class Person {
 public:
  explicit Person(std::span<const WornDevice> worn);

  // Readings and events as HeartSources::add(). True: a second has ended, see second().
  bool add(const HeartSample& sample, std::vector<Reading>& readings, std::vector<HeartEvent>& events);
  // Of a worn sensor or of a seat.
  std::optional<MotionSecond> add(const MotionFrame& frame);
  // To be called once a second. True: nothing has come for so long that this second counts as one without.
  bool silent(Instant now, std::vector<HeartEvent>& events);
  const PersonSecond& second() const { return second_; }

  HeartSources& hearts() { return hearts_; }
  const HeartSources& hearts() const { return hearts_; }
  const BodyMovement& movement() const { return movement_; }

  // Begins a calm pulse («hvilepuls»); who wears the strap now is who it is of. session_age_s as
  // BaselineMeasurement.
  void take_calm_pulse(std::optional<double> session_age_s);
  const std::optional<BaselineMeasurement>& calm_pulse() const { return measurement_; }
  // What the index compares with.
  const std::optional<Baseline>& baseline() const { return index_.baseline(); }
  void forget_baseline();

  // The pulse as it would be at rest: a good heart rate less what movement explains of it. nullopt also when
  // movement explains so much that the rest is a guess (confidence of the movement below 0.6).
  std::optional<double> motion_free_bpm(Instant now) const;

  // What is kept of whoever is here now; for measurements and movement from here on.
  void remember(const PersonMemory& memory);
  // Somebody has looked at who wears the strap. another: calm pulse and memory do not hold.
  void confirm_wearer(bool another);

  SensorPlace place() const { return place_; }
  const MovementGainLearner& learner() const { return index_.learner(); }
  const ArousalIndex& index() const { return index_; }

 private:
  struct Lane {  // of one heart wearable
    SensorPlace place{};
    ArousalHeart heart;
    std::string boot;
    SourceSeconds seconds;
    std::optional<std::int64_t> second;
  };
  void hear(Lane& lane, const HeartSample& sample);
  bool wearer_unsure(Instant now) const;
  void step(double dt_s, ArousalInput input, Instant now);
  void build_index();

  HeartSources hearts_;
  BodyMovement movement_;
  std::map<DeviceIndex, Lane> lanes_;
  PersonMemory memory_;
  SensorPlace place_{SensorPlace::chest};  // of what tells the body's movement
  ArousalIndex index_;
  std::optional<BaselineMeasurement> measurement_;
  double t_s_{};
  std::optional<DeviceIndex> source_;
  std::optional<Instant> stepped_;
  PersonSecond second_;
};

}  // namespace rytme::signals
