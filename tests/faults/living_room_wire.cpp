// SPDX-License-Identifier: Apache-2.0
// What reaches the devices of the living room.
#include <charconv>
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/simulator/homie_player.hpp"
#include "tests/faults/living_room.hpp"
#include "tests/faults/red.hpp"

namespace rytme::test {
namespace {

constexpr double full = 254;
constexpr double one_step = 0.07;  // done twice, on a line that loses replies
constexpr std::chrono::seconds stop_ramp{3};
constexpr std::chrono::seconds rounded_up{1};  // the broker counts a message's age in whole seconds

}  // namespace

void LivingRoom::reaches_device(std::size_t peer, const MqttPublish& message, Instant left) {
  const bool late = now_.steady > message.expires + rounded_up || left >= message.expires;
  if (message.generation != 0 && late)
    report_("expiry",
            fmt::format("{} {:.2f} s late", message.topic, seconds_between(message.expires, now_.steady)));
  if (peer < lamps) lamp_judges_[peer].before_command(now_.steady);
}

void LivingRoom::reached_device(std::size_t peer, const MqttPublish& message, Instant left) {
  if (peer < lamps && message.topic.ends_with("/set")) told_lamp(peer, message, left);
  if (peer == player) told_player(message, left);
}

// A stop's ramp runs to its end, also when somebody makes the room ready again in it.
bool LivingRoom::is_of_stop(Instant left) const {
  return session_judge_.latched() || (counts_.stops > 0 && left - session_judge_.latched_since() < stop_ramp);
}

// What left at the moment of the stop may have left just before it.
bool LivingRoom::is_after_stop(const MqttPublish& message, Instant left) const {
  return session_judge_.latched() && left >= session_judge_.latched_since() &&
         message.generation >= dropped_before_;
}

void LivingRoom::told_lamp(std::size_t lamp, const MqttPublish& message, Instant left) {
  const bool after_stop = is_after_stop(message, left);
  lamp_judges_[lamp].after_command(now_.steady, is_of_stop(left));
  const auto told = boost::json::parse(message.payload).as_object();
  const auto* brightness = told.if_contains("brightness");
  if (brightness == nullptr) return;  // its setup
  if (is_red(told)) report_("red", message.payload);
  const double linear =
      linear_from_level(house_->devices[lamp].curve, brightness->to_number<double>() / full);
  const bool safe = std::abs(linear - house_->room.safe_light.level) < 0.02;
  if (after_stop && !safe) report_("stop", fmt::format("{} {}", message.topic, message.payload));
}

void LivingRoom::told_player(const MqttPublish& message, Instant left) {
  const std::string_view topic = message.topic;  // homie/5/player1/player/volume/set
  const auto property =
      topic.substr(0, topic.rfind('/')).substr(topic.substr(0, topic.rfind('/')).rfind('/') + 1);
  player_judge_.told(property, message.payload, now_.steady);
  if (!is_after_stop(message, left)) return;
  const bool quiet = (property == "mute" && message.payload == "true") ||
                     (property == "play" && message.payload == "false") ||
                     (property == "source" && player_judge_.muted());  // of a player that came back
  if (!quiet) report_("stop", fmt::format("{} {}", topic, message.payload));
}

double LivingRoom::held_level(std::size_t bus) {
  std::vector<std::uint16_t> on, level;
  auto& peer = *slaves_[bus].peer;
  peer.read(RegisterArea::coil, 0, 1, on, now_.steady);
  peer.read(RegisterArea::holding, 0, 1, level, now_.steady);
  return on.at(0) != 0 ? level.at(0) / 100.0 : 0;
}

// The dimmer's own safe level, when nobody had asked it for long.
void LivingRoom::slave_asked(std::size_t bus) {
  const double level = held_level(bus);
  if (level == dimmer_levels_[bus]) return;
  dimmer_levels_[bus] = level;
  lamp_judges_[lamps + bus].own_change(now_.steady);
}

void LivingRoom::before_write(std::size_t bus) {
  slave_asked(bus);
  lamp_judges_[lamps + bus].before_command(now_.steady);
}

void LivingRoom::after_write(std::size_t bus, const RegisterWrite& write, Instant left) {
  if (left >= write.expires) report_("expiry", "a register written after it had expired");
  const auto& lamp = house_->devices[lamps + bus];
  const auto off = [&](double level) {
    return std::abs(linear_from_level(lamp.curve, level) - house_->room.safe_light.level);
  };
  const double before = dimmer_levels_[bus];
  dimmer_levels_[bus] = held_level(bus);
  lamp_judges_[lamps + bus].after_command(now_.steady, is_of_stop(left));
  if (!session_judge_.latched() || left < session_judge_.latched_since()) return;
  if (off(dimmer_levels_[bus]) > off(before) + one_step)
    report_("stop", fmt::format("{} from {:.2f} to {:.2f}", lamp.id, before, dimmer_levels_[bus]));
}

void LivingRoom::cut_lamp_power(Peer lamp, std::uint64_t seed) {
  lamp_judges_[lamp].own_change(now_.steady);
  const auto& device = house_->devices[lamp];
  mqtt_[lamp] = std::make_unique<simulator::Zigbee2mqttLight>(device.id, device.params.at("topic"),
                                                              lamp == ceiling, seed);
  lamp_judges_[lamp].own_change(now_.steady);
  trouble();
}

void LivingRoom::cut_player_power() {
  mqtt_[player] = std::make_unique<simulator::HomiePlayer>("player1", "player1");
  player_judge_.restarted(now_.steady);
  trouble();
}

void LivingRoom::press(bool long_press) {
  std::vector<MqttPublish> out;
  dynamic_cast<simulator::HomieButton&>(*mqtt_[button]).press(long_press, out);
  broker_->say(out, now_.steady);
}

void LivingRoom::say(const std::string& topic, const std::string& payload) {
  MqttPublish message;
  message.topic = topic;
  message.payload = payload;
  std::vector<MqttPublish> out{message};
  broker_->say(out, now_.steady);
}

}  // namespace rytme::test
