// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/homie_player.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

namespace rytme::simulator {
namespace {

// Beat phase is for showing, not for keeping time: seldom is enough.
constexpr std::chrono::seconds phase_period{5};
// A beat that is not where it was asked to be gets there by so much of the tempo, without a jump.
constexpr double lean = 0.02;

std::vector<homie::Property> properties() {
  auto phase = homie::property("player", "phase", "float", "0:1", "", true, "");
  phase.retained = false;
  return {homie::property("player", "play", "boolean", "", "", true, "false"),
          homie::property("player", "source", "string", "", "", true, "calm"),
          homie::property("player", "track", "string", "", "", true, "calm 1"),
          homie::property("player", "bpm", "float", "20:140", "", true, "80"),
          std::move(phase),
          homie::property("player", "volume", "float", "0:100", "%", true, "0"),
          homie::property("player", "mute", "boolean", "", "", true, "false"),
          homie::property("player", "status", "enum", "stopped,playing", "", false, "stopped")};
}

}  // namespace

HomiePlayer::HomiePlayer(std::string device, std::string node)
    : device_(std::move(device)), homie_(std::move(node), device_, properties()) {}

std::vector<MqttPublish> HomiePlayer::on_connect(Instant /*now*/) { return homie_.announcement(); }

void HomiePlayer::receive(const MqttMessage& message, Instant now, std::vector<MqttPublish>& out) {
  auto* asked = homie_.settable(message.topic);
  if (asked == nullptr || message.retained)
    return;  // a retained /set is somebody's mistake, not a wish of now
  auto value = homie::Device::accepted(*asked, message.payload);
  if (!value) return;
  out.push_back(homie_.target_message(*asked, message.payload));
  advance_phase(now);
  asked->value = std::move(*value);
  out.push_back(homie_.value_message(*asked));
  follow(asked->id, now, out);
}

void HomiePlayer::follow(const std::string& id, Instant now, std::vector<MqttPublish>& out) {
  if (id == "phase" && playing_since_) {
    const double behind = homie::Device::number(homie_.property("phase").value).value_or(0.0) - beats_;
    behind_ = behind - std::round(behind);
  }
  if (id == "source") change("track", homie_.property("source").value + " 1", out);
  if (id != "play" || playing() == playing_since_.has_value()) return;
  change("status", playing() ? "playing" : "stopped", out);
  beats_ = behind_ = 0;
  playing_since_ = playing() ? std::optional(now) : std::nullopt;
  next_phase_ = playing() ? now + phase_period : Instant::max();
}

void HomiePlayer::change(const std::string& id, const std::string& value, std::vector<MqttPublish>& out) {
  auto& changed = homie_.property(id);
  if (changed.value == value) return;
  changed.value = value;
  out.push_back(homie_.value_message(changed));
}

void HomiePlayer::advance_phase(Instant now) {
  if (!playing_since_) return;
  const double bpm = homie::Device::number(homie_.property("bpm").value).value_or(0.0);
  const double run = seconds_between(*playing_since_, now) * bpm / 60.0;
  const double made_up = std::clamp(behind_, -lean * run, lean * run);
  behind_ -= made_up;
  beats_ += run + made_up;
  playing_since_ = now;
}

double HomiePlayer::phase(Instant now) {
  advance_phase(now);
  return beats_ - std::floor(beats_);
}

void HomiePlayer::tick(Instant now, std::vector<MqttPublish>& out) {
  if (now < next_phase_) return;
  advance_phase(now);
  while (next_phase_ <= now) next_phase_ += phase_period;
  change("phase", homie::Device::text(std::floor(phase(now) * 1000.0) / 1000.0), out);
}

Instant HomiePlayer::next_wake() const { return next_phase_; }

}  // namespace rytme::simulator
