// SPDX-License-Identifier: Apache-2.0
#include "controller/review/tracks.hpp"

#include <algorithm>
#include <array>

#include "controller/review/buckets.hpp"
#include "controller/review/names.hpp"
#include "controller/review/statistics.hpp"
#include "controller/room/reading.hpp"

namespace rytme::review {
namespace {

constexpr std::size_t least_values = 10;
constexpr std::array<std::string_view, 2> heart{"hr.mean10_bpm", "hr.bpm"};
constexpr std::array<std::string_view, 1> index{"arousal.index"};

Track track_of(journal::Statement& row, const SessionFrame& session, std::int64_t channel,
               std::span<const Places> places) {
  Track track;
  for (const Places& range : places) {
    row.with(session.row, channel, std::max(range.first, session.first_seq),
             std::min(range.last, session.last_seq));
    while (row.step())
      track.points.push_back({session.seconds(row.integer(0), row.integer(1)), row.maybe_real(2),
                              row.integer(3) == static_cast<std::int64_t>(Quality::good)});
  }
  return track;
}

auto good_values(const Track& track) {
  return std::count_if(track.points.begin(), track.points.end(),
                       [](const Point& point) { return point.good && point.value; });
}

}  // namespace

std::span<const std::string_view> heart_channels() { return heart; }
std::span<const std::string_view> index_channels() { return index; }

std::optional<Track> best_track(journal::Connection& connection, const SessionFrame& session,
                                std::span<const std::string_view> channels, std::span<const Places> places) {
  journal::Statement device =
      connection.prepare("SELECT id, device, unit FROM channel WHERE capability = ?1 ORDER BY device");
  journal::Statement row = connection.prepare(
      "SELECT seq, mono_us, value, quality FROM reading WHERE session = ?1 AND channel = ?2 "
      "AND seq BETWEEN ?3 AND ?4 ORDER BY seq");
  std::optional<Track> best;
  for (const std::string_view channel : channels) {
    device.with(channel);
    while (device.step()) {
      Track track = track_of(row, session, device.integer(0), places);
      if (track.points.empty() || (best && good_values(track) <= good_values(*best))) continue;
      track.channel = channel;
      track.device = device.text(1);
      track.unit = device.text(2);
      best = std::move(track);
    }
    if (best && good_values(*best) > 0) break;
  }
  return best;
}

std::optional<Track> whole_track(journal::Connection& connection, const SessionFrame& session,
                                 std::span<const std::string_view> channels) {
  const std::array<Places, 1> all{{{session.first_seq, session.last_seq}}};
  return best_track(connection, session, channels, all);
}

Statistic statistic(const std::optional<Track>& track, double from_s, double to_s) {
  Statistic result;
  result.reason = "no_data";
  Buckets share(from_s, to_s, to_s - from_s);  // one bucket
  std::vector<double> values;
  if (track) {
    result.channel = track->channel;
    result.device = track->device;
    result.unit = track->unit;
    for (const Point& point : track->points) {
      if (point.value) {
        share.add(point.t_s, *point.value, point.good, late_after_s);
      } else {
        share.unknown(point.t_s);
      }
      if (point.good && point.value && point.t_s >= from_s && point.t_s <= to_s)
        values.push_back(*point.value);
    }
  }
  share.finish();
  const Digest digest = share.digest();
  result.n = digest.n_good;
  result.n_all = digest.n;
  result.valid_share = digest.valid_share;
  if (result.n_all > 0) result.reason = "too_few";
  if (values.size() < least_values) return result;
  const Quartiles of = quartiles(std::move(values));
  result.median = of.median;
  result.q1 = of.q1;
  result.q3 = of.q3;
  result.reason.clear();
  return result;
}

}  // namespace rytme::review
