// SPDX-License-Identifier: Apache-2.0
// Thirteen lamps behind one zigbee2mqtt, and a player: the outputs of a large room that are on MQTT. Each of
// them can fall silent.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "controller/simulator/world.hpp"
#include "tests/end_to_end/observer.hpp"

namespace rytme::test {

class BrokerDevices {
 public:
  // A lamp was told safe light, or the player to be silent, and had it at `t_s` (steady seconds). In a thread
  // of the devices'.
  using Lowered = std::function<void(const std::string& device, double t_s)>;
  BrokerDevices(int broker_port, Lowered lowered);
  ~BrokerDevices();
  BrokerDevices(const BrokerDevices&) = delete;
  BrokerDevices& operator=(const BrokerDevices&) = delete;

  static const std::vector<std::string>& outputs();
  // [[device]] of a room.toml
  static std::string settings();
  // Whether this device hears and answers.
  void answers(const std::string& device, bool does) { silent_.at(device) = !does; }

 private:
  struct Device {
    std::string id;
    std::string topics;  // what its own begin with
    std::unique_ptr<simulator::MqttPeer> peer;
  };
  // One client on the broker with the devices behind it.
  void run(int broker_port, std::vector<Device> devices, const std::vector<std::string>& filters);
  void take(const Seen& message, const Device& device, std::vector<MqttPublish>& out);

  Lowered lowered_;
  std::map<std::string, std::atomic<bool>> silent_;
  std::atomic<bool> over_{false};
  std::vector<std::thread> threads_;
};

}  // namespace rytme::test
