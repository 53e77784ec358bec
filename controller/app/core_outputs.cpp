// SPDX-License-Identifier: Apache-2.0
// Polled devices that restart, and outputs that somebody else moves.
#include <algorithm>
#include <cmath>
#include <set>

#include <boost/json.hpp>

#include "controller/app/core.hpp"
#include "controller/settings/modbus_rules.hpp"

namespace rytme::app {
namespace {

constexpr std::chrono::seconds failed_pause{10};
constexpr std::chrono::milliseconds longest_way{300};  // to a stepped device and back

bool is_watched(Capability capability) {
  return capability == Capability::light_level || capability == Capability::relay_on ||
         capability == Capability::analog_voltage_v;
}

}  // namespace

// What the slave holds now is not what we think: the next write to it goes out in full.
void Core::forget_written(BusIndex bus, std::uint8_t unit) {
  std::erase_if(written_, [&](const auto& row) {
    return std::get<0>(row.first) == bus && std::get<1>(row.first) == unit;
  });
}

void Core::forget_written(DeviceIndex device) {
  const auto& settings = house_.devices[device];
  if (!settings.bus) return;
  forget_written(*settings.bus,
                 static_cast<std::uint8_t>(settings::number_param(settings.params, "unit", 0)));
}

// What the profile wants kept is written whenever the device may have lost it.
void Core::keep_setup(DeviceIndex device, Now now, Effects& effects) {
  for (auto& step : devices_.setup(device)) {
    if (!step.setup->keep) continue;
    step.write.expires = now.steady + safety::command_expiry;
    effects.writes.push_back(std::move(step.write));
  }
}

void Core::receive(const WriteResult& result, Now now, Effects& effects) {
  if (result.outcome != BusOutcome::ok || !result.done) {
    steps_.failed(result.tag);
    write_failed(result, now);
    return;
  }
  if (const auto step = steps_.carried_out(result.tag)) last_stage_.took_step(step->device, step->linear);
  for (const auto& output : devices_.outputs()) {
    const auto& device = house_.devices[output.device];
    const auto unit = device.params.find("unit");
    if (device.bus != result.bus || unit == device.params.end() ||
        unit->second != std::to_string(result.unit))
      continue;
    // A write that was on the wire before the stop confirms nothing of it.
    if (result.tag >= stop_seq_ && confirmations_.waits_for(output.device))
      confirmations_.stop_confirmed(output.device);
  }
  finish(now, effects);
}

// A write that was tried and failed: its outputs may have anything. Taken up again once in a while; what the
// device refuses it would refuse again.
void Core::write_failed(const WriteResult& result, Now now) {
  forget_written(result.bus, result.unit);
  if (!result.done) return;  // superseded or expired: nothing was tried
  for (std::size_t i = 0; i < house_.devices.size(); ++i)
    if (house_.devices[i].bus == result.bus &&
        settings::number_param(house_.devices[i].params, "unit", 0) == result.unit)
      talk_.error(static_cast<DeviceIndex>(i), error_of(result.outcome));
  for (const auto& out : devices_.outputs()) {
    const auto& device = house_.devices[out.device];
    if (device.bus != result.bus || settings::number_param(device.params, "unit", 0) != result.unit) continue;
    outputs_.forget(out.device);
    if (out.reassert && result.outcome != BusOutcome::gone)
      take_up_at_.try_emplace(out.device, now.steady + failed_pause);
  }
}

// It has forgotten what it was told: set it up, ask it, and take it up from what it says.
void Core::take_power_up(const Reading& reading, Now now, Effects& effects) {
  const auto& id = house_.devices[reading.device].id;
  note("device_restarted", boost::json::serialize(boost::json::object{{"device", id}}), now, effects);
  effects.notices.push_back("device " + id + ": has restarted");
  note_announced(reading.device, now, effects);
  for (auto& message : devices_.refreshes(reading.device, true))
    effects.publishes.push_back(std::move(message));
  const auto* out = output(reading.device);
  if (out != nullptr && out->reassert) reassert_by_[reading.device] = now.steady + report_wait;
}

// A lamp that comes and goes: its power flickers, and nothing of ours may make it shine (criterion S-L6).
void Core::note_announced(DeviceIndex device, Now now, Effects& effects) {
  constexpr std::chrono::seconds all_announce{30};  // after the broker is back
  if (broker_up_at_ && now.steady - *broker_up_at_ < all_announce) return;
  if (!last_stage_.announced(device, now.steady)) return;
  const auto& id = house_.devices[device].id;
  note("device_quarantined", boost::json::serialize(boost::json::object{{"device", id}}), now, effects);
  effects.notices.push_back("device " + id + ": its power flickers; switch it off at the wall");
  dirty_ = true;
}

void Core::take_answer(const Reading& reading, Now now, Effects& effects) {
  confirmations_.answered(reading.device);
  if (reading.capability != Capability::command_ack || reading.value != 0) return;
  const auto& id = house_.devices[reading.device].id;
  talk_.error(reading.device, TalkError::refused);
  note("command_refused", boost::json::serialize(boost::json::object{{"device", id}}), now, effects);
  effects.notices.push_back("device " + id + ": refuses a command");
}

void Core::take_uptime(const Reading& reading, Now now, Effects& effects) {
  if (!std::isfinite(reading.value)) return;
  const auto [row, first] = uptimes_.try_emplace(reading.device, reading.value);
  const double before = row->second;
  row->second = reading.value;
  if (first || reading.value >= before) return;
  const auto& device = house_.devices[reading.device];
  note("device_restarted",
       boost::json::serialize(boost::json::object{{"device", device.id}, {"uptime_s", reading.value}}), now,
       effects);
  effects.notices.push_back("device " + device.id + ": restarted");
  note_announced(reading.device, now, effects);
  forget_written(reading.device);
  outputs_.forget(reading.device);
  keep_setup(reading.device, now, effects);
  const auto* out = output(reading.device);
  if (out != nullptr && out->reassert) reassert_by_[reading.device] = now.steady + report_wait;
}

// On the broker, what takes many small steps one after another: a light that does not fade by itself, a
// player.
bool Core::is_stepped(DeviceIndex device) const {
  const auto* out = output(device);
  if (out == nullptr || !out->reassert) return false;
  return !house_.devices[device].bus && !out->fades_itself && out->echo != settings::EchoKind::none;
}

bool Core::says_its_level(DeviceIndex device) const {
  return settings::is_polled(house_.profiles[house_.devices[device].profile], Capability::light_level);
}

// Steps that gather on the way arrive as one jump, and after a loss a step goes on from where the device is
// not. So the next one waits until the device has said something, and what it then says is where it goes on.
// A stop waits for no network; but a polled device that was lost takes nothing either, and is brought to safe
// light by ramp when it answers.
bool Core::must_wait(DeviceIndex device, Now now) {
  const bool polled = house_.devices[device].bus.has_value();
  if (last_stage_.latched() && !polled) return false;
  const auto awaited = reassert_by_.find(device);
  const bool known = polled || watch_.presence(device) != Presence::unknown;
  if (awaited != reassert_by_.end()) return known;
  const auto since = unanswered_.find(device);
  if (since == unanswered_.end() || now.steady - since->second < longest_way) return false;
  unanswered_.erase(since);
  reassert_by_[device] = now.steady + report_wait;
  return true;
}

// A step that came late has only now begun, so the next one waits from now.
void Core::take_heard(DeviceIndex device, Now now) {
  const auto since = unanswered_.find(device);
  if (since == unanswered_.end()) return;
  if (now.steady - since->second >= longest_way) last_stage_.came_late(device, now.steady);
  unanswered_.erase(since);
}

void Core::note_sent(DeviceIndex device, const Setting& setting, std::chrono::milliseconds transition,
                     Now now) {
  if (!house_.devices[device].bus || !is_watched(setting.capability)) return;
  const auto readback = devices_.readback(device, setting.capability);
  outputs_.sent(device, setting.capability, setting.value, readback.tolerance.value_or(0.01),
                now.steady + transition + readback.delay.value_or(std::chrono::milliseconds{1500}));
}

void Core::watch_output(const Reading& reading, Now now, Effects& effects) {
  const double sent = outputs_.last_sent(reading.device, reading.capability);
  const auto finding = outputs_.reported(reading.device, reading.capability, reading.value, now.steady);
  if (finding == OutputWatch::Finding::fine) return;
  const bool reset = finding == OutputWatch::Finding::reset;
  const auto& device = house_.devices[reading.device];
  note(reset ? "output_reset" : "output_changed",
       boost::json::serialize(boost::json::object{{"device", device.id},
                                                  {"channel", name_of(reading.capability)},
                                                  {"commanded", sent},
                                                  {"reported", reading.value}}),
       now, effects);
  effects.notices.push_back("device " + device.id +
                            (reset ? ": its output was reset" : ": somebody else changed it"));
  forget_written(reading.device);
  dirty_ = true;
  const auto* out = output(reading.device);
  if (!reset || out == nullptr || !out->reassert) return;
  outputs_.forget(reading.device);
  keep_setup(reading.device, now, effects);
  last_stage_.reassert(reading.device, now.steady);
  if (reading.capability != Capability::light_level) return;
  const double linear = linear_from_level(device.curve, reading.value);
  last_stage_.observed_light(reading.device, linear, now.steady);  // and from there
  last_stage_.reassert(reading.device, now.steady);
}

// Nobody on it answers.
bool Core::is_bus_down(BusIndex bus) const {
  for (std::size_t i = 0; i < watch_.size(); ++i)
    if (house_.devices[i].bus == bus && watch_.presence(static_cast<DeviceIndex>(i)) != Presence::lost)
      return false;
  return true;
}

// Which rungs of the ladder are stood on; what people are told of them comes from here.
void Core::look_for_faults(Instant now) {
  using safety::Fault;
  const session::Senses senses = this->senses(now);
  bool sensed = senses.pulse_heard || senses.swing.has_value();
  for (std::size_t i = 0; i < watch_.size(); ++i) {
    const auto device = static_cast<DeviceIndex>(i);
    const Presence presence = watch_.presence(device);
    const auto& settings = house_.devices[i];
    const bool lost = presence == Presence::lost;
    sensed = sensed || (settings.place.ends_with(".motion") && presence == Presence::ok);
    if (settings.place.ends_with(".motion"))
      faults_.is(Fault::motion_unknown, device, presence != Presence::ok || live_.stuck(device), now);
    if (output(device) == nullptr) continue;
    faults_.is(Fault::device_down, device, lost, now);
    faults_.is(Fault::lamp_flapping, device, last_stage_.quarantined(device), now);
  }
  const RoomState now_seen = state(now);
  const bool unsure = !senses.arousal.level || senses.arousal.confidence < session::follow_confidence;
  // A level that nobody follows is missed by nobody.
  faults_.is(Fault::heart_unknown, std::nullopt, !senses.pulse_heard || (now_seen.follow.pace && unsure),
             now);
  faults_.is(Fault::sensors_lost, std::nullopt, !sensed, now);
  faults_.is(Fault::broker_down, std::nullopt, !broker_up_, now);
  for (std::size_t i = 0; i < watch_.size(); ++i)
    if (house_.devices[i].bus)
      faults_.is(Fault::bus_down, static_cast<DeviceIndex>(i), is_bus_down(*house_.devices[i].bus), now);
  faults_.is(Fault::restarted, std::nullopt, now_seen.mode == RoomMode::paused, now);
  faults_.is(Fault::crash_loop, std::nullopt, now_seen.mode == RoomMode::safe_mode, now);
}

}  // namespace rytme::app
