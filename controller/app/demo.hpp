// SPDX-License-Identifier: Apache-2.0
// `rytme demo`: a supervisor. Broker, simulated devices and controller as children on loopback; they end with
// it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace rytme::app {

struct DemoOptions {
  std::filesystem::path config;  // the settings folder that the demo's own is made from
  std::filesystem::path data;
  int port{8080};  // 0: any free one
  std::string replay;
  double speed{1};
  std::uint64_t seed{1};
  bool qemu{};                    // swing and dimmer are firmware in QEMU on a serial line of their own
  int confirm_within_s{60};       // of serve
  std::optional<double> seconds;  // ends by itself after this
};

int demo(const DemoOptions& options);

}  // namespace rytme::app
