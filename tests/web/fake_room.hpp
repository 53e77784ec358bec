// SPDX-License-Identifier: Apache-2.0
// A room that answers as the real one does, without time, devices or journal. Records what it was asked.
#pragma once

#include <string>
#include <vector>

#include "controller/web/server.hpp"

namespace rytme::web {

struct FakeRoom {
  RoomState now;
  std::string session_map{"{}"};
  std::vector<Asked> asked;
  std::vector<std::string> refused;  // "GET /api/v1/sessions local", then whose
  std::vector<std::string> entered;  // "log in user-K7FW", or "log in refused unknown"
  std::vector<std::string> read;     // "sessions psychologist review"
  std::vector<DeviceRow> device_rows{{"ceiling", "light.main", "zigbee2mqtt-light", "ok", 0.5},
                                     {"wall", "light.wall", "wb-mdm3", "unknown", -1}};
  std::shared_ptr<const std::filesystem::path> made;  // what the next record is sent from
  Instant clock{};
  WallTime wall{std::chrono::seconds(1'800'000'000)};
  bool ready{true};
  bool healthy{true};
  std::function<void()> changed = [] {};

  FakeRoom();
  RoomPort port();
  Answer answer(const Asked& request);
};

// Presets, activities and tokens such as a real house has.
Options house_options();

}  // namespace rytme::web
