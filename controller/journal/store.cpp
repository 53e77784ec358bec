// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/store.hpp"

#include <algorithm>

#include "controller/journal/json_text.hpp"
#include "controller/journal/session_digest.hpp"
#include "controller/journal/wall_time.hpp"
#include "controller/journal/waveform.hpp"

namespace rytme::journal {
namespace {

std::int64_t micros(Instant at) {
  return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

std::optional<std::string> text_or_null(const std::string& text) {
  if (text.empty()) return std::nullopt;
  return text;
}

std::string_view kind_name(ValueKind kind) {
  switch (kind) {
    case ValueKind::number:
      return "number";
    case ValueKind::boolean:
      return "boolean";
    case ValueKind::choice:
      return "choice";
    case ValueKind::text:
      return "text";
    case ValueKind::stream:
      return "stream";
  }
  return "number";
}

// What goes into the columns value and text: a text has no number, a choice has both.
struct StoredRow {
  std::optional<double> value;
  std::optional<std::string> text;
};

StoredRow stored(Capability capability, std::optional<double> value, const std::string& text) {
  switch (info(capability).kind) {
    case ValueKind::text:
      return {std::nullopt, text};
    case ValueKind::choice:
      if (!value) return {value, text_or_null(text)};
      return {value, std::string(choice_name(capability, *value))};
    default:
      return {value, text_or_null(text)};
  }
}

}  // namespace

Store::Statements::Statements(Connection& connection)
    : begin(connection.prepare("BEGIN IMMEDIATE")),
      commit(connection.prepare("COMMIT")),
      dirty(connection.prepare("UPDATE meta SET clean = ?1")),
      find_session(connection.prepare("SELECT id FROM session WHERE name = ?1")),
      // A session known only by its name: its start is in a file that was set aside.
      add_session(
          connection.prepare("INSERT INTO session(seq, t_us, offset_min, mono_us, name, participant, preset, "
                             "preset_version, recording, settings_hash, software, formula_version) "
                             "VALUES(?1, ?2, ?3, ?4, ?5, '', '', 0, 1, '', '', ?6) RETURNING id")),
      start_session(
          connection.prepare("UPDATE session SET seq = ?2, t_us = ?3, offset_min = ?4, mono_us = ?5, "
                             "participant = ?6, preset = ?7, preset_version = ?8, recording = ?9, "
                             "settings_hash = ?10, software = ?11 WHERE id = ?1")),
      end_session(connection.prepare("UPDATE session SET end_seq = ?2, end_t_us = ?3, end_offset_min = ?4, "
                                     "end_mono_us = ?5, end_reason = ?6 WHERE id = ?1 AND end_seq IS NULL")),
      start_of(connection.prepare("SELECT t_us, mono_us FROM session WHERE id = ?1")),
      change_session(connection.prepare("UPDATE session SET participant = coalesce(?2, participant), "
                                        "recording = coalesce(?3, recording) WHERE id = ?1")),
      participant_of(connection.prepare("SELECT participant FROM session WHERE id = ?1")),
      add_participant(
          connection.prepare("INSERT OR IGNORE INTO participant VALUES(?1, ?2, ?3, ?4, ?5, 'unlisted')")),
      list_participant(connection.prepare("UPDATE participant SET state = 'listed' WHERE code = ?1")),
      find_channel(connection.prepare("SELECT id FROM channel WHERE device = ?1 AND capability = ?2")),
      add_channel(
          connection.prepare("INSERT INTO channel(device, capability, unit, kind) VALUES(?1, ?2, ?3, ?4) "
                             "RETURNING id")),
      reading(connection.prepare("INSERT OR IGNORE INTO reading VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")),
      chunk(connection.prepare(
          "INSERT OR REPLACE INTO chunk VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
          "?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)")),
      command(connection.prepare(
          "INSERT OR IGNORE INTO command VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")),
      confirmation(
          connection.prepare("INSERT OR IGNORE INTO confirmation VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")),
      event(connection.prepare("INSERT OR IGNORE INTO event VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7)")),
      rating(connection.prepare(
          "INSERT OR IGNORE INTO rating VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)")) {}

Store::Store(Connection connection, std::string formula_version, const Retention& retention)
    : connection_(std::move(connection)),
      statements_(connection_),
      housekeeping_(connection_, retention),
      formula_version_(std::move(formula_version)) {
  connection_.count_log_frames(log_frames_);
}

void Store::commit(const std::vector<JournalEntry>& entries, const std::vector<ChunkRow>& chunks) {
  try {
    statements_.begin.run();
    // The file counts as unclean from the first batch on: opening alone writes nothing.
    if (!dirty_) statements_.dirty.with(0).run();
    for (const JournalEntry& entry : entries) store(entry);
    for (const ChunkRow& chunk : chunks) store(chunk);
    for (const JournalEntry& entry : entries)
      if (const auto* end = std::get_if<entry::SessionEnd>(&entry.what)) write_digest(connection_, end->id);
    statements_.commit.run();
    dirty_ = true;
  } catch (const SqlError&) {
    // Ids given in this transaction are gone with it.
    sessions_.clear();
    channels_.clear();
    if (connection_.in_transaction()) connection_.execute("ROLLBACK");
    throw;
  }
}

void Store::finish() {
  if (dirty_) statements_.dirty.with(1).run();
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{1};
  connection_.checkpoint(Connection::Checkpoint::truncate,
                         [until] { return std::chrono::steady_clock::now() < until; });
}

std::int64_t Store::next_chunk_id() {
  return connection_.ask_integer("SELECT coalesce(max(id), 0) + 1 FROM chunk");
}

void Store::store(const JournalEntry& entry) {
  if (is_erased(entry)) return;
  const Row row = stamped(entry.seq, entry.at, entry.session);
  std::visit([&](const auto& what) { put(row, what); }, entry.what);
}

Store::Row Store::stamped(std::uint64_t seq, const Now& at, const std::string& session) {
  const std::int64_t t_us = at.wall.time_since_epoch().count();
  Row row{seq, t_us, offset_min(t_us), micros(at.steady), std::nullopt};
  if (!session.empty()) row.session = session_id(session, row);
  return row;
}

void Store::put(const Row& row, const entry::SessionStart& start) {
  statements_.start_session
      .with(session_id(start.id, row), row.seq, row.t_us, row.offset_min, row.mono_us, start.participant,
            start.preset, start.preset_version, start.recording, start.settings_hash, start.software)
      .run();
  meet_participant(row, start.participant);
}

void Store::put(const Row& row, const entry::SessionEnd& end) {
  const std::int64_t id = session_id(end.id, row);
  const std::int64_t t_us = end_t_us(id, row);
  statements_.end_session.with(id, row.seq, t_us, offset_min(t_us), row.mono_us, end.reason).run();
}

// The wall clock may have been set in mid-session: a session is as long as the steady clock says. Only where
// the machine has begun that anew does the wall's word count, and it never ends before it starts.
std::int64_t Store::end_t_us(std::int64_t session, const Row& row) {
  Statement& start = statements_.start_of;
  if (!start.with(session).step()) return row.t_us;
  const std::int64_t start_t_us = start.integer(0);
  const std::int64_t lasted_us = row.mono_us - start.integer(1);
  start.reset();
  return lasted_us >= 0 ? start_t_us + lasted_us : std::max(row.t_us, start_t_us);
}

void Store::put(const Row& row, const entry::Value& value) {
  const StoredRow columns = stored(value.capability, value.value, value.text);
  statements_.reading
      .with(row.seq, row.t_us, row.offset_min, row.mono_us, row.session,
            channel_id(value.device, value.capability), columns.value, columns.text,
            static_cast<int>(value.quality))
      .run();
}

void Store::put(const Row& row, const entry::Commanded& command) {
  const StoredRow columns = stored(command.capability, command.value, command.text);
  statements_.command
      .with(row.seq, row.t_us, row.offset_min, row.mono_us, row.session,
            channel_id(command.device, command.capability), columns.value, columns.text,
            command.transition_ms, command.origin)
      .run();
}

void Store::put(const Row& row, const entry::Confirmed& confirmed) {
  statements_.confirmation
      .with(row.seq, row.t_us, row.offset_min, row.mono_us, row.session, confirmed.command_seq,
            confirmed.confirmed, confirmed.measured)
      .run();
}

void Store::put(const Row& row, const entry::Event& event) {
  statements_.event.with(row.seq, row.t_us, row.offset_min, row.mono_us, row.session, event.kind, event.data)
      .run();
}

void Store::put(const Row& row, const entry::Rating& rating) {
  statements_.rating
      .with(row.seq, row.t_us, row.offset_min, row.mono_us, row.session, rating.whose, rating.by, rating.when,
            rating.state, rating.actor)
      .run();
}

// Frames are in the chunks.
void Store::put(const Row& /*row*/, const entry::Heart& /*heart*/) {}
void Store::put(const Row& /*row*/, const entry::Motion& /*motion*/) {}

void Store::store(const ChunkRow& chunk) {
  if (erased_.count(chunk.session) != 0 || withdrawn_.count(chunk.session) != 0) return;
  const Row row = stamped(chunk.seq, chunk.first, chunk.session);
  statements_.chunk
      .with(chunk.id, row.session, chunk.device, chunk.stream, chunk.boot, chunk.seq, chunk.seq_end, row.t_us,
            row.offset_min, row.mono_us, micros(chunk.last.steady), chunk.first_seq, chunk.last_seq,
            chunk.frames, chunk.samples, chunk.from_t_us, chunk.to_t_us, std::int64_t{codec_version},
            Blob{chunk.data})
      .run();
}

std::int64_t Store::session_id(const std::string& name, const Row& row) {
  if (const auto known = sessions_.find(name); known != sessions_.end()) return known->second;
  std::int64_t id = 0;
  if (statements_.find_session.with(name).step()) {
    id = statements_.find_session.integer(0);
    statements_.find_session.reset();
  } else {
    statements_.add_session.with(row.seq, row.t_us, row.offset_min, row.mono_us, name, formula_version_)
        .step();
    id = statements_.add_session.integer(0);
    statements_.add_session.run();
  }
  return sessions_[name] = id;
}

std::int64_t Store::channel_id(const std::string& device, Capability capability) {
  const auto known = channels_.find({device, capability});
  if (known != channels_.end()) return known->second;
  const CapabilityInfo& about = info(capability);
  std::int64_t id = 0;
  if (statements_.find_channel.with(device, about.name).step()) {
    id = statements_.find_channel.integer(0);
    statements_.find_channel.reset();
  } else {
    const std::string_view kind = kind_name(about.kind);
    statements_.add_channel.with(device, about.name, about.unit, kind).step();
    id = statements_.add_channel.integer(0);
    statements_.add_channel.run();
  }
  return channels_[{device, capability}] = id;
}

std::int64_t Store::offset_min(std::int64_t t_us) {
  constexpr std::int64_t quarter_us = std::int64_t{900} * 1000000;  // offsets change on quarters of an hour
  const std::int64_t quarter = t_us / quarter_us;
  if (offset_quarter_ != quarter) {
    offset_min_ = local_offset_min(t_us);
    offset_quarter_ = quarter;
  }
  return offset_min_;
}

}  // namespace rytme::journal
