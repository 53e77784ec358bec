// SPDX-License-Identifier: Apache-2.0
// `rytme simulate`: every device of a settings folder in a process of its own, an MQTT client per device, and
// per bus a Modbus TCP server or a pty with slaves on it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

namespace rytme::app {

struct SimulateOptions {
  std::filesystem::path config;  // settings folder
  std::string replay;            // a recording; "" = the simulated person
  double speed{1};               // of the heart and motion nodes' sending
  std::uint64_t seed{1};
  bool qemu{};                    // our own nodes on a serial line run as firmware in QEMU
  std::set<std::string> without;  // ids of devices that are there
  // Lines user:password, one user per device ("sim-<device id>"). Empty: simulator.passwords in the settings
  // folder when it is there; without it every device takes the broker user of room.toml.
  std::filesystem::path credentials;
};

// Runs until SIGTERM or SIGINT. Returns the exit code: 0 ended in order, 2 cannot simulate this room (told in
// the log).
int simulate(const SimulateOptions& options);

}  // namespace rytme::app
