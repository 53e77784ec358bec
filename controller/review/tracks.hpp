// SPDX-License-Identifier: Apache-2.0
// One channel of one session as points, and what can be said of a stretch of them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controller/journal/sqlite.hpp"
#include "controller/review/session_frame.hpp"

namespace rytme::review {

struct Point {
  double t_s{};
  std::optional<double> value;  // nullopt: from here unknown
  bool good{};
};

struct Track {
  std::string channel, device, unit;
  std::vector<Point> points;  // in time order
};

// Places in the record, first <= seq <= last.
struct Places {
  std::int64_t first{}, last{};
};

// Of the devices that have the channel, the one with the most good values in these places; of several
// channels the first that has any. nullopt: none.
std::optional<Track> best_track(journal::Connection& connection, const SessionFrame& session,
                                std::span<const std::string_view> channels, std::span<const Places> places);

// Of the whole session.
std::optional<Track> whole_track(journal::Connection& connection, const SessionFrame& session,
                                 std::span<const std::string_view> channels);

// Channels that say the same, the best first: the mean of accepted beats, else the device's own word.
std::span<const std::string_view> heart_channels();
std::span<const std::string_view> index_channels();

// Median and quartiles of the good values; doubtful ones count in n_all only. Below 10 good values nothing is
// said.
struct Statistic {
  std::string channel, device, unit;
  std::optional<double> median, q1, q3;
  std::size_t n{};      // good values
  std::size_t n_all{};  // all values
  std::optional<double>
      valid_share;     // share of the time that good values speak for, 10 s each at most; nullopt: no time
  std::string reason;  // of what is unknown: "no_data", "too_few"; "" when known
};
Statistic statistic(const std::optional<Track>& track, double from_s, double to_s);

}  // namespace rytme::review
