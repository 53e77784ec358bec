// SPDX-License-Identifier: Apache-2.0
// An example's payload read backwards through a [[write]]: what a command would have had to say for it. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "controller/room/command.hpp"
#include "controller/settings/profile.hpp"

namespace rytme::trial {

struct Inverted {
  std::vector<Setting> settings;
  std::optional<std::chrono::milliseconds> transition;
};
Inverted inverted(const settings::PayloadField& payload, const std::string& text);

// The same payload? As JSON where both are, else as text. No fade and a fade of 0 are the same.
bool same_payload(const settings::PayloadField& payload, const std::string& expected, const std::string& got);

// `asked` asks for at least all that `wanted` does.
bool asks_for_all(const std::string& asked, const std::string& wanted);

}  // namespace rytme::trial
