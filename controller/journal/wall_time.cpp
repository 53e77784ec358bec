// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/wall_time.hpp"

#include <ctime>

#include "controller/room/time_text.hpp"

namespace rytme::journal {
namespace {

constexpr std::size_t length_of_a_day = 10;  // 2026-11-24

std::optional<std::int64_t> bound_us(Connection& connection, const std::string& field,
                                     const std::string& text) {
  if (text.empty()) return std::nullopt;
  // Julian days: unixepoch() would cut the fraction of the second.
  const std::string moment = text.size() != length_of_a_day ? "julianday(?1)"
                             : field == "to"                ? "julianday(?1, '+1 day', 'utc')"
                                                            : "julianday(?1, 'utc')";
  Statement statement = connection.prepare("SELECT round((" + moment + " - 2440587.5) * 86400000)");
  statement.with(text).step();
  if (!is_date_or_time(text) || statement.is_null(0)) throw BadBound(field, std::string(wanted_time));
  return statement.integer(0) * 1000;
}

}  // namespace

BadBound::BadBound(const std::string& field, const std::string& detail)
    : JournalError(field + " " + detail), field_(field), detail_(detail) {}

std::int64_t local_offset_min(std::int64_t t_us) {
  const std::time_t moment = t_us / 1000000;
  std::tm local{};
  ::localtime_r(&moment, &local);
  return local.tm_gmtoff / 60;
}

TimeRange span_of(Connection& connection, const std::string& from, const std::string& to) {
  return {bound_us(connection, "from", from), bound_us(connection, "to", to)};
}

}  // namespace rytme::journal
