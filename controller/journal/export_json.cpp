// SPDX-License-Identifier: Apache-2.0
// One session as JSON, contracts §7. Rows are written while they are read; waveforms are decoded after the
// read transaction has ended.
#include <cmath>

#include "controller/journal/columns.hpp"
#include "controller/journal/json_text.hpp"
#include "controller/journal/reader.hpp"
#include "controller/journal/reader_database.hpp"
#include "controller/journal/session_record.hpp"
#include "controller/journal/waveform.hpp"

namespace rytme::journal {
namespace {

void write_cell(JsonText& json, const Statement& row, int column) {
  switch (row.type(column)) {
    case Statement::Type::integer:
      return json.value(row.integer(column));
    case Statement::Type::real:
      return json.value(row.real(column));
    case Statement::Type::text:
      return json.value(row.text(column));
    default:
      return json.null();
  }
}

// The rows of a query as objects: the column's name is the key. `data` is JSON already; an empty `note` is
// left out.
void write_rows(JsonText& json, Connection& connection, std::string_view name, std::string_view sql,
                const std::string& id) {
  json.key(name);
  json.begin_array();
  Statement row = connection.prepare(sql);
  row.with(id);
  while (row.step()) {
    json.begin_object();
    for (int column = 0; column < row.columns(); ++column) {
      if (row.name(column) == "note" && row.is_null(column)) continue;
      json.key(row.name(column));
      if (row.name(column) == "data") {
        json.value_of_json(row.text(column));
      } else {
        write_cell(json, row, column);
      }
    }
    json.end_object();
  }
  json.end_array();
}

void write_session(JsonText& json, const SessionRecord& record) {
  json.key("session");
  json.begin_object();
  write_fields(json, record.summary);
  json.field("settings_hash", record.settings_hash);
  json.field("software", record.software);
  json.field("formula_version", record.formula_version);
  json.end_object();
}

void write_facts(JsonText& json, Connection& connection, const std::string& id) {
  write_rows(
      json, connection, "readings",
      "SELECT seq, t, mono_s, device, channel, value, unit, quality, note FROM v_reading WHERE session = ?1 "
      "ORDER BY seq",
      id);
  write_rows(
      json, connection, "commands",
      "SELECT seq, t, mono_s, device, channel, commanded, confirmed, measured, unit, origin, transition_ms "
      "FROM v_command WHERE session = ?1 ORDER BY seq",
      id);
  write_rows(json, connection, "events",
             "SELECT seq, t, mono_s, kind, data FROM v_event WHERE session = ?1 ORDER BY seq", id);
  write_rows(json, connection, "ratings",
             "SELECT seq, t, mono_s, whose, \"by\", \"when\", state, actor FROM v_rating WHERE session = ?1 "
             "ORDER BY seq",
             id);
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
      write_frames(json, decode_heart(chunk.data, chunk.boot));
    } else {
      write_frames(json, decode_motion(chunk.data, chunk.boot));
    }
  } catch (const BadChunk& bad) {
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
  json.end_object();
}

}  // namespace

std::optional<std::string> Reader::export_json(const std::string& id) {
  JsonText json;
  std::vector<ChunkRecord> chunks;
  const bool found = database_->ask([&](Connection& connection) {
    const std::optional<SessionRecord> record = find_session(connection, id);
    if (!record) return false;
    json.begin_object();
    json.field("schema", 1);
    write_boundary(json);
    write_session(json, *record);
    write_facts(json, connection, id);
    chunks = chunks_of(connection, id);
    return true;
  });
  if (!found) return std::nullopt;
  json.key("waveforms");
  json.begin_array();
  for (const ChunkRecord& chunk : chunks) write_chunk(json, chunk);
  json.end_array();
  json.end_object();
  return json.take();
}

}  // namespace rytme::journal
