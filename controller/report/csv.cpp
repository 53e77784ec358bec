// SPDX-License-Identifier: Apache-2.0
// One session as one table: `kind` says what a row is, the columns are those of the JSON export. Heart frames
// are rows of their own; motion is told per chunk, its samples are in the JSON and EDF exports.
#include <algorithm>
#include <array>

#include "controller/journal/columns.hpp"
#include "controller/journal/json_text.hpp"
#include "controller/journal/waveform.hpp"
#include "controller/report/boundary.hpp"
#include "controller/report/csv_table.hpp"

namespace rytme::report {
namespace {

using journal::ChunkRecord;
using journal::JsonText;
using journal::SessionFacts;

// t is ISO 8601 with offset, mono_s seconds of the steady clock; a value's unit stands in `unit`.
enum Column : std::size_t {
  kind,
  seq,
  t,
  mono_s,
  device,
  channel,
  value,
  unit,
  quality,
  note,
  commanded,
  confirmed,
  measured,
  origin,
  event,
  data,
  whose,
  by,
  when,
  state,
  actor,
  column_count
};
constexpr std::array<std::string_view, column_count> names{
    "kind",  "seq",     "t",     "mono_s",    "device",    "channel",  "value",
    "unit",  "quality", "note",  "commanded", "confirmed", "measured", "origin",
    "event", "data",    "whose", "by",        "when",      "state",    "actor"};

using Cells = std::array<std::string, column_count>;

// As it will be written: cells of a dense hour would take a hundred megabytes.
struct Row {
  std::int64_t seq{};
  std::string line;
};

class Table {
 public:
  explicit Table(Separator separator) : separator_(separator) {}

  void add(const SessionFacts& facts) {
    for (const auto& fact : facts.readings) add(fact);
    for (const auto& fact : facts.commands) add(fact);
    for (const auto& fact : facts.events) add(fact);
    for (const auto& fact : facts.ratings) add(fact);
    for (const auto& chunk : facts.chunks) add(chunk);
  }
  // Header, the session's fields, then everything in the order of the journal.
  std::string text(const journal::SessionRecord& record);

 private:
  Cells cells_of(std::string_view what, const journal::Stamp& at) const {
    Cells cells;
    cells[kind] = what;
    cells[seq] = std::to_string(at.seq);
    cells[t] = at.t;
    cells[mono_s] = number(at.mono_s);
    return cells;
  }
  void keep(std::int64_t at_seq, const Cells& cells) {
    rows_.push_back({at_seq, csv_line(cells, separator_)});
  }
  std::string number(double value) const { return number_cell(value, separator_); }
  std::string number(const std::optional<double>& value) const { return value ? number(*value) : ""; }
  std::string scalar(const journal::Scalar& value) const {
    if (const auto* text = std::get_if<std::string>(&value)) return text_cell(*text);
    if (const auto* found = std::get_if<double>(&value)) return number(*found);
    return "";
  }
  void add(const journal::ReadingFact& fact);
  void add(const journal::CommandFact& fact);
  void add(const journal::EventFact& fact);
  void add(const journal::RatingFact& fact);
  void add(const ChunkRecord& chunk);
  void add_heart(const ChunkRecord& chunk);
  void add_motion(const ChunkRecord& chunk);
  static Cells cells_of(std::string_view what, const ChunkRecord& chunk);
  std::string head(const journal::SessionRecord& record) const;

  Separator separator_;
  std::vector<Row> rows_;
};

void Table::add(const journal::ReadingFact& fact) {
  Cells cells = cells_of("reading", fact.at);
  cells[device] = text_cell(fact.device);
  cells[channel] = text_cell(fact.channel);
  cells[value] = scalar(fact.value);
  cells[unit] = fact.unit;
  cells[quality] = fact.quality;
  if (fact.note) cells[note] = text_cell(*fact.note);
  keep(fact.at.seq, cells);
}

void Table::add(const journal::CommandFact& fact) {
  Cells cells = cells_of("command", fact.at);
  cells[device] = text_cell(fact.device);
  cells[channel] = text_cell(fact.channel);
  cells[unit] = fact.unit;
  cells[commanded] = scalar(fact.commanded);
  cells[confirmed] = number(fact.confirmed);
  cells[measured] = number(fact.measured);
  cells[origin] = text_cell(fact.origin);
  keep(fact.at.seq, cells);
}

void Table::add(const journal::EventFact& fact) {
  Cells cells = cells_of("event", fact.at);
  cells[event] = text_cell(fact.kind);
  cells[data] = text_cell(fact.data);
  keep(fact.at.seq, cells);
}

void Table::add(const journal::RatingFact& fact) {
  Cells cells = cells_of("rating", fact.at);
  cells[whose] = text_cell(fact.whose);
  cells[by] = text_cell(fact.by);
  cells[when] = text_cell(fact.when);
  cells[state] = text_cell(fact.state);
  cells[actor] = text_cell(fact.actor);
  keep(fact.at.seq, cells);
}

// The arrival of a chunk is known, that of its frames is not: their time is the node's own t_us, in `data`.
Cells Table::cells_of(std::string_view what, const ChunkRecord& chunk) {
  Cells cells;
  cells[kind] = what;
  cells[seq] = std::to_string(chunk.seq);
  cells[device] = text_cell(chunk.device);
  cells[channel] = chunk.stream == "heart" ? "hr.sample" : "motion.frame";
  return cells;
}

void Table::add_heart(const ChunkRecord& chunk) {
  for (const HeartSample& frame : journal::decode_heart(chunk.data, chunk.boot)) {
    Cells cells = cells_of("heart", chunk);
    cells[value] = number(frame.bpm);
    cells[unit] = "bpm";
    JsonText json;
    json.begin_object();
    json.field("boot", chunk.boot);
    json.field("seq", frame.stamp.seq);
    json.field("t_us", frame.stamp.t_us);
    json.key("rr_1024");
    json.begin_array();
    for (std::size_t i = 0; i < frame.rr_count; ++i) json.value(frame.rr_1024[i]);
    json.end_array();
    json.end_object();
    cells[data] = json.take();
    keep(chunk.seq, cells);
  }
}

void Table::add_motion(const ChunkRecord& chunk) {
  Cells cells = cells_of("motion", chunk);
  cells[t] = chunk.t;
  cells[mono_s] = number(chunk.mono_s);
  JsonText json;
  json.begin_object();
  json.field("boot", chunk.boot);
  json.field("first_seq", chunk.first_seq);
  json.field("last_seq", chunk.last_seq);
  json.field("frames", chunk.frames);
  json.field("samples", chunk.samples);
  json.field("from_t_us", chunk.from_t_us);
  json.field("to_t_us", chunk.to_t_us);
  json.end_object();
  cells[data] = json.take();
  keep(chunk.seq, cells);
}

void Table::add(const ChunkRecord& chunk) {
  if (chunk.stream != "heart") return add_motion(chunk);
  try {
    add_heart(chunk);
  } catch (const journal::BadChunk& bad) {
    Cells cells = cells_of("heart", chunk);
    cells[note] = bad.what();
    keep(chunk.seq, cells);
  }
}

// The session itself: one row per field, before everything else.
std::string Table::head(const journal::SessionRecord& record) const {
  const journal::SessionSummary& session = record.summary;
  const auto line = [&](const char* field, std::string content, const char* of = "") {
    Cells cells;
    cells[kind] = "session";
    cells[channel] = field;
    cells[value] = std::move(content);
    cells[unit] = of;
    return csv_line(cells, separator_);
  };
  return line("boundary_nb", boundary_nb) + line("boundary_en", boundary_en) +
         line("purpose_nb", purpose_nb) + line("purpose_en", purpose_en) + line("id", text_cell(session.id)) +
         line("participant", text_cell(session.participant)) + line("preset", text_cell(session.preset)) +
         line("preset_version", std::to_string(session.preset_version)) + line("start", session.start) +
         line("end", session.end) + line("end_reason", text_cell(session.end_reason)) +
         line("recording", session.recording ? "true" : "false") +
         line("n_readings", std::to_string(session.n_readings)) +
         line("valid_share", number(session.valid_share), "1") +
         line("settings_hash", text_cell(record.settings_hash)) +
         line("software", text_cell(record.software)) +
         line("formula_version", text_cell(record.formula_version));
}

std::string Table::text(const journal::SessionRecord& record) {
  std::stable_sort(rows_.begin(), rows_.end(), [](const Row& a, const Row& b) { return a.seq < b.seq; });
  Cells header;
  std::copy(names.begin(), names.end(), header.begin());
  std::string table = csv_start(separator_) + csv_line(header, separator_) + head(record);
  for (const Row& row : rows_) table += row.line;
  return table;
}

}  // namespace

std::string csv(const SessionFacts& facts, Separator separator) {
  Table table(separator);
  table.add(facts);
  return table.text(facts.record);
}

}  // namespace rytme::report
