// SPDX-License-Identifier: Apache-2.0
// Six dimmers on four buses and the input of a wall stop: two dimmers behind one Modbus TCP gateway, two with
// a server of their own, two on a serial line at 115 200 baud, where bytes take their time and the input is
// read as well. Each of them can fall silent.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/simulator/world.hpp"
#include "tests/support/serial_wire.hpp"
#include "tests/support/tcp_wire.hpp"

namespace rytme::test {

class BusDevices {
 public:
  // A dimmer was told a level that is not above the one before, and had all of it at `t_s` (steady seconds).
  // In the thread of the device's bus.
  using Lowered = std::function<void(const std::string& device, double t_s)>;
  explicit BusDevices(Lowered lowered);

  static const std::vector<std::string>& dimmers();
  static std::string bus_of(const std::string& dimmer);
  // [[bus]] and [[device]] of a room.toml; `wall_stop` is added to the wall stop's table.
  std::string settings(const std::string& wall_stop) const;
  // The wall stop's contact. Returns the steady seconds when it changed.
  double contact(bool closed);
  // Whether this dimmer, or "wall-stop", hears and answers.
  void answers(const std::string& device, bool does);

 private:
  class Dimmer;
  class Inputs;
  struct Slave {
    std::unique_ptr<simulator::RegisterPeer> peer;
    std::atomic<bool> silent{false};
  };
  std::optional<Bytes> serial_reply(const Bytes& frame);
  std::vector<Bytes> tcp_replies(const std::string& bus, const Bytes& frame);
  Slave* slave(const std::string& bus, std::uint8_t unit);

  std::atomic<bool> closed_{true};
  std::map<std::string, Slave> slaves_;  // by device
  SerialWire line_;
  std::map<std::string, std::unique_ptr<TcpWire>> servers_;  // by bus
};

}  // namespace rytme::test
