// SPDX-License-Identifier: Apache-2.0
// One session as one table (RFC 4180, UTF-8, CRLF): `kind` says what a row is, the columns are those of the
// JSON export. Heart frames are rows of their own; motion is told per chunk, its samples are in the JSON
// export.
#include <algorithm>
#include <array>
#include <map>

#include "controller/journal/columns.hpp"
#include "controller/journal/json_text.hpp"
#include "controller/journal/reader.hpp"
#include "controller/journal/reader_database.hpp"
#include "controller/journal/session_record.hpp"
#include "controller/journal/waveform.hpp"

namespace rytme::journal {
namespace {

// t is ISO 8601 with offset, mono_s seconds of the steady clock; a value's unit stands in `unit`.
constexpr std::array<std::string_view, 21> columns{
    "kind",  "seq",     "t",     "mono_s",    "device",    "channel",  "value",
    "unit",  "quality", "note",  "commanded", "confirmed", "measured", "origin",
    "event", "data",    "whose", "by",        "when",      "state",    "actor"};

using Cells = std::map<std::string_view, std::string>;

struct Row {
  std::int64_t seq{};
  Cells cells;
};

std::string quoted(const std::string& text) {
  if (text.find_first_of("\",\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"') result += '"';
    result += letter;
  }
  return result + '"';
}

// Texts come from devices too: what a spreadsheet would take for a formula gets an apostrophe before it.
std::string harmless(std::string text) {
  if (!text.empty() && std::string_view("=+-@\t").find(text.front()) != std::string_view::npos)
    text.insert(0, 1, '\'');
  return text;
}

std::string line_of(const Cells& cells) {
  std::string line;
  for (const std::string_view column : columns) {
    if (column != columns.front()) line += ',';
    if (const auto cell = cells.find(column); cell != cells.end()) line += quoted(cell->second);
  }
  return line + "\r\n";
}

std::string cell_of(const Statement& row, int column) {
  switch (row.type(column)) {
    case Statement::Type::integer:
      return std::to_string(row.integer(column));
    case Statement::Type::real:
      return shortest(row.real(column));
    case Statement::Type::text:
      return harmless(row.text(column));
    default:
      return "";
  }
}

void add_rows(std::vector<Row>& rows, Connection& connection, const std::string& kind, std::string_view sql,
              const std::string& id) {
  Statement row = connection.prepare(sql);
  row.with(id);
  while (row.step()) {
    Row& added = rows.emplace_back(Row{row.integer(0), {{"kind", kind}}});
    for (int column = 0; column < row.columns(); ++column) {
      const auto* place = std::find(columns.begin(), columns.end(), row.name(column));
      if (place != columns.end()) added.cells[*place] = cell_of(row, column);
    }
  }
}

void add_facts(std::vector<Row>& rows, Connection& connection, const std::string& id) {
  add_rows(
      rows, connection, "reading",
      "SELECT seq, t, mono_s, device, channel, value, unit, quality, note FROM v_reading WHERE session = ?1",
      id);
  add_rows(
      rows, connection, "command",
      "SELECT seq, t, mono_s, device, channel, unit, commanded, confirmed, measured, origin FROM v_command "
      "WHERE session = ?1",
      id);
  add_rows(rows, connection, "event",
           "SELECT seq, t, mono_s, kind AS event, data FROM v_event WHERE session = ?1", id);
  add_rows(rows, connection, "rating",
           "SELECT seq, t, mono_s, whose, \"by\", \"when\", state, actor FROM v_rating WHERE session = ?1",
           id);
}

Cells chunk_cells(const ChunkRecord& chunk, const std::string& kind) {
  return {{"kind", kind},
          {"seq", std::to_string(chunk.seq)},
          {"device", harmless(chunk.device)},
          {"channel", chunk.stream == "heart" ? "hr.sample" : "motion.frame"}};
}

// The arrival of a chunk is known, that of its frames is not: their time is the node's own t_us, in `data`.
void add_heart(std::vector<Row>& rows, const ChunkRecord& chunk) {
  for (const HeartSample& frame : decode_heart(chunk.data, chunk.boot)) {
    Row& row = rows.emplace_back(Row{chunk.seq, chunk_cells(chunk, "heart")});
    if (frame.bpm) row.cells["value"] = shortest(*frame.bpm);
    row.cells["unit"] = "bpm";
    JsonText data;
    data.begin_object();
    data.field("boot", chunk.boot);
    data.field("seq", frame.stamp.seq);
    data.field("t_us", frame.stamp.t_us);
    data.key("rr_1024");
    data.begin_array();
    for (std::size_t i = 0; i < frame.rr_count; ++i) data.value(frame.rr_1024[i]);
    data.end_array();
    data.end_object();
    row.cells["data"] = data.text();
  }
}

void add_motion(std::vector<Row>& rows, const ChunkRecord& chunk) {
  Row& row = rows.emplace_back(Row{chunk.seq, chunk_cells(chunk, "motion")});
  row.cells["t"] = chunk.t;
  row.cells["mono_s"] = shortest(chunk.mono_s);
  JsonText data;
  data.begin_object();
  data.field("boot", chunk.boot);
  data.field("first_seq", chunk.first_seq);
  data.field("last_seq", chunk.last_seq);
  data.field("frames", chunk.frames);
  data.field("samples", chunk.samples);
  data.field("from_t_us", chunk.from_t_us);
  data.field("to_t_us", chunk.to_t_us);
  data.end_object();
  row.cells["data"] = data.text();
}

void add_chunk(std::vector<Row>& rows, const ChunkRecord& chunk) {
  if (chunk.stream != "heart") return add_motion(rows, chunk);
  try {
    add_heart(rows, chunk);
  } catch (const BadChunk& bad) {
    Cells cells = chunk_cells(chunk, "heart");
    cells["note"] = bad.what();
    rows.push_back({chunk.seq, std::move(cells)});
  }
}

// The session itself: one row per field, before everything else.
std::string head_lines(const SessionRecord& record) {
  const SessionSummary& session = record.summary;
  const auto line = [](const char* field, std::string value) {
    return line_of({{"kind", "session"}, {"channel", field}, {"value", harmless(std::move(value))}});
  };
  return line("boundary_nb", boundary_nb) + line("boundary_en", boundary_en) + line("id", session.id) +
         line("participant", session.participant) + line("preset", session.preset) +
         line("preset_version", std::to_string(session.preset_version)) + line("start", session.start) +
         line("end", session.end) + line("end_reason", session.end_reason) +
         line("recording", session.recording ? "true" : "false") +
         line("n_readings", std::to_string(session.n_readings)) +
         line("valid_share", session.valid_share ? shortest(*session.valid_share) : "") +
         line("settings_hash", record.settings_hash) + line("software", record.software) +
         line("formula_version", record.formula_version);
}

std::string header_line() {
  Cells names;
  for (const std::string_view column : columns) names[column] = std::string(column);
  return line_of(names);
}

}  // namespace

std::optional<std::string> Reader::export_csv(const std::string& id) {
  std::optional<SessionRecord> record;
  std::vector<Row> rows;
  std::vector<ChunkRecord> chunks;
  database_->ask([&](Connection& connection) {
    record = find_session(connection, id);
    if (!record) return;
    add_facts(rows, connection, id);
    chunks = chunks_of(connection, id);
  });
  if (!record) return std::nullopt;
  for (const ChunkRecord& chunk : chunks) add_chunk(rows, chunk);
  std::stable_sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) { return a.seq < b.seq; });
  std::string table = header_line() + head_lines(*record);
  for (const Row& row : rows) table += line_of(row.cells);
  return table;
}

}  // namespace rytme::journal
