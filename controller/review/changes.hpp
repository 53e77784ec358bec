// SPDX-License-Identifier: Apache-2.0
// What ratings and index did in one person's sessions with a preset or an activity: counts and intervals for
// people to think about. Sessions are not an experiment: no verdict, no order by size, nothing between
// people.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "controller/journal/sqlite.hpp"
#include "controller/review/statistics.hpp"

namespace rytme::review {

inline constexpr std::size_t fewest_changes = 3;  // below it numbers would be anecdotes

// After minus before, one number per session.
struct Change {
  std::size_t n{};  // sessions in which both are known
  std::size_t lower{}, same{}, higher{};
  bool too_few{true};  // n < fewest_changes: counts only, and no shares or medians
  std::optional<double> median;
  std::optional<Interval> interval;     // of the median, median_interval(); nullopt: too few for one
  std::optional<Interval> lower_share;  // of the share of sessions that ended lower, share_interval()
};
Change change_of(std::vector<double> changes);

struct ChangeGroup {
  std::string id;          // of the preset or the activity
  std::size_t sessions{};  // with it
  Change rating;  // steps on calm 0, attentive 1, alarm 2, fear 3, terror 4, as staff rated the participant;
                  // the last word of each moment. "shut down" and "don't know" are not on the scale.
  Change index;   // median of the close phase minus median of the first phase; both at least half valid
};

struct Changes {
  std::string participant;
  std::size_t sessions{};
  std::vector<ChangeGroup> presets, activities;  // by id
};

// Of the participant's newest 1000 sessions.
Changes changes(journal::Connection& connection, const std::string& participant);

}  // namespace rytme::review
