// SPDX-License-Identifier: Apache-2.0
// Logs to stderr in journald priorities ("<6>text"); nothing of a person in them, ever.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/time.hpp"

namespace rytme {

void start_log();

// What is only for who reads the service's own log: it is not among recent_log(). A warning. Any thread.
void tell_service_log(std::string_view text);

struct LogLine {
  WallTime at;
  std::string level;  // debug | info | warning | error | critical
  std::string text;
};
// The newest lines since the start of that level or worse, oldest first: at most `most`, of 1000 that are
// kept. An unknown level: all. Any thread.
std::vector<LogLine> recent_log(std::string_view level, std::size_t most);

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
