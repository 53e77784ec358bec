// SPDX-License-Identifier: Apache-2.0
#include "controller/review/changes.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "controller/review/session_frame.hpp"
#include "controller/review/statistics.hpp"
#include "controller/review/stretches.hpp"
#include "controller/review/tracks.hpp"

namespace rytme::review {
namespace {

constexpr std::size_t most_looked_at = 1000;
constexpr std::array<std::string_view, 5> scale{"calm", "attentive", "alarm", "fear", "terror"};

using Participant = std::string;

std::optional<double> step_of(const std::string& state) {
  const auto* found = std::find(scale.begin(), scale.end(), state);
  if (found == scale.end()) return std::nullopt;
  return static_cast<double>(found - scale.begin());
}

struct Rated {
  std::optional<double> before, after;
};

std::optional<double> difference(std::optional<double> before, std::optional<double> after) {
  if (!before || !after) return std::nullopt;
  return *after - *before;
}

// By session; the last word counts.
std::map<std::int64_t, Rated> ratings_of(journal::Connection& connection, const Participant& participant) {
  journal::Statement row = connection.prepare(
      "SELECT r.session, r.\"when\", r.state FROM session s JOIN rating r ON r.session = s.id "
      "WHERE s.participant = ?1 AND r.whose = 'participant' AND r.\"by\" = 'staff' ORDER BY r.seq");
  std::map<std::int64_t, Rated> all;
  row.with(participant);
  while (row.step()) {
    const std::string when = row.text(1);
    Rated& rated = all[row.integer(0)];
    if (when == "before") rated.before = step_of(row.text(2));
    if (when == "after") rated.after = step_of(row.text(2));
  }
  return all;
}

std::map<std::int64_t, std::set<std::string>> activities_of(journal::Connection& connection,
                                                            const Participant& participant) {
  journal::Statement row = connection.prepare(
      "SELECT e.session, json_extract(e.data, '$.id') FROM session s JOIN event e ON e.session = s.id "
      "WHERE s.participant = ?1 AND e.kind = 'activity' AND json_valid(e.data)");
  std::map<std::int64_t, std::set<std::string>> all;
  row.with(participant);
  while (row.step())
    if (!row.is_null(1)) all[row.integer(0)].insert(row.text(1));
  return all;
}

bool has_index(journal::Connection& connection) {
  journal::Statement row = connection.prepare("SELECT 1 FROM channel WHERE capability = ?1");
  return row.with(index_channels().front()).step();
}

std::optional<double> index_change(journal::Connection& connection, const SessionFrame& session) {
  const auto stretches = stretches_of(connection, session);
  const Stretch& before = stretches.front();
  const Stretch& after = stretches.back();
  if (!before.from_s || !after.from_s) return std::nullopt;
  const std::array<Places, 2> ends{before.places, after.places};
  const auto track = best_track(connection, session, index_channels(), ends);
  const auto known = [&](const Stretch& stretch) -> std::optional<double> {
    const Statistic of = statistic(track, *stretch.from_s, *stretch.to_s);
    return of.valid_share.value_or(0) < least_valid ? std::nullopt : of.median;
  };
  return difference(known(before), known(after));
}

// Both changes of every session, under each preset or activity it belongs to.
class Groups {
 public:
  void add(const std::string& id, std::optional<double> rating, std::optional<double> index) {
    Group& group = groups_[id];
    ++group.sessions;
    if (rating) group.rating.push_back(*rating);
    if (index) group.index.push_back(*index);
  }
  std::vector<ChangeGroup> take() {
    std::vector<ChangeGroup> all;
    for (auto& [id, group] : groups_)
      all.push_back(
          {id, group.sessions, change_of(std::move(group.rating)), change_of(std::move(group.index))});
    return all;
  }

 private:
  struct Group {
    std::size_t sessions{};
    std::vector<double> rating, index;
  };
  std::map<std::string, Group> groups_;
};

}  // namespace

Change change_of(std::vector<double> changes) {
  std::sort(changes.begin(), changes.end());
  Change result;
  result.n = changes.size();
  for (const double change : changes)
    ++(change < 0 ? result.lower : change > 0 ? result.higher : result.same);
  result.too_few = result.n < fewest_changes;
  if (result.too_few) return result;
  result.median = quantile(changes, 0.5);
  result.interval = median_interval(changes);
  result.lower_share = share_interval(result.lower, result.n);
  return result;
}

Changes changes(journal::Connection& connection, const std::string& participant) {
  Changes result{participant, 0, {}, {}};
  if (participant.empty()) return result;
  auto ratings = ratings_of(connection, participant);
  auto activities = activities_of(connection, participant);
  const bool indexed = has_index(connection);
  Groups by_preset;
  Groups by_activity;
  for (const SessionFrame& session : frames_of(connection, participant, most_looked_at)) {
    ++result.sessions;
    const Rated& rated = ratings[session.row];
    const auto rating = difference(rated.before, rated.after);
    const auto index = indexed ? index_change(connection, session) : std::nullopt;
    by_preset.add(session.preset, rating, index);
    for (const std::string& activity : activities[session.row]) by_activity.add(activity, rating, index);
  }
  result.presets = by_preset.take();
  result.activities = by_activity.take();
  return result;
}

}  // namespace rytme::review
