// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/living_room.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "controller/simulator/homie_player.hpp"
#include "controller/simulator/wb_mdm3.hpp"

namespace rytme::test {
namespace {

constexpr std::chrono::seconds end_patience{6};  // as the daemon's
constexpr std::chrono::seconds look_period{1};
constexpr std::chrono::seconds settled_after_trouble{15};
constexpr std::chrono::seconds settled_after_stop{6};
constexpr double safe_within = 0.03;
constexpr std::chrono::seconds stop_by_contact{2};
constexpr std::chrono::seconds asked_again{
    6};  // who did not answer, with a wait of 5 s before it (decision 9)
constexpr std::uint8_t first_unit = 41, input_unit = 7;

// Relays and inputs; the first input is the wall stop.
class Inputs : public simulator::RegisterPeer {
 public:
  explicit Inputs(const bool& closed) : closed_(closed) {}
  std::uint8_t unit() const override { return input_unit; }
  bool read(RegisterArea area, std::uint16_t, std::uint16_t count, std::vector<std::uint16_t>& values,
            Instant) override {
    values.assign(count, 0);
    if (area == RegisterArea::discrete) values[0] = closed_ ? 1 : 0;
    return true;
  }
  bool write(RegisterArea, std::uint16_t, const std::vector<std::uint16_t>&, Instant) override {
    return false;
  }

 private:
  const bool& closed_;
};

constexpr const char* devices = R"(
[[bus]]
id = "tcp1"
transport = "tcp"
address = "127.0.0.1:1502"
[[bus]]
id = "rtu1"
transport = "rtu"
address = "/dev/ttyUSB0"
[[device]]
id = "ceiling"
place = "light.main"
profile = "zigbee2mqtt-light"
params = { topic = "zigbee2mqtt/ceiling" }
curve = "gamma2.2"
[[device]]
id = "floor"
place = "light.floor"
profile = "zigbee2mqtt-light"
params = { topic = "zigbee2mqtt/floor" }
curve = "linear"
[[device]]
id = "wall-dimmer"
place = "light.wall"
profile = "wirenboard-wb-mdm3"
bus = "tcp1"
params = { unit = 41, channel = 1 }
curve = "gamma2.2"
[[device]]
id = "corner-dimmer"
place = "light.corner"
profile = "wirenboard-wb-mdm3"
bus = "rtu1"
params = { unit = 42, channel = 1 }
curve = "linear"
[[device]]
id = "wall-stop"
place = "stop.wall"
profile = "lctech-modbus-8r"
bus = "rtu1"
params = { unit = 7, channel = 1 }
[[device]]
id = "player1"
place = "music.main"
profile = "homie-player"
params = { node = "player1" }
[[device]]
id = "button1"
place = "button.wall"
profile = "homie-button"
params = { node = "button1" }
[[device]]
id = "strap1"
place = "heart.1"
profile = "rytme-heart"
params = { node = "strap1" }
[[device]]
id = "swing1"
place = "swing.motion"
profile = "rytme-motion"
params = { node = "swing1" }
)";

}  // namespace

std::string living_room_toml(const std::string& room) { return "[room]\nid = \"faults\"\n" + room + devices; }

LivingRoom::LivingRoom(const settings::House& house, std::uint64_t seed, Report report)
    : report_(std::move(report)), house_(&house), player_judge_(report_), session_judge_(report_) {
  make_peers(seed);
  make_judges();
  broker_ = std::make_unique<FaultyBroker>(
      mqtt_, seed,
      FaultyBroker::Handlers{[this](const MqttMessage& message) {
                               if (!core_) return;
                               core_->receive(message, now_, effects_);
                               carry_out();
                             },
                             [this](bool up) {
                               trouble();
                               if (!core_) return;
                               core_->broker_link(up, "test", now_, effects_);
                               carry_out();
                             },
                             [this](std::size_t peer, const MqttPublish& message, Instant left) {
                               reaches_device(peer, message, left);
                             },
                             [this](std::size_t peer, const MqttPublish& message, Instant left) {
                               reached_device(peer, message, left);
                             }});
  for (std::size_t i = 0; i < dimmers; ++i)
    buses_.push_back(std::make_unique<FaultyBus>(
        static_cast<BusIndex>(i), i == 1, slaves_, seed,
        FaultyBus::Handlers{
            [this](const RegisterBlock& block) {
              core_->receive(block, now_, effects_);
              carry_out();
            },
            [this](const WriteResult& result) {
              core_->receive(result, now_, effects_);
              carry_out();
            },
            [this, i](const RegisterWrite&, Instant) { before_write(i); },
            [this, i](const RegisterWrite& write, Instant left) { after_write(i, write, left); },
            [this, i](std::uint8_t unit) {
              if (unit != input_unit) slave_asked(i);
            }}));
  start(house);
  broker_->restart_devices(now_.steady);
}

void LivingRoom::make_peers(std::uint64_t seed) {
  using simulator::Zigbee2mqttLight;
  mqtt_.push_back(std::make_unique<Zigbee2mqttLight>("ceiling", "zigbee2mqtt/ceiling", true, seed));
  mqtt_.push_back(std::make_unique<Zigbee2mqttLight>("floor", "zigbee2mqtt/floor", false, seed + 1));
  mqtt_.push_back(std::make_unique<simulator::HomiePlayer>("player1", "player1"));
  mqtt_.push_back(std::make_unique<simulator::HomieButton>("button1", "button1"));
  mqtt_.push_back(std::make_unique<FaultySensor>(FaultySensor::Kind::heart, "strap1", "strap1", seed));
  mqtt_.push_back(std::make_unique<FaultySensor>(FaultySensor::Kind::swing, "swing1", "swing1", seed + 1));
  for (std::size_t i = 0; i < dimmers; ++i) {
    const auto unit = static_cast<std::uint8_t>(first_unit + i);
    slaves_.push_back({static_cast<BusIndex>(i), i == 0 ? "wall-dimmer" : "corner-dimmer",
                       std::make_unique<simulator::WbMdm3>(unit)});
  }
  slaves_.push_back({1, "wall-stop", std::make_unique<Inputs>(contact_closed_)});
}

void LivingRoom::contact(bool closed) {
  contact_closed_ = closed;
  contact_changed_ = now_.steady;
}

void LivingRoom::make_judges() {
  for (std::size_t i = 0; i < lamps + dimmers; ++i) {
    const bool dimmer = i >= lamps;
    LampJudge::Lamp lamp{
        house_->devices[i].id, house_->devices[i].curve, dimmer ? 0.01 : 1.0 / 254, dimmer, {}};
    if (dimmer)
      lamp.level_at = [this, i](Instant) { return dimmer_levels_[i - lamps]; };
    else
      lamp.level_at = [this, i](Instant at) {
        return dynamic_cast<const simulator::Zigbee2mqttLight&>(*mqtt_[i]).level_at(at);
      };
    lamp_judges_.emplace_back(std::move(lamp), report_);
    lamp_judges_.back().own_change(now_.steady);
  }
}

Instant LivingRoom::next_wake() const {
  Instant next = std::min(broker_->next_wake(), next_look_);
  for (const auto& bus : buses_) next = std::min(next, bus->next_wake());
  if (core_) next = std::min(next, core_->next_wake());
  return next;
}

void LivingRoom::run_until(Instant end) {
  while (true) {
    const auto next = std::max(next_wake(), now_.steady + std::chrono::microseconds{100});
    const auto to = std::min(next, end);
    now_.wall += std::chrono::duration_cast<std::chrono::microseconds>(to - now_.steady);
    now_.steady = to;
    if (next > end) return;
    ++steps_;
    broker_->run(now_.steady);
    for (auto& bus : buses_) bus->run(now_.steady);
    if (core_ && core_->next_wake() <= now_.steady) {
      core_->wake(now_, effects_);
      carry_out();
    }
    if (now_.steady >= next_look_) look();
  }
}

void LivingRoom::start(const settings::House& house) {
  house_ = &house;
  ++counts_.restarts;
  core_ = std::make_unique<app::Core>(
      house, app::CoreOptions{next_seq_, "test", [this] { return fmt::format("session-{}", ++sessions_); }});
  trouble();
  dropped_before_ = 0;
  broker_->start(core_->homie().greeting(), now_.steady);
  for (auto& bus : buses_) bus->start(core_->devices().polls(), now_.steady);
  if (const auto open = session_judge_.open()) {
    core_->resume_paused(*open, now_, effects_);
    carry_out();
  }
  if (!session_judge_.latched()) return;
  core_->ask({request::StopAll{}, {}, "restart", Instant::max()}, now_, effects_);
  carry_out();
}

void LivingRoom::left_process() {
  core_.reset();
  effects_.clear();
  broker_->kill();
  for (auto& bus : buses_) bus->kill();
  end_by_ = Instant::max();
  trouble();
}

void LivingRoom::kill() {
  if (core_) left_process();
}

void LivingRoom::end() {
  if (!core_ || end_by_ != Instant::max()) return;
  end_by_ = now_.steady + end_patience;
  core_->shutdown(now_, effects_);
  carry_out();
}

Answer LivingRoom::ask(Request request, const std::string& origin, Instant expires) {
  const bool is_stop = std::holds_alternative<request::StopAll>(request);
  const bool late = expires < now_.steady && !is_stop;
  ++counts_.requests;
  if (is_stop) {
    ++counts_.stops;
    confirmation_.reset();
  }
  pass_moment();
  const auto before = state();
  const auto answer = core_->ask({std::move(request), {}, origin, expires}, now_, effects_);
  carry_out();
  if (!late || end_by_ != Instant::max()) return answer;
  ++counts_.late;
  const auto after = state();
  const bool taken = answer.verdict == Verdict::done || answer.verdict == Verdict::created;
  if (taken || after.mode != before.mode || after.muted != before.muted ||
      after.light.target != before.light.target || after.volume != before.volume ||
      after.tempo_bpm != before.tempo_bpm)
    report_("expiry", "a request was carried out after it had expired");
  return answer;
}

// What is sent before a stop is told from what is sent after it.
void LivingRoom::pass_moment() { now_.steady += std::chrono::microseconds{1}; }

// Once a second.
void LivingRoom::look() {
  next_look_ = now_.steady + look_period;
  const bool ending = end_by_ != Instant::max();
  if (core_ && ending && (now_.steady >= end_by_ || core_->settled(now_.steady))) left_process();
  const std::chrono::minutes longest{static_cast<int>(house_->room.session_max_min)};
  session_judge_.look(now_.steady, longest);
  if (!core_) return trouble();
  const bool reachable = broker_->up() && buses_[0]->reaches(first_unit) &&
                         buses_[1]->reaches(first_unit + 1) && broker_->reaches(ceiling) &&
                         broker_->reaches(floor) && broker_->reaches(player);
  if (!reachable) return trouble();
  const bool long_open = !contact_closed_ && now_.steady - contact_changed_ > stop_by_contact &&
                         now_.steady - calm_since_ > asked_again;
  if (long_open && !session_judge_.latched()) report_("stop", "the wall stop is open and nothing is stopped");
  const bool settled = now_.steady - calm_since_ > settled_after_trouble &&
                       now_.steady - session_judge_.latched_since() > settled_after_stop;
  if (session_judge_.latched() && settled && !is_safe()) {
    report_("stop", fmt::format("{:.0f} s after it: light {:.2f} {:.2f} {:.2f} {:.2f}, {}",
                                seconds_between(session_judge_.latched_since(), now_.steady), light(0),
                                light(1), light(2), light(3), player_judge_.audible() ? "sound" : "silence"));
  }
}

bool LivingRoom::is_safe() const {
  const double safe = house_->room.safe_light.level;
  const bool lit = std::all_of(lamp_judges_.begin(), lamp_judges_.end(), [&](const LampJudge& lamp) {
    return std::abs(lamp.linear_at(now_.steady) - safe) < safe_within;
  });
  return lit && !player_judge_.audible();
}

void LivingRoom::carry_out() {
  auto effects = std::exchange(effects_, {});
  if (effects.drop_before) {
    dropped_before_ = *effects.drop_before;
    broker_->drop_before(*effects.drop_before);
    for (auto& bus : buses_) bus->drop_before(*effects.drop_before);
  }
  for (auto& entry : effects.entries) {
    next_seq_ = entry.seq + 1;
    if (std::holds_alternative<entry::SessionStart>(entry.what)) ++counts_.sessions;
    session_judge_.take(entry);
  }
  const auto latest = now_.steady + safety::command_expiry;
  for (auto& write : effects.writes) {
    if (write.expires > latest) report_("expiry", "a register write that does not expire in 5 s");
    ++counts_.commands;
    const auto bus = write.bus;
    buses_[bus]->write(std::move(write), now_.steady);
  }
  for (const auto& publish : effects.publishes) {
    if (publish.generation != 0) {
      ++counts_.commands;
      if (publish.generation < dropped_before_) report_("stop", publish.topic + " is of before the stop");
      if (publish.expires > latest) report_("expiry", "a command that does not expire in 5 s");
    }
    broker_->publish(publish, now_.steady);
  }
  if (effects.confirmation) confirmation_ = std::move(effects.confirmation);
}

void LivingRoom::judge() {
  for (auto& lamp : lamp_judges_) lamp.judge();
}

}  // namespace rytme::test
