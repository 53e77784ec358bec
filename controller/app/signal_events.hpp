// SPDX-License-Identifier: Apache-2.0
// What the record and the screen are told of the signals' own events. Pure.
#pragma once

#include <string>

#include "controller/room/journal_entry.hpp"
#include "controller/room/room_state.hpp"
#include "controller/signals/baseline_measurement.hpp"
#include "controller/signals/heart_sources.hpp"
#include "controller/signals/movement_model.hpp"

namespace rytme::app {

// Of a measurement that has ended. quality: good | doubtful | unknown; reason: "" or the first that applies
// of too_short, no_data, rejected, moving, slope, above_history. bpm is the median of this measurement,
// calm_bpm what the index compares with.
std::string calm_pulse_data(const std::string& participant, const signals::BaselineMeasurement& measurement);
CalmPulseNow calm_pulse_now(const signals::BaselineMeasurement& measurement, bool norwegian);

// What movement costs this person, for the next session.
std::string gains_data(const std::string& participant, signals::SensorPlace place,
                       const signals::MovementGainLearner::Sums& sums);

// Which wearable is believed, contact, and who wears it.
entry::Event heart_event(signals::HeartEvent::Kind kind, const std::string& device,
                         const std::string& previous);
// The beats of one recording: how many came, how many were kept, what the settled lane says of them.
entry::Event heart_quality(const std::string& device, const signals::HeartTracker::Counters& before,
                           const signals::HeartTracker::Counters& now);

}  // namespace rytme::app
