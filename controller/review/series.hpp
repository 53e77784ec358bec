// SPDX-License-Identifier: Apache-2.0
// One session's channels on one time axis, with few enough points to draw. The caller holds the read
// transaction (journal::Reader::ask).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/journal/sqlite.hpp"
#include "controller/review/buckets.hpp"
#include "controller/review/names.hpp"
#include "controller/review/session_frame.hpp"

namespace rytme::review {

struct SeriesQuestion {
  std::vector<Name> names;       // names_from()
  std::optional<double> from_s;  // s since the session's start; nullopt: the start
  std::optional<double> to_s;    // nullopt: the session's end
  std::size_t points{1000};      // 1 to most_points; rows of gaps come on top
};

struct Series {
  Name name;
  std::string device;
  std::vector<Bucket> rows;  // in time order
  Digest digest;
};

struct SeriesAnswer {
  SessionFrame session;
  double from_s{}, to_s{}, bucket_s{};
  std::size_t damaged_chunks{};  // could not be decoded; a gap in the series
  std::vector<Series> series;    // in the order of the names, then of the devices
};

// nullopt: no such session. Throws BadQuestion, journal::SqlError, and journal::BadChunk of a damaged chunk.
std::optional<SeriesAnswer> series(journal::Connection& connection, const std::string& id,
                                   const SeriesQuestion& question);
SeriesAnswer series(journal::Connection& connection, const SessionFrame& session,
                    const SeriesQuestion& question);

struct Window {
  double from_s{}, to_s{}, bucket_s{};
};
SeriesAnswer series_in(journal::Connection& connection, const SessionFrame& session,
                       const std::vector<Name>& names, const Window& window);

// `from` or `to` as asked: seconds since the session's start, or a time in ISO 8601 with offset, to the
// millisecond. "" is nullopt. Throws BadQuestion with `field`.
std::optional<double> moment(journal::Connection& connection, const SessionFrame& session,
                             const std::string& field, const std::string& text);

}  // namespace rytme::review
