// SPDX-License-Identifier: Apache-2.0
// Logs to stderr in journald priorities ("<6>text"); nothing of a person in them, ever.
#pragma once

#include <cstdint>
#include <string_view>

#include "controller/room/time.hpp"

namespace rytme {

void start_log();

// One line per period for something that may happen a thousand times a second; the line tells how often.
// Logic thread.
class RareLog {
 public:
  explicit RareLog(std::chrono::seconds period) : period_(period) {}
  // `total`: how often it has happened since the start. Logs when it grew and the period is over.
  void warn(std::string_view what, std::string_view last, std::uint64_t total, Instant now);

 private:
  std::chrono::seconds period_;
  std::uint64_t told_{};
  Instant next_{};
};

}  // namespace rytme
