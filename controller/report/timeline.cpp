// SPDX-License-Identifier: Apache-2.0
#include "controller/report/timeline.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>
#include <map>

#include <boost/json.hpp>

#include "controller/room/capability.hpp"

namespace rytme::report {
namespace {

using journal::SessionFacts;
using journal::Stamp;

constexpr double endless = 1e18;  // s

int number_at(std::string_view text, std::size_t from, std::size_t length) {
  int value = 0;
  const auto part = text.substr(from, length);
  std::from_chars(part.data(), part.data() + part.size(), value);
  return value;
}

std::vector<Stamp> all_stamps(const SessionFacts& facts) {
  std::vector<Stamp> stamps{facts.start};
  const auto add = [&](const auto& rows) {
    for (const auto& row : rows) stamps.push_back(row.at);
  };
  add(facts.readings);
  add(facts.commands);
  add(facts.events);
  add(facts.ratings);
  for (const auto& chunk : facts.chunks) stamps.push_back({chunk.seq, chunk.t, chunk.mono_s});
  std::sort(stamps.begin(), stamps.end(), [](const Stamp& a, const Stamp& b) { return a.seq < b.seq; });
  return stamps;
}

journal::Moment moment_of(const Stamp& stamp) { return {stamp.seq, stamp.mono_s, utc_seconds(stamp.t)}; }

double last_recorded_s(const SessionFacts& facts, const SessionClock& clock) {
  double last = 0;
  const auto look = [&](const Stamp& stamp) {
    if (!facts.end_seq || stamp.seq <= *facts.end_seq) last = std::max(last, clock.at(stamp));
  };
  for (const auto& fact : facts.readings) look(fact.at);
  for (const auto& fact : facts.commands) look(fact.at);
  for (const auto& fact : facts.events) look(fact.at);
  for (const auto& chunk : facts.chunks) last = std::max(last, clock.at(chunk.seq, chunk.mono_end_s));
  return last;
}

boost::json::value field(const std::string& json, std::string_view name) {
  boost::system::error_code error;
  const auto parsed = boost::json::parse(json, error);
  if (error || !parsed.is_object()) return nullptr;
  const auto* found = parsed.as_object().if_contains(boost::json::string_view(name.data(), name.size()));
  return found != nullptr ? *found : boost::json::value(nullptr);
}

struct Point {
  double t_s{};
  std::optional<double> value;
  bool doubtful{};
};

using Points = std::map<std::pair<std::string, std::string>, std::pair<std::string, std::vector<Point>>>;

bool from_body(const std::string& channel) {
  const auto capability = capability_from(channel);
  return capability && info(*capability).from_body;
}

// When recording went off: what comes from a body ends there.
std::vector<double> recording_ends(const SessionFacts& facts, const SessionClock& clock) {
  std::vector<double> ends;
  for (const auto& event : facts.events)
    if (event.kind == "session_change" && flag_field(event.data, "recording") == false)
      ends.push_back(clock.at(event.at));
  return ends;
}

std::vector<Held> held_of(std::vector<Point> points, double hold_s, double length_s,
                          const std::vector<double>& ends) {
  for (const double end : ends) points.push_back({end, std::nullopt, false});
  std::stable_sort(points.begin(), points.end(),
                   [](const Point& a, const Point& b) { return a.t_s < b.t_s; });
  std::vector<Held> held;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double from = std::max(0.0, points[i].t_s);
    const double next = i + 1 < points.size() ? points[i + 1].t_s : endless;
    const double to = std::min({next, from + hold_s, length_s});
    if (points[i].value && to > from) held.push_back({from, to, *points[i].value, points[i].doubtful});
  }
  return held;
}

std::vector<Track> tracks_of(const Points& points, double length_s, const std::vector<double>& ends) {
  std::vector<Track> tracks;
  for (const auto& [name, about] : points) {
    const bool body = from_body(name.second);
    auto held =
        held_of(about.second, body ? body_hold_s : endless, length_s, body ? ends : std::vector<double>{});
    tracks.push_back({name.first, name.second, about.first, std::move(held)});
  }
  return tracks;
}

std::optional<double> numeric(const journal::Scalar& value) {
  const auto* number = std::get_if<double>(&value);
  return number != nullptr && std::isfinite(*number) ? std::optional(*number) : std::nullopt;
}

}  // namespace

double utc_seconds(std::string_view iso) {
  using namespace std::chrono;
  if (iso.size() < 29) return 0;  // 2025-10-09T08:53:20.000+00:00
  const sys_days day{year{number_at(iso, 0, 4)} / number_at(iso, 5, 2) / number_at(iso, 8, 2)};
  const int seconds = number_at(iso, 11, 2) * 3600 + number_at(iso, 14, 2) * 60 + number_at(iso, 17, 2);
  const int offset = (number_at(iso, 24, 2) * 60 + number_at(iso, 27, 2)) * 60;
  const auto days = static_cast<double>(day.time_since_epoch().count());
  return days * 86400 + seconds + number_at(iso, 20, 3) / 1e3 - (iso[23] == '-' ? -offset : offset);
}

std::string text_field(const std::string& json, std::string_view name) {
  const auto value = field(json, name);
  return value.is_string() ? std::string(value.as_string()) : std::string();
}

std::optional<bool> flag_field(const std::string& json, std::string_view name) {
  const auto value = field(json, name);
  return value.is_bool() ? std::optional(value.as_bool()) : std::nullopt;
}

std::optional<double> number_field(const std::string& json, std::string_view name) {
  const auto value = field(json, name);
  return value.is_number() ? std::optional(value.to_number<double>()) : std::nullopt;
}

SessionClock::SessionClock(const SessionFacts& facts)
    : time_(moment_of(facts.start)),
      last_seq_(facts.end_seq.value_or(std::numeric_limits<std::int64_t>::max())) {
  for (const Stamp& stamp : all_stamps(facts))
    if (stamp.seq <= last_seq_) time_.saw(moment_of(stamp));
  length_s_ = last_recorded_s(facts, *this);
  if (!facts.end_mono_s || facts.record.summary.end_reason == "crash") return;
  const double end_s = time_.at(last_seq_, *facts.end_mono_s);
  if (end_s >= 0) length_s_ = end_s;
}

double SessionClock::at(std::int64_t seq, double mono_s) const {
  return seq > last_seq_ ? length_s_ : time_.at(seq, mono_s);
}

std::vector<Track> reading_tracks(const SessionFacts& facts, const SessionClock& clock) {
  Points points;
  for (const auto& fact : facts.readings) {
    if (std::holds_alternative<std::string>(fact.value)) continue;
    auto& [unit, row] = points[{fact.device, fact.channel}];
    unit = fact.unit;
    const auto value = fact.quality == "unknown" ? std::nullopt : numeric(fact.value);
    row.push_back({clock.at(fact.at), value, fact.quality != "good"});
  }
  return tracks_of(points, clock.length_s(), recording_ends(facts, clock));
}

std::vector<Track> command_tracks(const SessionFacts& facts, const SessionClock& clock) {
  Points points;
  for (const auto& fact : facts.commands) {
    if (std::holds_alternative<std::string>(fact.commanded)) continue;
    auto& [unit, row] = points[{fact.device, fact.channel}];
    unit = fact.unit;
    row.push_back({clock.at(fact.at), numeric(fact.commanded), false});
  }
  return tracks_of(points, clock.length_s(), {});
}

std::vector<Span> gaps(const std::vector<Held>& held, double length_s) {
  std::vector<Span> spans;
  double reached = 0;
  for (const Held& part : held) {
    if (part.from_s > reached + 1e-6) spans.push_back({reached, part.from_s});
    reached = std::max(reached, part.to_s);
  }
  if (length_s > reached + 1e-6) spans.push_back({reached, length_s});
  return spans;
}

double covered_s(const std::vector<Held>& held) {
  double sum = 0;
  for (const Held& part : held) sum += part.to_s - part.from_s;
  return sum;
}

}  // namespace rytme::report
