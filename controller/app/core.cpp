// SPDX-License-Identifier: Apache-2.0
// What comes in: messages, registers, requests, time.
#include "controller/app/core.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/json.hpp>

#include "controller/app/offered_tracks.hpp"
#include "controller/settings/modbus_rules.hpp"

namespace rytme::app {
namespace {

constexpr std::chrono::seconds look_period{1};
constexpr std::chrono::seconds late_readings{1};    // so long after a hang all that waited is read
constexpr std::chrono::seconds person_patience{2};  // design §6: commands expire 2 s from a person

bool takes(const devices::Output& output, Capability capability) {
  return std::find(output.capabilities.begin(), output.capabilities.end(), capability) !=
         output.capabilities.end();
}

bool says_target(settings::EchoKind echo) {
  return echo == settings::EchoKind::target || echo == settings::EchoKind::both;
}

std::vector<safety::Fixture> fixtures(const settings::House& house, const devices::Devices& devices) {
  std::vector<safety::Fixture> result;
  for (const auto& output : devices.outputs()) {
    const auto& device = house.devices[output.device];
    safety::Fixture fixture;
    fixture.device = output.device;
    fixture.is_light = takes(output, Capability::light_level);
    fixture.has_cct = takes(output, Capability::light_cct_k);
    fixture.is_player = takes(output, Capability::player_volume);
    fixture.fades_itself = output.fades_itself;
    fixture.answers = output.fades_itself && says_target(output.echo);
    fixture.confirms = device.bus && !output.fades_itself &&
                       settings::is_polled(house.profiles[device.profile], Capability::light_level);
    fixture.transition_max = output.transition_max;
    fixture.min_interval = output.min_interval;
    fixture.curve = device.curve;
    fixture.safe = device.safe.value_or(house.room.safe_light);
    fixture.level_max = output.limits.level_max;
    fixture.slew_per_s = output.limits.slew_per_s.value_or(slew_ceiling_per_s);
    fixture.min_dwell = output.limits.min_dwell;
    if (fixture.is_light || fixture.is_player) result.push_back(fixture);
  }
  return result;
}

session::Config session_config(const settings::House& house, const CoreOptions& options) {
  session::Config config;
  config.presets = house.presets;
  for (const auto& activity : house.activities) config.activities.push_back(activity.id);
  config.safe_light = house.room.safe_light;
  config.recording_default = house.room.recording;
  config.session_max_min = house.room.session_max_min;
  config.settings_hash = house.hash;
  config.software = options.software;
  config.beat_delay_s = house.sound.beat_delay_s;
  config.variants = options.variants;
  return config;
}

// A wall button's meaning, as the settings name it.
std::optional<Request> request_from(const std::string& text) {
  constexpr std::string_view start = "start:";
  if (text.starts_with(start))
    return request::StartSession{text.substr(start.size()), std::nullopt, std::nullopt};
  if (text == "end") return request::EndGently{};
  if (text == "stop") return request::StopAll{};
  if (text == "mute") return request::SetMute{true};
  return std::nullopt;
}

}  // namespace

Core::Core(const settings::House& house, CoreOptions options)
    : house_(house),
      options_(std::move(options)),
      devices_(house),
      session_(session_config(house, options_)),
      last_stage_(fixtures(house, devices_), house.limits),
      homie_(house.room.id, house.room.name, house.presets, options_.description_version),
      home_assistant_(house, options_.software),
      watch_(house),
      talk_(house.devices.size()),
      frames_(house),
      stop_inputs_(house),
      live_(house, devices_),
      seq_(options_.first_seq) {
  // Nothing is known of where they stand, and a step from a guess is a jump: until they have said so.
  for (const auto& out : devices_.outputs())
    if (out.reassert && house_.devices[out.device].bus && says_its_level(out.device))
      reassert_by_.emplace(out.device, Instant::max());
}

std::vector<MqttSubscription> Core::subscriptions() const {
  auto result = devices_.subscriptions();
  for (auto& subscription : homie_.subscriptions()) result.push_back(std::move(subscription));
  for (auto& subscription : home_assistant_.subscriptions()) result.push_back(std::move(subscription));
  return result;
}

void Core::was_away(Instant since, Instant now) {
  away_since_ = since;
  back_at_ = now;
}

// What waited for us while we hung is as old as our absence, whenever it was read.
Instant Core::asked_by(Instant received, Instant now) const {
  const bool may_have_waited = back_at_ && now - *back_at_ < late_readings;
  return (may_have_waited ? std::min(received, away_since_) : received) + person_patience;
}

void Core::receive(const MqttMessage& message, Now now, Effects& effects) {
  ++counters_.messages;
  if (homie_.is_mine(message.topic)) {
    const auto asked = message.retained ? std::nullopt : homie_.request(message.topic, message.payload);
    if (!asked) {
      ++counters_.refused_requests;
      return;
    }
    ask({*asked, {ActorKind::local, Role::staff, "homie"}, "homie", asked_by(message.received, now.steady)},
        now, effects);
    return;
  }
  if (home_assistant_.is_mine(message.topic)) {
    if (HomeAssistant::is_birth(message.payload)) effects.publishes.push_back(home_assistant_.announcement());
    return;
  }
  devices_.decode(message, decoded_);
  note_heard(message, now);
  if (message.retained) report_retained_command(message, now, effects);
  take_decoded(now, effects);
}

// Somebody left it there: it would be carried out again at every reconnect of the device.
void Core::report_retained_command(const MqttMessage& message, Now now, Effects& effects) {
  if (message.payload.empty() || !devices_.is_command(message.topic)) return;
  constexpr std::size_t most_named = 64;
  if (retained_commands_.size() < most_named && retained_commands_.insert(message.topic).second) {
    note("retained_command", boost::json::serialize(boost::json::object{{"topic", message.topic}}), now,
         effects);
    effects.notices.push_back("a retained command lies on " + message.topic +
                              (house_.broker.clear_retained_commands ? ": cleared" : "; clear it"));
  }
  if (!house_.broker.clear_retained_commands) return;
  MqttPublish empty;
  empty.topic = message.topic;
  empty.retain = true;
  effects.publishes.push_back(std::move(empty));
}

void Core::receive(const RegisterBlock& block, Now now, Effects& effects) {
  ++counters_.blocks;
  note_heard(block, now);
  watch_.slave(block.read.bus, block.read.unit, block.outcome == BusOutcome::ok, now.steady);
  if (block.outcome == BusOutcome::ok) devices_.decode(block, decoded_);
  take_decoded(now, effects);
}

void Core::take_decoded(Now now, Effects& effects) {
  for (const auto& item : decoded_) std::visit([&](const auto& value) { take(value, now, effects); }, item);
  devices_.give_back(decoded_);
  finish(now, effects);
}

void Core::take(const Reading& reading, Now now, Effects& effects) {
  talk_.said(reading);
  if (reading.live && reading.capability != Capability::availability_online) {
    watch_.heard(reading.device, now.steady);
    take_heard(reading.device, now);
  }
  switch (reading.capability) {
    case Capability::availability_online:
      if (reading.live && reading.value > 0.5) note_announced(reading.device, now, effects);
      watch_.online(reading.device, reading.value > 0.5, now.steady, reading.live);
      look_at_devices(now, effects);
      return;
    case Capability::light_level:
      return take_light(reading, now, effects);
    case Capability::player_volume:
      last_stage_.observed_volume(reading.device, reading.value, now.steady);
      break;
    case Capability::button_action:
      return take_button(reading, now, effects);
    case Capability::device_power_up:
      return take_power_up(reading, now, effects);
    case Capability::command_ack:
    case Capability::light_target_level:
      return take_answer(reading, now, effects);
    case Capability::light_on:
    case Capability::light_stored_level:
      return;
    case Capability::device_uptime_s:
      take_uptime(reading, now, effects);
      break;
    case Capability::input_on:
      if (stop_inputs_.reported(reading.device, reading.value)) stop_by_input(reading.device, now, effects);
      break;
    case Capability::player_source:
    case Capability::player_track:
    case Capability::player_status:
    case Capability::player_offered:
      take_player(reading);
      break;
    case Capability::device_battery:
      live_.battery(reading.device, reading.value, now.steady, session_.recording());
      break;
    default:
      break;
  }
  confirm(reading.device, reading.capability, reading.value, now, effects);
  watch_output(reading, now, effects);
  const auto& about = info(reading.capability);
  if (about.from_body ? !session_.recording() : output(reading.device) != nullptr) return;
  if (!about.from_body) {
    const auto [row, fresh] = kept_.try_emplace({reading.device, reading.capability}, reading.value);
    const bool same = row->second == reading.value || (std::isnan(row->second) && std::isnan(reading.value));
    if (!fresh && same) return;
    row->second = reading.value;
  }
  JournalEntry value;
  value.what = entry::Value{house_.devices[reading.device].id, reading.capability,
                            std::isfinite(reading.value) ? std::optional(reading.value) : std::nullopt,
                            reading.text, reading.quality};
  journal(std::move(value), now, effects);
}

// Of several players the one that spoke last.
void Core::take_player(const Reading& reading) {
  const auto before = player_;
  if (reading.capability == Capability::player_offered) {
    player_.offered = offered_tracks(reading.text);
    dirty_ = dirty_ || player_ != before;
    return;
  }
  auto& text = reading.capability == Capability::player_source  ? player_.source
               : reading.capability == Capability::player_track ? player_.track
                                                                : player_.status;
  text = reading.text;
  dirty_ = dirty_ || player_ != before;
}

void Core::take_light(const Reading& reading, Now now, Effects& effects) {
  const auto curve = house_.devices[reading.device].curve;
  const double linear = linear_from_level(curve, reading.value);
  if (!std::isfinite(linear)) return;
  fade_.observed(reading.device, linear);
  const bool awaited = reading.live && reassert_by_.erase(reading.device) != 0;
  if (awaited)
    last_stage_.reassert(reading.device, now.steady);  // what it says now is its own, no echo of ours
  last_stage_.observed_light(reading.device, linear, now.steady);
  if (awaited) last_stage_.reassert(reading.device, now.steady);
  confirm(reading.device, Capability::light_level, reading.value, now, effects);
  watch_output(reading, now, effects);
}

void Core::take_button(const Reading& reading, Now now, Effects& effects) {
  if (!reading.live) return;
  const auto& device = house_.devices[reading.device];
  const bool is_long = choice_name(Capability::button_action, reading.value) == "long";
  const auto& wanted = is_long ? device.long_press : device.press;
  auto asked = wanted == "light" ? std::optional<Request>(request::SetLight{house_.room.safe_light.level,
                                                                            house_.room.safe_light.cct_k})
                                 : request_from(wanted);
  if (!asked) return;
  const std::string origin = "button:" + device.id;
  ask({*asked, {ActorKind::local, Role::staff, origin}, origin, asked_by(reading.received, now.steady)}, now,
      effects);
}

// Pressed, or its wire is broken: both are a stop.
void Core::stop_by_input(DeviceIndex device, Now now, Effects& effects) {
  const std::string origin = "input:" + house_.devices[device].id;
  ask({request::StopAll{}, {ActorKind::local, Role::staff, origin}, origin, Instant::max()}, now, effects);
}

void Core::broker_link(bool up, const std::string& reason, Now now, Effects& effects) {
  if (up == broker_up_) {
    if (!up) effects.notices.push_back("broker: not reached: " + reason);
    return;
  }
  broker_up_ = up;
  watch_.broker(up);
  note(up ? "broker_back" : "broker_gone", boost::json::serialize(boost::json::object{{"reason", reason}}),
       now, effects);
  effects.notices.push_back(up ? "broker: connected and subscribed" : "broker: gone: " + reason);
  if (up) {
    broker_up_at_ = now.steady;
    homie_.forget();
    effects.publishes.push_back(home_assistant_.announcement());
    for (auto& refresh : devices_.refreshes()) effects.publishes.push_back(std::move(refresh));
    for (const auto& out : devices_.outputs())
      if (!house_.devices[out.device].bus && out.reassert)
        reassert_by_[out.device] = now.steady + report_wait;
  }
  look_at_devices(now, effects);
  dirty_ = true;
  finish(now, effects);
}

std::vector<DeviceIndex> Core::stopped_devices() const {
  std::vector<DeviceIndex> result;
  for (const auto& fixture : fixtures(house_, devices_)) result.push_back(fixture.device);
  return result;
}

Answer Core::refused(std::string why) {
  ++counters_.refused_requests;
  Answer no;
  no.verdict = Verdict::conflict;
  no.detail = std::move(why);
  no.generation = generation_;
  return no;
}

Answer Core::ask(const Asked& asked, Now now, Effects& effects) {
  if (ending_ && !std::holds_alternative<request::StopAll>(asked.what))
    return refused("the controller is ending");
  if (const auto open = stop_inputs_.open(); open && std::holds_alternative<request::ResetStop>(asked.what))
    return refused(house_.devices[*open].id + " is pressed, or its wire or device is out of order");
  auto sense = senses(now.steady);
  if (std::holds_alternative<request::StartSession>(asked.what)) sense.new_session_id = options_.new_id();
  auto decision = session_.handle(asked, sense, now);
  if (decision.answer.verdict == Verdict::late) ++counters_.late_requests;
  if (decision.test) begin_test(decision, now, effects);
  carry_out(decision, asked.origin, now, effects);
  if (decision.variant) keep_variant(*decision.variant, asked.actor, now, effects);
  finish(now, effects);
  auto answer = std::move(decision.answer);
  answer.generation = generation_;
  if (decision.stop) answer.devices = static_cast<int>(stopped_devices().size());
  return answer;
}

std::uint64_t Core::keep(decltype(JournalEntry::what) what, Now now, Effects& effects) {
  if (const auto* erase = std::get_if<entry::Erase>(&what)) {
    session_.forget(*erase);
    live_.forget(*erase);
  }
  JournalEntry row;
  row.urgent = true;
  row.what = std::move(what);
  return journal(std::move(row), now, effects);
}

void Core::looked(entry::Access access, Now now, Effects& effects) { keep(std::move(access), now, effects); }

void Core::wake(Now now, Effects& effects) {
  if (session_.next_wake() <= now.steady) {
    auto decision = session_.tick(senses(now.steady), now);
    carry_out(decision, "preset", now, effects);
  }
  for (const auto device : stop_inputs_.overdue(now.steady)) stop_by_input(device, now, effects);
  go_on_testing(now, effects);
  reassert_overdue(now);
  repeat_overdue(now, effects);
  if (now.steady >= next_look_) {
    next_look_ = now.steady + look_period;
    look_at_devices(now, effects);
    dirty_ = silences_.expire(now.wall) || dirty_;
    live_.wake(now.steady, session_.recording());
    look_for_faults(now.steady);
    if (broker_up_) homie_.update(state(now.steady), effects.publishes);  // a level on its way
  }
  finish(now, effects);
}

Instant Core::next_wake() const {
  auto next = std::min({next_look_, session_.next_wake(), last_stage_.next_wake(), confirmations_.next_wake(),
                        stop_inputs_.next_wake(), fade_.next_wake()});
  for (const auto& [device, by] : reassert_by_) next = std::min(next, by);
  for (const auto& [device, at] : take_up_at_) next = std::min(next, at);
  return next;
}

void Core::note(std::string_view kind, std::string data, Now now, Effects& effects) {
  JournalEntry event;
  event.what = entry::Event{std::string(kind), std::move(data)};
  journal(std::move(event), now, effects);
}

}  // namespace rytme::app
