// SPDX-License-Identifier: Apache-2.0
// Which faults of the ladder are there now, since when, and of which device. Pure; logic thread.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "controller/room/reading.hpp"
#include "controller/safety/ladder.hpp"

namespace rytme::app {

class FaultWatch {
 public:
  // nullopt: of the room, not of one device.
  using Where = std::optional<DeviceIndex>;

  // true begins it, false ends it; again: it goes on.
  void is(safety::Fault fault, Where where, bool there, Instant now);
  bool there(safety::Fault fault) const;

  struct Row {
    safety::Fault fault{};
    Where where;
    Instant since{};
  };
  std::vector<Row> rows() const;
  // What the ladder says of one kind of fault now.
  Response response(safety::Fault fault, Instant now) const;

 private:
  std::map<std::pair<safety::Fault, Where>, Instant> since_;
};

}  // namespace rytme::app
