// SPDX-License-Identifier: Apache-2.0
// Which devices are there: by their own availability, by when they were last heard, by their bus. Pure; logic
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/reading.hpp"
#include "controller/room/time.hpp"
#include "controller/settings/house.hpp"

namespace rytme::app {

// unknown: not heard since the start. late: there, but its stream is overdue. lost: said so itself, or its
// link is down.
enum class Presence : std::uint8_t { unknown, ok, late, lost };
std::string_view name_of(Presence presence);

class DeviceWatch {
 public:
  explicit DeviceWatch(const settings::House& house);

  // Something live came from the device.
  void heard(DeviceIndex device, Instant now);
  // `live`: said now, not out of the broker's memory.
  void online(DeviceIndex device, bool value, Instant now, bool live = true);
  // The broker or a bus: everything behind it is out of reach or may be back.
  void broker(bool up);
  void slave(BusIndex bus, std::uint8_t unit, bool answers, Instant now);

  struct Change {
    DeviceIndex device{};
    Presence from{};
    Presence to{};
  };
  // Looks at every device; appends what changed since the last look.
  void look(Instant now, std::vector<Change>& changes);

  Presence presence(DeviceIndex device) const { return rows_[device].presence; }
  // nullopt: never heard.
  std::optional<Instant> last_heard(DeviceIndex device) const { return rows_[device].heard; }
  int count(Presence presence) const;
  std::size_t size() const { return rows_.size(); }

 private:
  struct Row {
    std::optional<BusIndex> bus;
    std::uint8_t unit{};
    bool streams{};                       // heart or motion: overdue after stream_late
    std::chrono::seconds max_silence{0};  // not heard for longer: lost; 0: no limit
    bool needs_fresh{};                   // a retained "online" is no sign of life
    std::optional<bool> online;
    std::optional<Instant> heard;
    Presence presence{Presence::unknown};
  };
  Presence judge(const Row& row, Instant now) const;

  std::vector<Row> rows_;
  bool broker_up_{};
  bool broker_was_up_{};  // before its first connect nothing is lost, only not heard yet
};

}  // namespace rytme::app
