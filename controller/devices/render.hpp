// SPDX-License-Identifier: Apache-2.0
// One [[write]] of a profile filled with what a command wishes. Internal to devices.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "controller/room/command.hpp"
#include "controller/settings/profile.hpp"

namespace rytme::devices {

// What one device is asked for at once.
struct Wishes {
  std::vector<Setting> settings;
  std::chrono::milliseconds transition{0};  // 0: none is asked for, and none is said
  std::optional<double> from_level;         // where a fade begins; nullopt: not known
};

struct Rendered {
  std::string payload;
  std::vector<Capability> said;  // of the wishes
  bool fades{};                  // the transition is said
};

const Setting* find(const std::vector<Setting>& settings, Capability capability);

// nullopt: it would say none of what is wished. A member whose value is not wished is left out, with it an
// object or a list that holds nothing else; a text with one that is not wished is not said at all.
std::optional<Rendered> render(const settings::MqttWrite& write, const Wishes& wishes);

}  // namespace rytme::devices
