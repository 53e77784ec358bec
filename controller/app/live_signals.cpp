// SPDX-License-Identifier: Apache-2.0
#include "controller/app/live_signals.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include <boost/json.hpp>

#include "controller/app/signal_events.hpp"
#include "controller/signals/arousal_text.hpp"

namespace rytme::app {
namespace {

namespace json = boost::json;
using signals::BaselineMeasurement;

// Rows that come of no single device.
constexpr const char* derived = "signals";
// How long a calm pulse is the one of whoever comes: by name, and when nobody was named.
constexpr std::chrono::hours calm_holds_named{4};
constexpr std::chrono::minutes calm_holds_unnamed{30};

std::vector<signals::WornDevice> worn(const settings::House& house, const devices::Devices& devices) {
  std::vector<signals::WornDevice> result;
  for (std::size_t i = 0; i < house.devices.size(); ++i) {
    const auto& device = house.devices[i];
    const auto index = static_cast<DeviceIndex>(i);
    if (device.place.starts_with("heart."))
      result.push_back({{index, devices.ttl_s(index, Capability::hr_sample)},
                        device.on_wrist ? signals::SensorPlace::wrist : signals::SensorPlace::chest});
  }
  return result;
}

std::optional<double> number(double value) {
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

Quality known(const std::optional<double>& value) { return value ? Quality::good : Quality::unknown; }

}  // namespace

LiveSignals::LiveSignals(const settings::House& house, const devices::Devices& devices)
    : house_(house), person_(worn(house, devices)) {}

void LiveSignals::keep(std::string device, Capability capability, std::optional<double> value,
                       Quality quality) {
  rows_.push_back(
      {"", entry::Value{std::move(device), capability, value, "", value ? quality : Quality::unknown}});
}

void LiveSignals::keep(const Reading& reading) {
  keep(house_.devices[reading.device].id, reading.capability, number(reading.value), reading.quality);
}

void LiveSignals::take(const HeartSample& sample, bool recording) {
  readings_.clear();
  const bool second = person_.add(sample, readings_, events_);
  changed_ = changed_ || !readings_.empty();
  if (recording) {
    const auto& id = house_.devices[sample.device].id;
    rows_.push_back({"", entry::Heart{id, sample}});
    keep(id, Capability::hr_bpm, sample.bpm, Quality::good);
    for (const auto& reading : readings_) {
      keep(reading);
      if (reading.capability == Capability::hr_window60_bpm && person_.hearts().chosen() == sample.device)
        keep_minute(id, sample.received);
    }
  }
  keep_events(recording);
  if (second) keep_second(recording, sample.received);
}

void LiveSignals::keep_minute(const std::string& device, Instant now) {
  const auto seen = person_.hearts().variability(now);
  const auto breaths = person_.hearts().respiration_per_min(now, person_.movement().swing_hz(now));
  const auto pnn50 = seen.pnn50_pct ? std::optional(*seen.pnn50_pct / 100) : std::nullopt;
  keep(device, Capability::hr_sdnn120_ms, seen.sdnn_ms, Quality::good);
  keep(device, Capability::hr_pnn50_120, pnn50, Quality::good);
  keep(device, Capability::hr_respiration_per_min, breaths, Quality::good);
}

void LiveSignals::take(const MotionFrame& frame, bool recording) {
  const auto second = person_.add(frame);  // also when nothing is kept: a swing is known only after seconds
  if (!recording) return;
  const auto& id = house_.devices[frame.device].id;
  rows_.push_back({"", entry::Motion{id, frame}});
  if (!second) return;
  const auto& seen = second->now;
  keep(id, Capability::motion_body_mps2, seen.body_mad_mps2, Quality::good);
  if (second->worn) return;
  keep(id, Capability::motion_frequency_hz, seen.swing.frequency_hz, seen.swing.quality);
  keep(id, Capability::motion_amplitude_deg, seen.swing.amplitude_deg, seen.swing.quality);
  const auto occupied = seen.occupied ? std::optional(*seen.occupied ? 1.0 : 0.0) : std::nullopt;
  keep(id, Capability::motion_occupied, occupied, Quality::good);
}

void LiveSignals::battery(DeviceIndex device, double share, Instant now, bool recording) {
  person_.hearts().battery(device, share * 100, now, events_);
  keep_events(recording);
}

void LiveSignals::wake(Instant now, bool recording) {
  const bool second = person_.silent(now, events_);
  keep_events(recording);
  if (second) keep_second(recording, now);
}

// What the index says, as long as there is a calm pulse to say it by.
void LiveSignals::keep_second(bool recording, Instant now) {
  changed_ = true;
  keep_calm_pulse(recording, now);
  const bool has_baseline = person_.baseline().has_value();
  if (!recording || !(has_baseline || index_told_)) return;
  index_told_ = has_baseline;
  const auto& seen = person_.second().arousal;
  const auto index = seen.level ? seen.index : std::nullopt;
  const auto level = seen.level ? std::optional<double>(*seen.level) : std::nullopt;
  const auto quality = seen.may_act() ? Quality::good : Quality::doubtful;
  keep(derived, Capability::arousal_index, index, quality);
  keep(derived, Capability::arousal_level, level, quality);
  keep(derived, Capability::arousal_confidence, has_baseline ? std::optional(seen.confidence) : std::nullopt,
       Quality::good);
  keep(derived, Capability::hr_expected_bpm, seen.expected_bpm, known(seen.expected_bpm));
}

void LiveSignals::keep_events(bool recording) {
  for (const auto& event : std::exchange(events_, {})) {
    changed_ = true;
    const auto& id = house_.devices[event.device].id;
    if (event.kind == signals::HeartEvent::Kind::battery_low) {
      rows_.push_back({"", entry::Event{"battery_low", json::serialize(json::object{{"device", id}})}});
      notices_.push_back("device " + id + ": its battery is low");
      continue;
    }
    if (!recording) continue;
    const auto previous = event.previous ? house_.devices[*event.previous].id : "";
    rows_.push_back({"", heart_event(event.kind, id, previous)});
  }
}

void LiveSignals::keep_calm_pulse(bool recording, Instant now) {
  const auto& measurement = person_.calm_pulse();
  if (!calm_ || !calm_->running || !measurement ||
      measurement->state() == BaselineMeasurement::State::running)
    return;
  calm_->running = false;
  calm_->taken = now;
  if (may_keep_calm_pulse(recording))
    rows_.push_back({"", entry::Event{"baseline", calm_pulse_data(calm_->whose, *measurement)}});
}

// In a session only as far as that one records; outside only what was asked for there, by name.
bool LiveSignals::may_keep_calm_pulse(bool recording) const {
  if (!session_.empty()) return recording && !stranger_;
  return calm_->session.empty() && !calm_->whose.empty();
}

void LiveSignals::take_calm_pulse(const session::CalmPulse& asked) {
  if (session_.empty()) {
    if (asked.participant != here_) person_.remember({});
    here_ = asked.participant;
    if (!here_.empty()) wanted_ = here_;
  }
  person_.take_calm_pulse(asked.session_age_s);
  calm_ = Calm{asked.participant, session_, true, {}};
  changed_ = true;
}

// From here on the strap is worn by this participant, as far as anybody has said. A calm pulse taken under a
// name holds for that name alone; one without, for whoever comes next.
void LiveSignals::here_is(const std::string& participant, Instant now) {
  const bool named = calm_ && !calm_->whose.empty();
  const bool fresh =
      calm_ && (calm_->running || now - calm_->taken <= (named ? calm_holds_named : calm_holds_unnamed));
  if (fresh && (!named || calm_->whose == participant)) {
    calm_->whose = participant;
  } else {
    person_.forget_baseline();
    calm_.reset();
  }
  here_ = participant;
  stranger_ = false;
  person_.remember({});
  if (records_ && !here_.empty()) wanted_ = here_;
}

void LiveSignals::wearer_is(bool same) {
  changed_ = true;
  person_.confirm_wearer(!same);
  if (same) return;
  calm_.reset();
  stranger_ = !session_.empty();
  if (!stranger_) here_.clear();
}

void LiveSignals::follow(const session::Decision& decision, Instant now) {
  const auto& entries = decision.entries;
  const bool withdrawn = std::any_of(entries.begin(), entries.end(), [](const JournalEntry& entry) {
    return std::holds_alternative<entry::Erase>(entry.what);
  });
  for (const auto& entry : entries) {
    if (const auto* start = std::get_if<entry::SessionStart>(&entry.what)) {
      session_ = start->id;
      here_.clear();  // until it is said below who comes
      person_.confirm_wearer(false);
      if (start->recording) recording_begins();
    } else if (const auto* change = std::get_if<entry::SessionChange>(&entry.what);
               change && change->recording) {
      if (withdrawn) counted_.clear();
      *change->recording ? recording_begins() : recording_ends();
    } else if (std::holds_alternative<entry::SessionEnd>(entry.what)) {
      session_ends();
    }
  }
  if (decision.here) here_is(*decision.here, now);
  if (decision.recording_started) person_.hearts().restart_windows();
  if (decision.calm_pulse) take_calm_pulse(*decision.calm_pulse);
  if (decision.same_wearer) wearer_is(*decision.same_wearer);
}

void LiveSignals::resume(const session::Interrupted& session, Instant now) {
  session_ = session.id;
  if (session.recording) recording_begins();
  here_is(session.participant, now);
}

void LiveSignals::recording_begins() {
  records_ = true;
  index_told_ = false;
  counted_.clear();
  for (std::size_t i = 0; i < house_.devices.size(); ++i) {
    const auto device = static_cast<DeviceIndex>(i);
    if (const auto* tracker = person_.hearts().tracker(device)) counted_[device] = tracker->counters();
  }
  if (!here_.empty() && !stranger_) wanted_ = here_;
}

void LiveSignals::recording_ends() {
  records_ = false;
  if (counted_.empty()) return;  // it was off, or what it was is to be removed
  for (const auto& [device, before] : counted_) {
    const auto& now = person_.hearts().tracker(device)->counters();
    if (now.beats > before.beats)
      rows_.push_back({session_, heart_quality(house_.devices[device].id, before, now)});
  }
  counted_.clear();
  const auto& sums = person_.learner().sums();
  if (!here_.empty() && !stranger_ && sums.seconds > 0)
    rows_.push_back({session_, entry::Event{"baseline_gains", gains_data(here_, person_.place(), sums)}});
}

// Whoever was here leaves: what runs cannot be finished, and what has no name is nobody's.
void LiveSignals::session_ends() {
  recording_ends();
  if (stranger_ || (calm_ && (calm_->whose.empty() || (calm_->running && !calm_->session.empty())))) {
    person_.forget_baseline();
    calm_.reset();
  }
  stranger_ = false;
  session_.clear();
}

void LiveSignals::forget(const entry::Erase& erase) {
  // A session that is on goes by what it began with; what is erased is another's, or its record alone.
  if (!session_.empty() || erase.what == entry::Erase::What::body) return;
  person_.remember({});
  person_.forget_baseline();
  calm_.reset();
  here_.clear();
}

void LiveSignals::recalled(const std::string& participant, const signals::PersonMemory& memory) {
  if (participant == here_ && !stranger_) person_.remember(memory);
}

void LiveSignals::sense(session::Senses& senses, Instant now) const {
  senses.pulse_heard = person_.hearts().at(now).bpm.has_value();
  senses.pulse_bpm = person_.motion_free_bpm(now);
  senses.measuring_calm_pulse =
      person_.calm_pulse() && person_.calm_pulse()->state() == BaselineMeasurement::State::running;
  const auto& arousal = person_.second().arousal;
  senses.arousal = {arousal.level, arousal.index, arousal.confidence};
  if (const auto swing = person_.movement().swing(now))
    senses.swing = {swing->hz, swing->phase_rad, swing->good};
}

void LiveSignals::describe(RoomState& state, Instant now) const {
  const bool norwegian = house_.room.language != "en";
  state.heart = person_.hearts().at(now);
  state.heart_unfit = person_.hearts().unfit(now);
  state.show_level = house_.room.show_level;
  const auto& seen = person_.second();
  signals::ArousalLine line;
  state.arousal = {
      seen.arousal.level,
      seen.arousal.level ? seen.arousal.index : std::nullopt,
      seen.arousal.confidence,
      std::string(line.write(seen.arousal, person_.baseline(),
                             norwegian ? signals::ArousalLanguage::nb : signals::ArousalLanguage::en)),
      seen.arousal.low_side,
      seen.wearer_unsure};
  if (person_.calm_pulse()) state.calm_pulse = calm_pulse_now(*person_.calm_pulse(), norwegian);
}

}  // namespace rytme::app
