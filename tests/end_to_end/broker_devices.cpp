// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/broker_devices.hpp"

#include <utility>

#include <fmt/format.h>

#include "controller/simulator/homie_player.hpp"
#include "controller/simulator/zigbee2mqtt_light.hpp"

namespace rytme::test {
namespace {

constexpr std::size_t lamps = 13;
constexpr const char* player = "player1";

std::string lamp(std::size_t i) { return fmt::format("lamp{}", i + 1); }

// Safe light is 0.4 of linear light: 167 of 254 on a lamp of gamma 2.2.
bool is_of_stop(const Seen& message) {
  if (message.topic.ends_with("/mute/set")) return message.payload == "true";
  return message.payload.find(R"("brightness":167)") != std::string::npos;
}

}  // namespace

BrokerDevices::BrokerDevices(int broker_port, Lowered lowered) : lowered_(std::move(lowered)) {
  for (const auto& id : outputs()) silent_[id] = false;
  std::vector<Device> bridge;
  for (std::size_t i = 0; i < lamps; ++i) {
    const auto topic = "zigbee2mqtt/" + lamp(i);
    bridge.push_back(
        {lamp(i), topic + "/", std::make_unique<simulator::Zigbee2mqttLight>(lamp(i), topic, i == 0, i)});
  }
  std::vector<Device> alone;
  alone.push_back({player, "homie/5/player1/", std::make_unique<simulator::HomiePlayer>(player, player)});
  threads_.emplace_back([this, broker_port, devices = std::move(bridge)]() mutable {
    run(broker_port, std::move(devices), {"zigbee2mqtt/+/set", "zigbee2mqtt/+/get"});
  });
  threads_.emplace_back([this, broker_port, devices = std::move(alone)]() mutable {
    run(broker_port, std::move(devices), {"homie/5/player1/player/+/set"});
  });
}

BrokerDevices::~BrokerDevices() {
  over_ = true;
  for (auto& thread : threads_) thread.join();
}

const std::vector<std::string>& BrokerDevices::outputs() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> ids{player};
    for (std::size_t i = 0; i < lamps; ++i) ids.push_back(lamp(i));
    return ids;
  }();
  return all;
}

std::string BrokerDevices::settings() {
  std::string text =
      "[[device]]\nid = \"player1\"\nplace = \"music.main\"\nprofile = \"homie-player\"\n"
      "params = { node = \"player1\" }\n";
  for (std::size_t i = 0; i < lamps; ++i)
    text += fmt::format(
        "[[device]]\nid = \"{0}\"\nplace = \"light.{0}\"\nprofile = \"zigbee2mqtt-light\"\n"
        "params = {{ topic = \"zigbee2mqtt/{0}\" }}\ncurve = \"gamma2.2\"\n",
        lamp(i));
  return text;
}

void BrokerDevices::run(int broker_port, std::vector<Device> devices,
                        const std::vector<std::string>& filters) {
  Observer client("127.0.0.1", broker_port, "injector", "secret", filters);
  const auto say = [&](const std::vector<MqttPublish>& messages) {
    for (const auto& one : messages) client.publish(one.topic, one.payload, one.qos, one.retain);
  };
  for (auto& device : devices) say(device.peer->on_connect(std::chrono::steady_clock::now()));
  while (!over_) {
    client.wait(std::chrono::milliseconds{20}, [](const Seen&) { return true; });
    std::vector<MqttPublish> out;
    const auto seen = std::exchange(client.seen, {});
    for (const auto& device : devices) {
      if (silent_.at(device.id)) continue;
      for (const auto& message : seen)
        if (message.topic.starts_with(device.topics)) take(message, device, out);
      device.peer->tick(std::chrono::steady_clock::now(), out);
    }
    say(out);
  }
}

void BrokerDevices::take(const Seen& message, const Device& device, std::vector<MqttPublish>& out) {
  if (is_of_stop(message)) lowered_(device.id, message.t_s);
  const auto now = std::chrono::steady_clock::now();
  device.peer->receive({message.topic, message.payload, message.retained, now}, now, out);
}

}  // namespace rytme::test
