// SPDX-License-Identifier: Apache-2.0
// A room without hardware: models of the devices in a settings folder, of a person and of a swing. Pure:
// messages and time in, messages out; the same models run under a simulated clock in tests and over real MQTT
// and Modbus in `rytme simulate`. Logic thread of whoever owns it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/wire.hpp"
#include "controller/settings/house.hpp"

namespace rytme::simulator {

// One simulated device on the broker: a client of its own, with its own will.
class MqttPeer {
 public:
  virtual ~MqttPeer() = default;
  virtual std::string client_id() const = 0;  // = the device's MQTT user name in demo: "sim-<device id>"
  virtual std::vector<std::string> subscriptions() const = 0;
  virtual std::vector<MqttPublish> on_connect(Instant now) = 0;  // $state, $description, first values
  virtual std::optional<MqttPublish> will() const = 0;
  virtual void receive(const MqttMessage& message, Instant now, std::vector<MqttPublish>& out) = 0;
  virtual void tick(Instant now, std::vector<MqttPublish>& out) = 0;
  virtual Instant next_wake() const = 0;  // Instant::max(): nothing by itself
  // What the device says before it leaves in order ($state disconnected, ...).
  virtual std::vector<MqttPublish> farewell() const = 0;
};

// One simulated Modbus slave: its registers. Writes come from the bus; tick lets time pass (safety timeout).
class RegisterPeer {
 public:
  virtual ~RegisterPeer() = default;
  virtual std::uint8_t unit() const = 0;
  // false: illegal data address. `values` is filled for a read.
  virtual bool read(RegisterArea area, std::uint16_t address, std::uint16_t count,
                    std::vector<std::uint16_t>& values, Instant now) = 0;
  virtual bool write(RegisterArea area, std::uint16_t address, const std::vector<std::uint16_t>& values,
                     Instant now) = 0;
};

struct WorldOptions {
  std::string replay;  // a file or folder of recorded people; "" = the simulated person
  double speed{1};     // scales the sending of heart and motion only
  std::uint64_t seed{1};
  std::uint64_t boot{};    // what the nodes' `boot` is drawn from; another number at every start of a process
  bool nodes_elsewhere{};  // our own nodes on a bus (rytme-*-node) are played by somebody else
  std::set<std::string> without{};  // ids of devices that somebody else plays
};

struct World {
  std::vector<std::unique_ptr<MqttPeer>> mqtt;
  struct Slave {
    BusIndex bus{};
    std::string device;
    std::unique_ptr<RegisterPeer> peer;
  };
  std::vector<Slave> slaves;
};

// Our own nodes, whose firmware can take the place of a model.
bool is_own_node(std::string_view profile);

// Throws std::runtime_error with one line: a replay that cannot be read, a profile no model plays.
World make_world(const settings::House& house, const WorldOptions& options);

}  // namespace rytme::simulator
