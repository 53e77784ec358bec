// SPDX-License-Identifier: Apache-2.0
#include "controller/review/json.hpp"

#include <cmath>

#include "controller/journal/json_text.hpp"

namespace rytme::review {
namespace {

using journal::JsonText;

void write_session(JsonText& json, const SessionFrame& session) {
  json.field("session", session.id);
  json.text_or_null("participant", session.participant);
  json.field("preset", session.preset);
  json.field("preset_version", session.preset_version);
  json.field("start", session.iso(0));
  json.field("start_mono_s", session.mono_s(0));
  json.field("length_s", session.length_s);
  json.text_or_null("end_reason", session.end_reason);
  json.field("software", session.software);
  json.field("settings_hash", session.settings_hash);
}

template <typename Field>
void write_column(JsonText& json, std::string_view name, const std::vector<Bucket>& rows, Field field) {
  json.key(name);
  json.begin_array();
  for (const Bucket& row : rows) json.value(row.*field);
  json.end_array();
}

// Times in whole milliseconds: buckets are never finer.
void write_times(JsonText& json, const std::vector<Bucket>& rows) {
  json.key("t_s");
  json.begin_array();
  for (const Bucket& row : rows) json.value(std::round(row.t_s * 1e3) / 1e3);
  json.end_array();
}

void write_series(JsonText& json, const Series& series, const SessionFrame& session) {
  json.begin_object();
  json.field("name", series.name.text);
  json.text_or_null("device", series.device);
  json.field("unit", series.name.unit);
  json.field("step", !series.name.sampled);
  json.field("formula_version", series.name.derived ? std::optional(session.formula_version) : std::nullopt);
  json.field("n", series.digest.n);
  json.field("n_good", series.digest.n_good);
  json.field("valid_share", series.digest.valid_share);
  json.field("min", series.digest.min);
  json.field("max", series.digest.max);
  json.key("rows");
  json.begin_object();
  write_times(json, series.rows);
  write_column(json, "min", series.rows, &Bucket::min);
  write_column(json, "max", series.rows, &Bucket::max);
  write_column(json, "first", series.rows, &Bucket::first);
  write_column(json, "last", series.rows, &Bucket::last);
  write_column(json, "mean", series.rows, &Bucket::mean);
  write_column(json, "n", series.rows, &Bucket::n);
  write_column(json, "n_good", series.rows, &Bucket::n_good);
  write_column(json, "valid", series.rows, &Bucket::valid);
  json.end_object();
  json.end_object();
}

void write_answer(JsonText& json, const SeriesAnswer& answer) {
  write_session(json, answer.session);
  json.field("from_s", answer.from_s);
  json.field("to_s", answer.to_s);
  json.field("from", answer.session.iso(answer.from_s));
  json.field("to", answer.session.iso(answer.to_s));
  json.field("from_mono_s", answer.session.mono_s(answer.from_s));
  json.field("to_mono_s", answer.session.mono_s(answer.to_s));
  json.field("bucket_s", answer.bucket_s);
  json.field("damaged_chunks", answer.damaged_chunks);
  json.key("series");
  json.begin_array();
  for (const Series& series : answer.series) write_series(json, series, answer.session);
  json.end_array();
}

void write_statistic(JsonText& json, std::string_view name, const Statistic& of) {
  json.key(name);
  json.begin_object();
  json.text_or_null("channel", of.channel);
  json.text_or_null("device", of.device);
  json.text_or_null("unit", of.unit);
  json.field("median", of.median);
  json.field("q1", of.q1);
  json.field("q3", of.q3);
  json.field("n", of.n);
  json.field("n_all", of.n_all);
  json.field("valid_share", of.valid_share);
  json.text_or_null("reason", of.reason);
  json.end_object();
}

void write_stretch(JsonText& json, const StretchSummary& of) {
  json.key(of.stretch.name);
  json.begin_object();
  json.field("from_s", of.stretch.from_s);
  json.field("to_s", of.stretch.to_s);
  json.text_or_null("reason", of.stretch.reason);
  write_statistic(json, "heart", of.heart);
  write_statistic(json, "index", of.index);
  json.end_object();
}

void write_band(JsonText& json, const Baseline& band) {
  json.key("own_baseline");
  json.begin_object();
  json.field("median", band.bpm);
  json.field("q1", band.q1);
  json.field("q3", band.q3);
  json.field("unit", "bpm");
  json.field("n", band.n);
  json.field("valid_share", band.valid_share);
  json.field("from_s", 0);
  json.field("to_s", band.duration_s);
  json.field("quality", band.quality);
  json.text_or_null("reason", band.reason);
  json.end_object();
}

void write_interval(JsonText& json, std::string_view name, const std::optional<Interval>& interval) {
  json.key(name);
  if (!interval) return json.null();
  json.begin_object();
  json.field("low", interval->low);
  json.field("high", interval->high);
  json.field("coverage", interval->coverage);
  json.end_object();
}

void write_change(JsonText& json, std::string_view name, const Change& change) {
  json.key(name);
  json.begin_object();
  json.field("n", change.n);
  json.field("too_few", change.too_few);
  json.field("lower", change.lower);
  json.field("same", change.same);
  json.field("higher", change.higher);
  json.field("median", change.median);
  write_interval(json, "median_interval", change.interval);
  write_interval(json, "lower_share_interval", change.lower_share);
  json.end_object();
}

void write_groups(JsonText& json, std::string_view name, const std::vector<ChangeGroup>& groups) {
  json.objects(name, groups, [&](const ChangeGroup& group) {
    json.field("id", group.id);
    json.field("sessions", group.sessions);
    write_change(json, "rating", group.rating);
    write_change(json, "index", group.index);
  });
}

void write_pulse(JsonText& json, const CalmPulse& pulse) {
  json.begin_object();
  json.field("t", pulse.t);
  json.text_or_null("session", pulse.session);
  json.field("bpm", pulse.bpm);
  json.field("iqr", pulse.iqr);
  json.field("n", pulse.n);
  json.field("valid_share", pulse.valid_share);
  json.field("duration_s", pulse.duration_s);
  json.field("quality", pulse.quality);
  json.text_or_null("reason", pulse.reason);
  json.end_object();
}

}  // namespace

std::string to_json(const SeriesAnswer& answer) {
  JsonText json;
  json.begin_object();
  write_answer(json, answer);
  json.end_object();
  return json.take();
}

std::string to_json(const Summary& summary) {
  JsonText json;
  json.begin_object();
  write_session(json, summary.session);
  json.field("formula_version", summary.session.formula_version);
  for (const StretchSummary& stretch : summary.stretches) write_stretch(json, stretch);
  write_band(json, summary.band);
  json.end_object();
  return json.take();
}

std::string to_json(const Aligned& aligned) {
  JsonText json;
  json.begin_object();
  json.field("participant", aligned.participant);
  json.field("length_s", aligned.length_s);
  json.objects("scales", aligned.scales, [&](const Scale& scale) {
    json.field("name", scale.name);
    json.field("min", scale.min);
    json.field("max", scale.max);
  });
  json.objects("sessions", aligned.sessions, [&](const AlignedSession& session) {
    write_answer(json, session.curves);
    json.objects("phases", session.phases, [&](const PhaseBegin& phase) {
      json.field("phase", phase.id);
      json.field("t_s", phase.at_s);
    });
  });
  json.end_object();
  return json.take();
}

std::string to_json(const Changes& changes) {
  JsonText json;
  json.begin_object();
  json.field("participant", changes.participant);
  json.field("sessions", changes.sessions);
  write_groups(json, "presets", changes.presets);
  write_groups(json, "activities", changes.activities);
  json.end_object();
  return json.take();
}

std::string to_json(const CalmPulses& pulses) {
  JsonText json;
  json.begin_object();
  json.field("participant", pulses.participant);
  json.key("latest_good");
  if (pulses.latest_good) {
    write_pulse(json, *pulses.latest_good);
  } else {
    json.null();
  }
  json.key("history");
  json.begin_array();
  for (const CalmPulse& pulse : pulses.history) write_pulse(json, pulse);
  json.end_array();
  json.end_object();
  return json.take();
}

std::string to_json(const Marks& marks) {
  JsonText json;
  json.begin_object();
  write_session(json, marks.session);
  json.objects("events", marks.events, [&](const MarkedEvent& event) {
    json.field("t_s", event.t_s);
    json.field("kind", event.kind);
    json.key("data");
    json.value_of_json(event.data);
  });
  json.objects("ratings", marks.ratings, [&](const MarkedRating& rating) {
    json.field("t_s", rating.t_s);
    json.field("whose", rating.whose);
    json.field("by", rating.by);
    json.field("when", rating.when);
    json.field("state", rating.state);
  });
  json.end_object();
  return json.take();
}

std::string to_json(const std::string& participant, const std::vector<Day>& days) {
  JsonText json;
  json.begin_object();
  json.field("participant", participant);
  json.objects("days", days, [&](const Day& day) {
    json.field("day", day.day);
    json.objects("states", day.states, [&](const StateSeen& seen) {
      json.field("t", seen.t);
      json.field("session", seen.session);
      json.field("when", seen.when);
      json.field("state", seen.state);
    });
  });
  json.end_object();
  return json.take();
}

}  // namespace rytme::review
