// SPDX-License-Identifier: Apache-2.0
// Wall time between the file, which counts µs of UTC, and the place where the room stands. Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "controller/journal/journal.hpp"
#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

// How far local time was ahead of UTC at that moment.
std::int64_t local_offset_min(std::int64_t t_us);

// A bound of a span of time that makes no sense: `field` is from or to, `detail` goes on with "must be".
class BadBound : public JournalError {
 public:
  BadBound(const std::string& field, const std::string& detail);
  const std::string& field() const { return field_; }
  const std::string& detail() const { return detail_; }

 private:
  std::string field_, detail_;
};

struct TimeRange {
  std::optional<std::int64_t> from_us, to_us;  // UTC; to_us is no part of it; nullopt: open
};
// ISO 8601, "" is open; a day alone is local and, as an end, belongs to the span. Throws BadBound.
TimeRange span_of(Connection& connection, const std::string& from, const std::string& to);

}  // namespace rytme::journal
