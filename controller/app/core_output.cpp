// SPDX-License-Identifier: Apache-2.0
// What goes out: aims through the last stage to the devices, facts to the journal, the room's state to the
// screens.
#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/json.hpp>

#include "controller/app/core.hpp"

namespace rytme::app {
namespace {
constexpr std::chrono::milliseconds least_settle{500};  // for an echo to come at all
}  // namespace

std::uint64_t Core::journal(JournalEntry entry, Now now, Effects& effects) {
  entry.seq = seq_++;
  entry.at = now;
  if (entry.session.empty()) entry.session = session_.session_id();
  effects.entries.push_back(std::move(entry));
  return effects.entries.back().seq;
}

void Core::carry_out(session::Decision& decision, const std::string& origin, Now now, Effects& effects) {
  live_.follow(decision, now.steady);
  store_signals(now, effects);
  for (auto& entry : decision.entries) journal(std::move(entry), now, effects);
  if (decision.stop) {
    effects.drop_before = last_stage_.stop(now.steady, origin);
    stop_seq_ = seq_;
    written_.clear();
    confirmations_.stop_sent(generation_ + 1, stopped_devices(), now.steady);
  }
  if (decision.reset) last_stage_.reset(now.steady);
  if (decision.stop || !decision.aims.empty()) fade_.abandon();
  for (const auto& aim : decision.aims) last_stage_.aim(aim, now.steady);
  const bool changed =
      decision.stop || decision.reset || !decision.aims.empty() || !decision.entries.empty() || decision.here;
  dirty_ = dirty_ || changed;
}

// It is the participant's, whoever is in the room now: it stands outside every session.
void Core::keep_variant(const request::SetVariant& asked, const Actor& actor, Now now, Effects& effects) {
  const Variant& variant = asked.variant;
  boost::json::object data{
      {"participant", asked.participant}, {"rhythm", variant.rhythm}, {"red", variant.red}};
  if (variant.minutes) data["minutes"] = *variant.minutes;
  if (variant.top_level) data["top_level"] = *variant.top_level;
  if (variant.tempo_bpm) data["tempo_bpm"] = *variant.tempo_bpm;
  if (variant.source) data["source"] = *variant.source;
  data["actor"] = actor.id;
  JournalEntry row{seq_++, now, "", true, entry::Event{"variant", boost::json::serialize(data)}};
  effects.entries.push_back(std::move(row));
}

void Core::send_due(Now now, Effects& effects) {
  if (last_stage_.next_wake() > now.steady) return;
  auto due = last_stage_.due(now.steady);
  // A bus has a thread of its own to wake, so it hears first; but a stop silences before all else.
  std::stable_partition(due.begin(), due.end(), [this](const safety::Sent& sent) {
    return sent.command.settings.front().capability == Capability::player_mute ||
           house_.devices[sent.command.device].bus.has_value();
  });
  for (const auto& sent : due) {
    send(sent, now, effects);
    if (effects.hand_over) effects.hand_over();
  }
}

void Core::send(const safety::Sent& sent, Now now, Effects& effects) {
  const auto device = sent.command.device;
  const auto& settings = house_.devices[device];
  // While the broker is away nothing is kept for it: on its return the device is read and ramped from there.
  if (!settings.bus && !broker_up_) return;
  if (must_wait(device, now)) return;
  auto encoded = devices_.encode(sent.command);
  drop_repeated_writes(encoded.writes);
  if (encoded.publishes.empty() && encoded.writes.empty()) return;
  frames_.sent(device, encoded, !session_.session_id().empty(), now.wall);
  const auto* out = output(device);
  const auto first_seq = seq_;
  // Tempo that follows a body says how it moves: no row of it while nothing of the body is kept.
  const bool of_body = sent.command.origin == "follow" && !session_.recording();
  for (const auto& setting : sent.command.settings) {
    ++counters_.commands;
    if (of_body) continue;
    const bool level = setting.capability == Capability::light_level;
    JournalEntry row;
    row.what = entry::Commanded{settings.id,
                                setting.capability,
                                level ? sent.linear : setting.value,
                                setting.text,
                                sent.command.transition.count(),
                                sent.command.origin};
    const auto seq = journal(std::move(row), now, effects);
    const double usual = level ? out->confirm_tolerance : 0.01 * std::max(1.0, std::abs(setting.value));
    const double tolerance =
        settings.bus ? devices_.readback(device, setting.capability).tolerance.value_or(usual) : usual;
    std::optional<Instant> due;
    if (level && !settings.bus && out->echo != settings::EchoKind::none)
      due = now.steady + sent.command.transition + std::max(out->settle, least_settle);
    confirmations_.commanded(device, setting.capability, setting.value, tolerance, seq, due);
    note_sent(device, setting, sent.command.transition, now);
  }
  if (is_stepped(device)) unanswered_.try_emplace(device, now.steady);
  if (out->ack_timeout.count() > 0) confirmations_.answer_due(device, now.steady + out->ack_timeout);
  for (auto& publish : encoded.publishes) effects.publishes.push_back(std::move(publish));
  if (settings.bus) steps_.sent(first_seq, {device, sent.linear, encoded.writes.size()});
  for (auto& write : encoded.writes) {
    write.tag = first_seq;
    if (last_stage_.latched()) write.priority = WriteClass::stop;
    effects.writes.push_back(std::move(write));
  }
}

void Core::drop_repeated_writes(std::vector<RegisterWrite>& writes) {
  std::erase_if(writes, [&](const RegisterWrite& write) {
    bool repeated = true;
    for (std::size_t i = 0; i < write.values.size(); ++i) {
      const auto address = static_cast<std::uint16_t>(write.address + i);
      const auto [last, first] =
          written_.try_emplace({write.bus, write.unit, write.area, address}, write.values[i]);
      repeated = repeated && !first && last->second == write.values[i];
      last->second = write.values[i];
    }
    return repeated;
  });
}

void Core::confirm(DeviceIndex device, Capability capability, double value, Now now, Effects& effects) {
  const auto seq = confirmations_.reported(device, capability, value);
  if (!seq) return;
  const bool level = capability == Capability::light_level;
  JournalEntry row;
  row.what = entry::Confirmed{*seq, level ? linear_from_level(house_.devices[device].curve, value) : value,
                              std::nullopt};
  journal(std::move(row), now, effects);
  ++counters_.confirmed;
  if ((level || capability == Capability::player_mute) && confirmations_.stop_confirmed(device))
    dirty_ = true;
}

void Core::reassert_overdue(Now now) {
  const auto overdue = [&](const auto& row) {
    if (row.second > now.steady) return false;
    last_stage_.reassert(row.first, now.steady);
    return true;
  };
  for (auto& [device, by] : reassert_by_)  // polled: as long as it does not answer, it takes nothing either
    if (by <= now.steady && house_.devices[device].bus && says_its_level(device))
      by = now.steady + report_wait;
  std::erase_if(reassert_by_, overdue);
  std::erase_if(take_up_at_, [&](const auto& row) {
    if (row.second > now.steady || !says_its_level(row.first)) return overdue(row);
    reassert_by_.try_emplace(row.first, now.steady + report_wait);  // from where its next report says it is
    return true;
  });
}

// Once more, by ramp; then it is said and left alone. A device that is lost is taken up when it is back.
void Core::repeat_overdue(Now now, Effects& effects) {
  for (const auto& late : confirmations_.overdue(now.steady)) {
    if (watch_.presence(late.device) == Presence::lost || !broker_up_) continue;
    const auto& id = house_.devices[late.device].id;
    const auto* out = output(late.device);
    if (late.again && out != nullptr && out->reassert) {
      last_stage_.reassert(late.device, now.steady);
      continue;
    }
    talk_.error(late.device, TalkError::unconfirmed);
    note(late.answer ? "command_unanswered" : "command_unconfirmed",
         boost::json::serialize(boost::json::object{{"device", id}}), now, effects);
    effects.notices.push_back("device " + id +
                              (late.answer ? ": does not answer a command" : ": does not confirm a command"));
  }
}

void Core::look_at_devices(Now now, Effects& effects) {
  changes_.clear();
  watch_.look(now.steady, changes_);
  for (const auto& change : changes_) {
    const auto& device = house_.devices[change.device];
    dirty_ = true;
    live_.reachable(change.device, change.to != Presence::lost);
    stop_inputs_.reachable(change.device, change.to != Presence::lost, now.steady);
    const bool first = change.from == Presence::unknown;
    if (change.to == Presence::ok && !first) talk_.came_back(change.device);
    note(change.to == Presence::ok ? (first ? "device_found" : "device_back") : "device_lost",
         boost::json::serialize(boost::json::object{{"device", device.id}, {"state", name_of(change.to)}}),
         now, effects);
    if (!first || change.to != Presence::ok)
      effects.notices.push_back("device " + device.id + ": " + std::string(name_of(change.to)));
    const auto* out = output(change.device);
    if (change.to == Presence::ok && out != nullptr && out->reassert) {
      reassert_by_.try_emplace(change.device, now.steady + std::chrono::milliseconds{1500});
      if (!first)
        for (auto& message : devices_.refreshes(change.device, true))
          effects.publishes.push_back(std::move(message));
    }
    if (change.to == Presence::ok) keep_setup(change.device, now, effects);
    if (change.to != Presence::ok) {
      last_stage_.lost(change.device, now.steady);
      written_.clear();
      outputs_.forget(change.device);
    }
  }
}

void Core::finish(Now now, Effects& effects) {
  store_signals(now, effects);
  send_due(now, effects);
  auto name = [this](DeviceIndex device) { return house_.devices[device].id; };
  if (auto confirmation = confirmations_.stop_due(now.steady, name)) {
    boost::json::array missing(confirmation->missing.begin(), confirmation->missing.end());
    note("stop_confirmed",
         boost::json::serialize(boost::json::object{{"confirmed", confirmation->confirmed.size()},
                                                    {"missing", std::move(missing)}}),
         now, effects);
    effects.confirmation = std::move(confirmation);
  }
  if (!dirty_) return;
  dirty_ = false;
  ++generation_;
  effects.state_changed = true;
  if (broker_up_) homie_.update(state(now.steady), effects.publishes);
}

session::Senses Core::senses(Instant now) {
  session::Senses result;
  live_.sense(result, now);
  result.arousal.response = faults_.response(safety::Fault::heart_unknown, now);
  result.volume_now = last_stage_.volume_now();
  result.light_now = last_stage_.light_now(now);
  result.source = player_.source;
  if (const auto beat = last_stage_.beat(now)) {
    result.tempo_now = beat->bpm;
    result.beat_phase = beat->phase;
  }
  return result;
}

const devices::Output* Core::output(DeviceIndex device) const {
  const auto& all = devices_.outputs();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const devices::Output& row) { return row.device == device; });
  return found == all.end() ? nullptr : &*found;
}

RoomState Core::state(Instant now) const {
  RoomState state;
  state.safe_light = house_.room.safe_light;
  state.clock_s = seconds_between(Instant{}, now);
  session_.describe(state, {now, {}});
  state.light.level = last_stage_.light_now(now);
  live_.describe(state, now);
  state.player = player_;
  state.devices_all = static_cast<int>(watch_.size());
  state.devices_ok = watch_.count(Presence::ok);
  state.sound_calibrated = house_.sound.calibration.has_value();
  state.volume_max = house_.limits.volume_max;
  state.volume = std::min(state.volume, state.volume_max);  // the last stage lets no more through
  for (std::size_t i = 0; i < watch_.size(); ++i)
    if (last_stage_.quarantined(static_cast<DeviceIndex>(i)))
      state.devices_quarantined.push_back(house_.devices[i].id);
  for (std::size_t i = 0; i < watch_.size(); ++i)
    if (watch_.presence(static_cast<DeviceIndex>(i)) != Presence::ok &&
        !silences_.until("device_down", house_.devices[i].id))
      state.devices_missing.push_back(house_.devices[i].id);
  state.simulated = house_.room.simulated;
  state.generation = generation_;
  return state;
}

}  // namespace rytme::app
