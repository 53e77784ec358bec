// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/zigbee2mqtt_light.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include <boost/json.hpp>

namespace rytme::simulator {
namespace {

namespace json = boost::json;

constexpr double mired_min = 153;
constexpr double mired_max = 500;
constexpr double transition_max_s = 6553.5;  // Zigbee transtime: u16 in 0.1 s
constexpr double long_fade_s = 1.0;          // from here on the lamp reports on its way
constexpr double off_by_one_share = 0.2;

std::optional<double> number_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->to_number<double>();
}

MqttPublish retained(std::string topic, std::string_view state) {
  MqttPublish out;
  out.topic = std::move(topic);
  out.payload = json::serialize(json::object{{"state", state}});
  out.qos = 1;
  out.retain = true;
  return out;
}

// {topic}/set takes an object, {topic}/set/<attribute> a plain value.
std::optional<json::object> asked_in(std::string_view below_set, const std::string& payload) {
  boost::system::error_code error;
  auto value = json::parse(payload, error);
  if (below_set.empty()) {
    return !error && value.is_object() ? std::optional(value.as_object()) : std::nullopt;
  }
  if (error) value = json::string(payload);
  return json::object{{below_set.substr(1), value}};
}

}  // namespace

Zigbee2mqttLight::Zigbee2mqttLight(std::string device, std::string topic, bool announces_bridge,
                                   std::uint64_t seed)
    : device_(std::move(device)),
      topic_(std::move(topic)),
      announces_bridge_(announces_bridge),
      random_(seed, 0) {}

std::vector<std::string> Zigbee2mqttLight::subscriptions() const {
  return {topic_ + "/set", topic_ + "/set/+", topic_ + "/get"};
}

std::vector<MqttPublish> Zigbee2mqttLight::on_connect(Instant now) {
  std::vector<MqttPublish> out;
  if (announces_bridge_) out.push_back(retained("zigbee2mqtt/bridge/state", "online"));
  out.push_back(availability("online"));
  out.push_back(state_message(on_ ? given_off(now) : brightness_));
  return out;
}

void Zigbee2mqttLight::receive(const MqttMessage& message, Instant now, std::vector<MqttPublish>& out) {
  if (message.topic == topic_ + "/get") {
    out.push_back(state_message(on_ ? given_off(now) : brightness_));
    return;
  }
  const auto set = topic_ + "/set";
  if (!message.topic.starts_with(set)) return;
  const auto asked = asked_in(std::string_view(message.topic).substr(set.size()), message.payload);
  if (!asked) return;
  const auto wish = wish_of(*asked);
  if (!wish.on && !wish.brightness && !wish.mired) return;
  carry_out(wish, now);
  out.push_back(state_message(brightness_));
}

Zigbee2mqttLight::Wish Zigbee2mqttLight::wish_of(const json::object& asked) {
  Wish wish;
  if (const auto* state = asked.if_contains("state"); state != nullptr && state->is_string()) {
    if (state->as_string() == "ON") wish.on = true;
    if (state->as_string() == "OFF") wish.on = false;
  }
  if (const auto value = number_at(asked, "brightness")) {
    wish.brightness = std::round(std::clamp(*value, 0.0, full));
  }
  if (const auto value = number_at(asked, "color_temp")) {
    wish.mired = std::round(std::clamp(*value, mired_min, mired_max));
  }
  wish.transition_s = std::clamp(number_at(asked, "transition").value_or(0.0), 0.0, transition_max_s);
  return wish;
}

// ON without a level comes back at the kept brightness, but with a transition at full (zigbee2mqtt #2220,
// #3563): the model keeps that trap, so that a controller that falls into it is seen to.
double Zigbee2mqttLight::brightness_after(const Wish& wish) const {
  if (wish.brightness) return *wish.brightness;
  if (wish.on && *wish.on && !on_ && wish.transition_s > 0) return full;
  return brightness_;
}

void Zigbee2mqttLight::carry_out(const Wish& wish, Instant now) {
  if (wish.mired) mired_ = *wish.mired;
  if (!wish.on && !wish.brightness) return;
  const double from = given_off(now);
  const double told = brightness_after(wish);
  on_ = wish.on.value_or(true) && told > 0;
  brightness_ = told;
  fade_ = {now, now + seconds(wish.transition_s), from, on_ ? told : 0.0};
  end_report_ = fade_.to;
  middle_report_.reset();
  if (wish.transition_s >= long_fade_s) middle_report_ = now + seconds(wish.transition_s / 2);
}

double Zigbee2mqttLight::given_off(Instant now) const {
  if (now >= fade_.to) return fade_.to_brightness;
  const double share = seconds_between(fade_.from, now) / seconds_between(fade_.from, fade_.to);
  return std::lerp(fade_.from_brightness, fade_.to_brightness, std::clamp(share, 0.0, 1.0));
}

double Zigbee2mqttLight::level_at(Instant now) const { return given_off(now) / full; }

void Zigbee2mqttLight::tick(Instant now, std::vector<MqttPublish>& out) {
  if (middle_report_ && *middle_report_ <= now) {
    out.push_back(report(on_ ? given_off(*middle_report_) : brightness_));
    middle_report_.reset();
  }
  if (end_report_ && *end_report_ <= now) {
    out.push_back(report(brightness_));
    end_report_.reset();
  }
}

Instant Zigbee2mqttLight::next_wake() const {
  return std::min(middle_report_.value_or(Instant::max()), end_report_.value_or(Instant::max()));
}

MqttPublish Zigbee2mqttLight::availability(std::string_view state) const {
  return retained(topic_ + "/availability", state);
}

MqttPublish Zigbee2mqttLight::state_message(double brightness) const {
  MqttPublish out;
  out.topic = topic_;
  out.payload = json::serialize(json::object{{"brightness", std::llround(brightness)},
                                             {"color_mode", "color_temp"},
                                             {"color_temp", std::llround(mired_)},
                                             {"linkquality", 120},
                                             {"state", on_ ? "ON" : "OFF"}});
  out.qos = 0;
  return out;
}

MqttPublish Zigbee2mqttLight::report(double brightness) {
  const double told = std::round(brightness);
  const bool beside = on_ && told > 1 && random_.chance(off_by_one_share);
  return state_message(beside ? told - 1 : told);
}

}  // namespace rytme::simulator
