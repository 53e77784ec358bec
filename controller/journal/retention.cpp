// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/retention.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <string>

#include "controller/journal/access_chain.hpp"
#include "controller/journal/erasure.hpp"
#include "controller/journal/transaction.hpp"

namespace rytme::journal {
namespace {

constexpr auto leap = std::chrono::hours{1};  // the two clocks drift less than this in a day
constexpr auto away_at_most = std::chrono::hours{24 * 7};
constexpr auto hold = std::chrono::hours{24};
constexpr std::int64_t rows_per_piece = 1000;
constexpr std::int64_t chunks_per_piece = 50;
constexpr std::int64_t us_per_day = std::int64_t{86400} * 1000000;
constexpr std::int64_t days_per_month = 31;  // never shorter than the calendar's

std::int64_t before(const RowStamp& stamp, std::int64_t days) { return stamp.t_us - days * us_per_day; }

// What is written in a state map holds until it is written anew, however long ago that was.
constexpr const char* not_a_row_in_force =
    " AND NOT (kind = 'state_map' AND seq IN (SELECT max(seq) FROM event WHERE session IS NULL AND kind = "
    "'state_map' AND json_valid(data) GROUP BY json_extract(data, '$.participant'), json_extract(data, "
    "'$.state')))";

std::string removal_of_loose(const std::string& table) {
  return "DELETE FROM " + table + " WHERE seq IN (SELECT seq FROM " + table +
         " WHERE session IS NULL AND t_us < ?1" + (table == "event" ? not_a_row_in_force : "") + " LIMIT ?2)";
}

}  // namespace

std::optional<WallTime> newest_believed(Connection& connection) {
  const auto wall = [](std::int64_t t_us) { return WallTime{std::chrono::microseconds{t_us}}; };
  const auto us = [](auto span) {
    return std::chrono::duration_cast<std::chrono::microseconds>(span).count();
  };
  const std::int64_t last =
      connection.ask_integer("SELECT t_us FROM event WHERE seq = (SELECT max(seq) FROM event)");
  Statement leaps = connection.prepare(
      "SELECT before_us, t_us FROM (SELECT seq, t_us, lag(t_us) OVER (ORDER BY seq) AS before_us FROM "
      "(SELECT "
      "seq, t_us FROM event ORDER BY seq DESC LIMIT 20000)) WHERE t_us - before_us > ?1 OR t_us - before_us "
      "< "
      "?2 ORDER BY seq DESC LIMIT 1");
  if (leaps.with(us(away_at_most), -us(leap)).step() && last - leaps.integer(1) < us(hold))
    return wall(leaps.integer(0));
  leaps.reset();
  const std::int64_t session = connection.ask_integer("SELECT max(t_us) FROM session");
  const std::int64_t t_us = std::max(session, last);
  return t_us == 0 ? std::nullopt : std::optional(wall(t_us));
}

bool RetentionClock::trusts(const Now& now) {
  if (!since_) {
    since_ = now;
    held_ = newest_ && (now.wall < *newest_ - leap || now.wall > *newest_ + away_at_most);
  }
  const auto lived = std::chrono::duration_cast<std::chrono::microseconds>(now.steady - since_->steady);
  const auto off = now.wall - (since_->wall + lived);
  if (off > leap || off < -leap) {
    since_ = now;
    held_ = true;
  }
  if (held_ && now.steady - since_->steady >= hold) held_ = false;
  return !held_;
}

RetentionPass::RetentionPass(const Retention& policy, const RowStamp& stamp)
    : stamp_(stamp),
      waveforms_{"waveforms", before(stamp, policy.waveforms_days)},
      summaries_{"summaries", before(stamp, policy.summaries_months * days_per_month)},
      access_log_{"access_log", before(stamp, policy.access_log_months * days_per_month)} {}

bool RetentionPass::piece(Connection& connection) {
  const Age waveforms = waveforms_, summaries = summaries_, access_log = access_log_;
  try {
    Transaction transaction(connection);
    const bool more = forget_waveforms(connection) || forget_summaries(connection) ||
                      forget_loose(connection) || forget_access_log(connection);
    if (more) transaction.commit();
    return more;
  } catch (const SqlError&) {
    waveforms_ = waveforms;  // what was told in the transaction is undone with it
    summaries_ = summaries;
    access_log_ = access_log;
    throw;
  }
}

bool RetentionPass::forget_waveforms(Connection& connection) {
  connection.prepare("DELETE FROM chunk WHERE id IN (SELECT id FROM chunk WHERE t_us < ?1 LIMIT ?2)")
      .with(waveforms_.older_than_us, chunks_per_piece)
      .run();
  const std::int64_t count = connection.ask_integer("SELECT changes()");
  if (count > 0) count_deleted(connection, deletion_of(connection, waveforms_), "chunks", count);
  return count > 0;
}

bool RetentionPass::forget_summaries(Connection& connection) {
  Statement next = connection.prepare("SELECT id FROM session WHERE t_us < ?1 LIMIT 1");
  if (!next.with(summaries_.older_than_us).step()) return false;
  const std::int64_t session = next.integer(0);
  next.reset();
  remove_session(connection, deletion_of(connection, summaries_), session, rows_per_piece);
  return true;
}

// What stands outside sessions, and codes that nothing is known of any more.
bool RetentionPass::forget_loose(Connection& connection) {
  constexpr std::array<std::pair<const char*, const char*>, 4> tables{
      {{"reading", "readings"}, {"command", "commands"}, {"event", "events"}, {"confirmation", nullptr}}};
  for (const auto& [name, counter] : tables) {
    connection.prepare(removal_of_loose(name)).with(summaries_.older_than_us, rows_per_piece).run();
    const std::int64_t count = connection.ask_integer("SELECT changes()");
    if (count == 0) continue;
    const std::int64_t deletion = deletion_of(connection, summaries_);
    if (counter != nullptr) count_deleted(connection, deletion, counter, count);
    return true;
  }
  connection
      .prepare(
          "DELETE FROM participant WHERE t_us < ?1 AND NOT EXISTS(SELECT 1 FROM session WHERE "
          "session.participant = participant.code)")
      .with(summaries_.older_than_us)
      .run();
  return connection.ask_integer("SELECT changes()") > 0;
}

bool RetentionPass::forget_access_log(Connection& connection) {
  const std::int64_t count = forget_access(connection, access_log_.older_than_us, rows_per_piece);
  if (count > 0) count_deleted(connection, deletion_of(connection, access_log_), "accesses", count);
  return count > 0;
}

std::int64_t RetentionPass::deletion_of(Connection& connection, Age& age) const {
  if (age.deletion == 0)
    age.deletion = add_deletion(connection, stamp_, {.what = age.what, .older_than_us = age.older_than_us});
  return age.deletion;
}

}  // namespace rytme::journal
