// SPDX-License-Identifier: Apache-2.0
#include "controller/review/session_frame.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <limits>

namespace rytme::review {
namespace {

const std::string columns =
    "SELECT id, name, participant, preset, preset_version, software, settings_hash, formula_version, "
    "coalesce(end_reason, ''), seq, end_seq, t_us, offset_min, mono_us, end_mono_us FROM session ";

journal::Moment moment(std::int64_t seq, std::int64_t mono_us, std::int64_t t_us) {
  return {seq, static_cast<double>(mono_us) / 1e6, static_cast<double>(t_us) / 1e6};
}

SessionFrame frame_of(const journal::Statement& row) {
  SessionFrame frame;
  frame.row = row.integer(0);
  frame.id = row.text(1);
  frame.participant = row.text(2);
  frame.preset = row.text(3);
  frame.preset_version = static_cast<int>(row.integer(4));
  frame.software = row.text(5);
  frame.settings_hash = row.text(6);
  frame.formula_version = row.text(7);
  frame.end_reason = row.text(8);
  frame.first_seq = row.integer(9);
  frame.last_seq = row.is_null(10) ? std::numeric_limits<std::int64_t>::max() : row.integer(10);
  frame.t_us = row.integer(11);
  frame.offset_min = row.integer(12);
  frame.mono_us = row.integer(13);
  frame.time = journal::SessionTime(moment(frame.first_seq, frame.mono_us, frame.t_us));
  return frame;
}

// The session's events tell of a restart: the controller notes its start.
void find_restarts(journal::Connection& connection, SessionFrame& frame) {
  journal::Statement event = connection.prepare(
      "SELECT seq, mono_us, t_us FROM event WHERE session = ?1 AND seq <= ?2 ORDER BY seq");
  event.with(frame.row, frame.last_seq);
  while (event.step()) frame.time.saw(moment(event.integer(0), event.integer(1), event.integer(2)));
}

// The last thing kept of a session, as seconds. Tables are walked from the end of the session's places.
double last_kept_s(journal::Connection& connection, const SessionFrame& frame) {
  double last_s = 0;
  for (const char* table : {"reading", "event", "command"}) {
    journal::Statement row = connection.prepare("SELECT seq, mono_us FROM " + std::string(table) +
                                                " WHERE seq BETWEEN ?1 AND ?2 AND +session = ?3 "
                                                "ORDER BY seq DESC LIMIT 1");
    if (row.with(frame.first_seq, frame.last_seq, frame.row).step())
      last_s = std::max(last_s, frame.seconds(row.integer(0), row.integer(1)));
  }
  journal::Statement chunk = connection.prepare("SELECT seq_end, mono_end_us FROM chunk WHERE session = ?1");
  chunk.with(frame.row);
  while (chunk.step()) last_s = std::max(last_s, frame.seconds(chunk.integer(0), chunk.integer(1)));
  return last_s;
}

SessionFrame completed(journal::Connection& connection, const journal::Statement& row) {
  SessionFrame frame = frame_of(row);
  find_restarts(connection, frame);
  const bool lived_to_its_end = !row.is_null(14) && frame.end_reason != "crash";
  frame.length_s = lived_to_its_end ? std::max(0.0, frame.seconds(frame.last_seq, row.integer(14)))
                                    : last_kept_s(connection, frame);
  return frame;
}

}  // namespace

std::string SessionFrame::iso(double at_s) const {
  const std::int64_t ms = std::llround(static_cast<double>(t_us) / 1e3 + at_s * 1e3) + offset_min * 60000;
  const std::time_t local = ms / 1000;
  std::tm parts{};
  ::gmtime_r(&local, &parts);
  std::array<char, 48> text{};
  const std::size_t written = std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%S", &parts);
  const std::int64_t offset = std::abs(offset_min);
  std::snprintf(text.data() + written, text.size() - written, ".%03d%c%02d:%02d", static_cast<int>(ms % 1000),
                offset_min < 0 ? '-' : '+', static_cast<int>(offset / 60), static_cast<int>(offset % 60));
  return text.data();
}

std::optional<SessionFrame> find_frame(journal::Connection& connection, const std::string& id) {
  journal::Statement row = connection.prepare(columns + "WHERE name = ?1");
  if (!row.with(id).step()) return std::nullopt;
  return completed(connection, row);
}

std::vector<SessionFrame> frames_of(journal::Connection& connection, const std::string& participant,
                                    std::size_t most) {
  std::vector<SessionFrame> frames;
  if (participant.empty()) return frames;  // sessions without a participant are nobody's
  journal::Statement row = connection.prepare(columns + "WHERE participant = ?1 ORDER BY seq DESC LIMIT ?2");
  row.with(participant, static_cast<std::int64_t>(most));
  while (row.step()) frames.push_back(completed(connection, row));
  std::reverse(frames.begin(), frames.end());
  return frames;
}

}  // namespace rytme::review
