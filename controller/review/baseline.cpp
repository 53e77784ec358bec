// SPDX-License-Identifier: Apache-2.0
#include "controller/review/baseline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "controller/review/statistics.hpp"

namespace rytme::review {
namespace {

constexpr double shortest_s = 120;
constexpr double longest_s = 300;
constexpr double good_share = 0.8;
constexpr double steepest_bpm_per_min = 1;

std::optional<double> slope_bpm_per_min(const Track& heart, double from_s, double to_s) {
  std::vector<double> minutes;
  std::vector<double> bpm;
  for (const Point& point : heart.points) {
    if (!point.good || !point.value || point.t_s < from_s || point.t_s > to_s) continue;
    minutes.push_back(point.t_s / 60);
    bpm.push_back(*point.value);
  }
  return slope(minutes, bpm);
}

std::string doubt(const Baseline& baseline, const Track& heart, double from_s, double to_s,
                  std::optional<double> accepted_share) {
  if (baseline.valid_share.value_or(0) < good_share || accepted_share.value_or(1) < good_share)
    return "rejected";
  if (std::abs(slope_bpm_per_min(heart, from_s, to_s).value_or(0)) > steepest_bpm_per_min) return "slope";
  return "";
}

// Share of beats the gate accepted, as signals told it once a minute.
std::optional<double> accepted_share(journal::Connection& connection, const SessionFrame& session,
                                     double to_s) {
  constexpr std::array<std::string_view, 1> channel{"hr.window60_accepted"};
  const auto track = whole_track(connection, session, channel);
  if (!track) return std::nullopt;
  std::vector<double> shares;
  for (const Point& point : track->points)
    if (point.value && point.t_s <= to_s) shares.push_back(*point.value);
  return quartiles(std::move(shares)).median;
}

}  // namespace

Baseline baseline_of(const std::optional<Track>& heart, double from_s, double to_s,
                     std::optional<double> accepted_share) {
  to_s = std::min(to_s, from_s + longest_s);
  const Statistic all = statistic(heart, from_s, to_s);
  Baseline baseline;
  baseline.n = all.n;
  baseline.valid_share = all.valid_share;
  baseline.duration_s = std::max(0.0, to_s - from_s);
  baseline.reason = all.reason;
  if (!all.median) return baseline;
  baseline.reason = baseline.duration_s < shortest_s            ? "too_short"
                    : all.valid_share.value_or(0) < least_valid ? "too_little_valid"
                                                                : "";
  if (!baseline.reason.empty()) return baseline;
  baseline.bpm = all.median;
  baseline.q1 = all.q1;
  baseline.q3 = all.q3;
  baseline.reason = doubt(baseline, *heart, from_s, to_s, accepted_share);
  baseline.quality = baseline.reason.empty() ? "good" : "doubtful";
  return baseline;
}

Baseline own_band(journal::Connection& connection, const SessionFrame& session,
                  const std::optional<Track>& heart) {
  const double to_s = std::min(session.length_s, longest_s);
  return baseline_of(heart, 0, to_s, accepted_share(connection, session, to_s));
}

CalmPulses calm_pulses(journal::Connection& connection, const std::string& participant, std::size_t most) {
  CalmPulses pulses{participant, {}, {}};
  if (participant.empty()) return pulses;
  journal::Statement row = connection.prepare(
      "SELECT v.t, coalesce(v.session, ''), json_extract(v.data, '$.bpm'), json_extract(v.data, '$.iqr'), "
      "json_extract(v.data, '$.valid_share'), json_extract(v.data, '$.duration_s'), "
      "coalesce(json_extract(v.data, '$.n'), 0), coalesce(json_extract(v.data, '$.quality'), 'unknown'), "
      "coalesce(json_extract(v.data, '$.reason'), '') FROM v_event v "
      "LEFT JOIN session s ON s.name = v.session WHERE v.kind = 'baseline' AND json_valid(v.data) AND "
      "coalesce(nullif(s.participant, ''), json_extract(v.data, '$.participant')) = ?1 ORDER BY v.seq DESC");
  row.with(participant);
  while (row.step()) {
    CalmPulse pulse{row.text(0),       row.text(1),       row.maybe_real(2),
                    row.maybe_real(3), row.maybe_real(4), row.maybe_real(5),
                    row.integer(6),    row.text(7),       row.text(8)};
    if (!pulses.latest_good && pulse.quality == "good" && pulse.bpm) pulses.latest_good = pulse;
    if (pulses.history.size() < most) pulses.history.push_back(std::move(pulse));
    if (pulses.latest_good && pulses.history.size() >= most) break;
  }
  return pulses;
}

}  // namespace rytme::review
