// SPDX-License-Identifier: Apache-2.0
// One session as JSON, contracts §7; docs/export.schema.json describes it.
#include <algorithm>
#include <span>

#include "controller/journal/columns.hpp"
#include "controller/journal/json_text.hpp"
#include "controller/journal/waveform.hpp"
#include "controller/report/boundary.hpp"
#include "controller/report/export.hpp"

namespace rytme::report {
namespace {

using journal::ChunkRecord;
using journal::JsonText;
using journal::SessionFacts;

void write_scalar(JsonText& json, std::string_view name, const journal::Scalar& value) {
  json.key(name);
  if (const auto* text = std::get_if<std::string>(&value)) return json.value(*text);
  if (const auto* number = std::get_if<double>(&value)) return json.value(*number);
  json.null();
}

void write_session(JsonText& json, const journal::SessionRecord& record) {
  json.key("session");
  json.begin_object();
  write_fields(json, record.summary);
  json.field("settings_hash", record.settings_hash);
  json.field("software", record.software);
  json.field("formula_version", record.formula_version);
  json.end_object();
}

void write_fact(JsonText& json, const journal::ReadingFact& fact) {
  json.field("device", fact.device);
  json.field("channel", fact.channel);
  write_scalar(json, "value", fact.value);
  json.field("unit", fact.unit);
  json.field("quality", fact.quality);
  if (fact.note) json.field("note", *fact.note);
}

void write_fact(JsonText& json, const journal::CommandFact& fact) {
  json.field("device", fact.device);
  json.field("channel", fact.channel);
  write_scalar(json, "commanded", fact.commanded);
  json.field("confirmed", fact.confirmed);
  json.field("measured", fact.measured);
  json.field("unit", fact.unit);
  json.field("origin", fact.origin);
  json.field("transition_ms", fact.transition_ms);
}

void write_fact(JsonText& json, const journal::EventFact& fact) {
  json.field("kind", fact.kind);
  json.key("data");
  json.value_of_json(fact.data);
}

void write_fact(JsonText& json, const journal::RatingFact& fact) {
  json.field("whose", fact.whose);
  json.field("by", fact.by);
  json.field("when", fact.when);
  json.field("state", fact.state);
  json.field("actor", fact.actor);
}

template <typename Fact>
void write_facts(JsonText& json, std::string_view name, const std::vector<Fact>& facts) {
  json.objects(name, facts, [&](const Fact& fact) {
    json.field("seq", fact.at.seq);
    json.field("t", fact.at.t);
    json.field("mono_s", fact.at.mono_s);
    write_fact(json, fact);
  });
}

template <typename Numbers>
void write_array(JsonText& json, std::string_view name, const Numbers& numbers) {
  json.key(name);
  json.begin_array();
  for (const auto number : numbers) json.value(number);
  json.end_array();
}

void write_frame(JsonText& json, const HeartSample& frame) {
  json.field("bpm", frame.bpm);
  json.key("contact");
  if (frame.contact == Contact::unsupported) {
    json.null();
  } else {
    json.value(frame.contact == Contact::yes);
  }
  write_array(json, "rr", std::span(frame.rr_1024).first(frame.rr_count));
}

void write_frame(JsonText& json, const MotionFrame& frame) {
  write_array(json, "dt_us", frame.step_us);
  write_array(json, "ax", frame.ax);
  write_array(json, "ay", frame.ay);
  write_array(json, "az", frame.az);
  if (frame.gx.empty() && frame.gy.empty() && frame.gz.empty()) return;
  write_array(json, "gx", frame.gx);
  write_array(json, "gy", frame.gy);
  write_array(json, "gz", frame.gz);
}

template <typename Frame>
void write_frames(JsonText& json, const std::vector<Frame>& frames) {
  for (const Frame& frame : frames) {
    json.begin_object();
    json.field("seq", frame.stamp.seq);
    json.field("t_us", frame.stamp.t_us);
    write_frame(json, frame);
    json.end_object();
  }
}

void write_about(JsonText& json, const ChunkRecord& chunk) {
  json.field("seq", chunk.seq);
  json.field("t", chunk.t);
  json.field("mono_s", chunk.mono_s);
  json.field("mono_end_s", chunk.mono_end_s);
  json.field("device", chunk.device);
  json.field("stream", chunk.stream);
  json.field("boot", chunk.boot);
  json.field("first_seq", chunk.first_seq);
  json.field("last_seq", chunk.last_seq);
  json.field("frames", chunk.frames);
  json.field("samples", chunk.samples);
  json.field("from_t_us", chunk.from_t_us);
  json.field("to_t_us", chunk.to_t_us);
  json.field("unit", chunk.stream == "heart" ? "bpm; rr 1/1024 s" : "m/s2; rad/s");
}

// A chunk that cannot be decoded says so in its place; the rest of the record is still given.
void write_chunk(JsonText& json, const ChunkRecord& chunk) {
  json.begin_object();
  write_about(json, chunk);
  std::string error;
  json.key("data");
  json.begin_array();
  try {
    if (chunk.stream == "heart") {
      write_frames(json, journal::decode_heart(chunk.data, chunk.boot));
    } else {
      write_frames(json, journal::decode_motion(chunk.data, chunk.boot));
    }
  } catch (const journal::BadChunk& bad) {
    error = bad.what();
  }
  json.end_array();
  if (!error.empty()) json.field("error", error);
  json.end_object();
}

void write_boundary(JsonText& json) {
  json.key("boundary");
  json.begin_object();
  json.field("nb", boundary_nb);
  json.field("en", boundary_en);
  json.field("purpose_nb", purpose_nb);
  json.field("purpose_en", purpose_en);
  json.end_object();
}

// A little more than the waveforms usually take: growing by doubling would need twice the memory.
std::size_t expected_bytes(const SessionFacts& facts) {
  constexpr std::size_t per_row = 200, per_frame = 120, per_sample = 64;
  std::size_t bytes = per_row * (facts.readings.size() + facts.commands.size() + facts.events.size());
  for (const ChunkRecord& chunk : facts.chunks)
    bytes += per_frame * static_cast<std::size_t>(std::max<std::int64_t>(chunk.frames, 0)) +
             per_sample * static_cast<std::size_t>(std::max<std::int64_t>(chunk.samples, 0));
  return std::min<std::size_t>(bytes, 200U << 20U);
}

}  // namespace

std::string json(const SessionFacts& facts) {
  JsonText json;
  json.reserve(expected_bytes(facts));
  json.begin_object();
  json.field("schema", 1);
  write_boundary(json);
  write_session(json, facts.record);
  write_facts(json, "readings", facts.readings);
  write_facts(json, "commands", facts.commands);
  write_facts(json, "events", facts.events);
  write_facts(json, "ratings", facts.ratings);
  json.key("waveforms");
  json.begin_array();
  for (const ChunkRecord& chunk : facts.chunks) write_chunk(json, chunk);
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace rytme::report
