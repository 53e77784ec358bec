// SPDX-License-Identifier: Apache-2.0
// Streams from bodies and seats: kept as they came, and as what they mean, once a second.
#include <cmath>
#include <utility>

#include "controller/app/core.hpp"

namespace rytme::app {

void Core::take(const HeartSample& sample, Now now, Effects& effects) {
  watch_.heard(sample.device, now.steady);
  const auto found = hearts_.find(sample.device);
  if (found == hearts_.end()) return;
  if (sample.contact == Contact::yes || sample.rr_count > 0) vouched_.insert(sample.device);
  derived_.clear();
  found->second.add(sample, derived_);
  if (!derived_.empty()) dirty_ = true;
  if (!session_.recording()) return;
  const auto& id = house_.devices[sample.device].id;
  JournalEntry frame;
  frame.what = entry::Heart{id, sample};
  journal(std::move(frame), now, effects);
  JournalEntry bpm;
  bpm.what =
      entry::Value{id, Capability::hr_bpm, sample.bpm, "", sample.bpm ? Quality::good : Quality::unknown};
  journal(std::move(bpm), now, effects);
  for (const auto& reading : derived_) {
    JournalEntry value;
    value.what = entry::Value{id, reading.capability,
                              std::isfinite(reading.value) ? std::optional(reading.value) : std::nullopt, "",
                              reading.quality};
    journal(std::move(value), now, effects);
  }
}

void Core::take(const MotionFrame& frame, Now now, Effects& effects) {
  watch_.heard(frame.device, now.steady);
  Seat& seat = seats_[frame.device];
  seat.tracker.add(frame);  // also when nothing is kept: a swing is known only after some seconds of it
  if (!session_.recording()) return;
  JournalEntry kept;
  kept.what = entry::Motion{house_.devices[frame.device].id, frame};
  journal(std::move(kept), now, effects);
  tell_seat(frame.device, seat, now, effects);
}

// Once in a second of the node's own time, with what is unknown as unknown.
void Core::tell_seat(DeviceIndex device, Seat& seat, Now now, Effects& effects) {
  constexpr std::int64_t second_us = 1'000'000;
  const auto last_us = seat.tracker.last_us();
  if (!last_us || *last_us / second_us == seat.told_s) return;
  seat.told_s = *last_us / second_us;
  const auto seen = seat.tracker.at(*last_us);
  const auto tell = [&](Capability capability, std::optional<double> value, Quality quality) {
    JournalEntry row;
    row.what =
        entry::Value{house_.devices[device].id, capability, value, "", value ? quality : Quality::unknown};
    journal(std::move(row), now, effects);
  };
  tell(Capability::motion_frequency_hz, seen.swing.frequency_hz, seen.swing.quality);
  tell(Capability::motion_amplitude_deg, seen.swing.amplitude_deg, seen.swing.quality);
  const auto occupied = seen.occupied ? std::optional(*seen.occupied ? 1.0 : 0.0) : std::nullopt;
  tell(Capability::motion_occupied, occupied, Quality::good);
}

}  // namespace rytme::app
