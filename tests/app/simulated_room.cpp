// SPDX-License-Identifier: Apache-2.0
#include "tests/app/simulated_room.hpp"

#include <algorithm>
#include <deque>
#include <stdexcept>

#include "controller/simulator/homie_player.hpp"
#include "controller/simulator/wb_mdm3.hpp"
#include "tests/support/topic_filter.hpp"

namespace rytme::test {
namespace {

const Now beginning{Instant{} + std::chrono::hours{1}, WallTime{std::chrono::seconds{1800000000}}};

app::CoreOptions options() {
  return {1, "test", [number = 0]() mutable { return "session-" + std::to_string(++number); }};
}

simulator::WorldOptions played(const std::string& replay) {
  simulator::WorldOptions options;
  options.replay = replay;
  return options;
}

}  // namespace

SimulatedRoom::SimulatedRoom(const std::string& settings, const std::string& replay)
    : house(settings::load(settings)),
      core(house, options()),
      world_(simulator::make_world(house, played(replay))),
      now_(beginning),
      next_poll_(beginning.steady) {
  core.broker_link(true, "", now_, effects_);
  carry_out();
  for (auto& peer : world_.mqtt) {
    auto hello = peer->on_connect(now_.steady);
    from_device(hello);
  }
  for (const auto& message : core.homie().greeting()) to_devices(message);
}

Answer SimulatedRoom::ask(Request request) {
  auto answer =
      core.ask({std::move(request), {}, "test", now_.steady + std::chrono::seconds{2}}, now_, effects_);
  carry_out();
  return answer;
}

void SimulatedRoom::keep(entry::Erase erase) {
  core.keep(std::move(erase), now_, effects_);
  carry_out();
}

void SimulatedRoom::run(std::chrono::steady_clock::duration time) {
  run_until(time, [] { return false; });
}

bool SimulatedRoom::run_until(std::chrono::steady_clock::duration limit,
                              const std::function<bool()>& condition) {
  const auto end = now_.steady + limit;
  while (!condition()) {
    auto next = std::min({end, core.next_wake(), next_poll_});
    for (const auto& peer : world_.mqtt) next = std::min(next, peer->next_wake());
    next = std::max(next, now_.steady + std::chrono::microseconds{100});
    if (next > end) return condition();
    now_.wall += std::chrono::duration_cast<std::chrono::microseconds>(next - now_.steady);
    now_.steady = next;
    for (auto& peer : world_.mqtt) {
      if (peer->next_wake() > next) continue;
      std::vector<MqttPublish> out;
      peer->tick(next, out);
      if (!is_silent(*peer)) from_device(out);
    }
    if (next >= next_poll_) poll_slaves();
    if (next >= core.next_wake()) {
      core.wake(now_, effects_);
      carry_out();
    }
  }
  return true;
}

void SimulatedRoom::broker(bool up) {
  broker_up_ = up;
  core.broker_link(up, "test", now_, effects_);
  carry_out();
}

void SimulatedRoom::shutdown() {
  core.shutdown(now_, effects_);
  carry_out();
}

void SimulatedRoom::take_the_place_of(std::unique_ptr<simulator::MqttPeer> peer) {
  for (auto& place : world_.mqtt) {
    if (place->client_id() != peer->client_id()) continue;
    auto hello = peer->on_connect(now_.steady);
    place = std::move(peer);
    return from_device(hello);
  }
  throw std::runtime_error("nothing here is " + peer->client_id());
}

void SimulatedRoom::deliver(const MqttMessage& message) {
  core.receive(message, now_, effects_);
  carry_out();
}

double SimulatedRoom::beat_phase() {
  for (auto& peer : world_.mqtt)
    if (auto* player = dynamic_cast<simulator::HomiePlayer*>(peer.get())) return player->phase(now_.steady);
  throw std::runtime_error("the room has no player");
}

simulator::RegisterPeer& SimulatedRoom::slave_of(const std::string& device) {
  for (auto& slave : world_.slaves)
    if (slave.device == device) return *slave.peer;
  throw std::runtime_error("no slave plays " + device);
}

void SimulatedRoom::cut_power(const std::string& device) {
  const auto unit = slave_of(device).unit();
  for (auto& slave : world_.slaves)
    if (slave.device == device) slave.peer = std::make_unique<simulator::WbMdm3>(unit);
}

void SimulatedRoom::set_by_hand(const std::string& device, RegisterArea area, std::uint16_t address,
                                std::uint16_t value) {
  slave_of(device).write(area, address, {value}, now_.steady);
}

std::uint16_t SimulatedRoom::held(const std::string& device, RegisterArea area, std::uint16_t address) {
  std::vector<std::uint16_t> values;
  slave_of(device).read(area, address, 1, values, now_.steady);
  return values.at(0);
}

std::size_t SimulatedRoom::count_events(const std::string& kind) const {
  return static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(), [&](const JournalEntry& row) {
    const auto* event = std::get_if<entry::Event>(&row.what);
    return event != nullptr && event->kind == kind;
  }));
}

void SimulatedRoom::carry_out() {
  auto effects = std::exchange(effects_, {});
  for (auto& entry : effects.entries) entries.push_back(std::move(entry));
  if (effects.confirmation) confirmations.push_back(*effects.confirmation);
  if (effects.recall) recalls.push_back(*effects.recall);
  for (const auto& write : effects.writes) {
    written.push_back(write);
    for (auto& slave : world_.slaves) {
      if (slave.bus != write.bus || slave.peer->unit() != write.unit) continue;
      const bool ok = slave.peer->write(write.area, write.address, write.values, now_.steady);
      core.receive(
          WriteResult{write.tag, write.bus, write.unit, ok ? BusOutcome::ok : BusOutcome::gone, now_.steady},
          now_, effects_);
    }
  }
  for (const auto& message : effects.publishes) {
    published.push_back({now_.steady, message});
    if (broker_up_) to_devices(message);
  }
  if (!effects_.entries.empty() || !effects_.publishes.empty() || !effects_.writes.empty() ||
      effects_.confirmation)
    carry_out();
}

bool SimulatedRoom::is_silent(const simulator::MqttPeer& peer) const {
  return std::any_of(silent_.begin(), silent_.end(),
                     [&](const std::string& device) { return peer.client_id() == "sim-" + device; });
}

void SimulatedRoom::to_devices(const MqttPublish& message) {
  for (auto& peer : world_.mqtt) {
    if (is_silent(*peer)) continue;
    const auto filters = peer->subscriptions();
    if (std::none_of(filters.begin(), filters.end(),
                     [&](const auto& filter) { return topic_matches(filter, message.topic); }))
      continue;
    std::vector<MqttPublish> out;
    peer->receive({message.topic, message.payload, false, now_.steady}, now_.steady, out);
    from_device(out);
  }
}

void SimulatedRoom::from_device(std::vector<MqttPublish>& messages) {
  if (!broker_up_) return;
  for (const auto& message : messages) {
    if (on_device_message) on_device_message(message);
    core.receive(MqttMessage{message.topic, message.payload, false, now_.steady}, now_, effects_);
    carry_out();
  }
}

void SimulatedRoom::poll_slaves() {
  next_poll_ = now_.steady + std::chrono::milliseconds{500};
  for (const auto& poll : core.devices().polls()) {
    for (auto& slave : world_.slaves) {
      if (slave.bus != poll.bus || slave.peer->unit() != poll.unit) continue;
      RegisterBlock block{poll, BusOutcome::ok, {}, now_.steady};
      if (!slave.peer->read(poll.area, poll.address, poll.count, block.values, now_.steady))
        block.outcome = BusOutcome::gone;
      core.receive(block, now_, effects_);
      carry_out();
    }
  }
}

}  // namespace rytme::test
