// SPDX-License-Identifier: Apache-2.0
// The rows that say that something was removed: when, by whom, how much; never what. Owner and thread: the
// writer, within its transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

// What every row of a table of facts begins with.
struct RowStamp {
  std::int64_t seq{}, t_us{}, offset_min{}, mono_us{};
};

// By retention, unless somebody asked for it.
struct Deletion {
  std::string_view what;  // session | participant | body | waveforms | summaries | access_log | copy
  std::string_view actor_kind{"local"}, actor_role{"retention"}, actor_id{};
  std::optional<std::int64_t> older_than_us{};
  std::optional<std::int64_t> done_t_us{};  // nullopt: its bytes are in the file still
};

// Returns its id. Throws SqlError.
std::int64_t add_deletion(Connection& connection, const RowStamp& stamp, const Deletion& deletion);

// Adds to a counter of a deletion; `column` is one of its columns.
void count_deleted(Connection& connection, std::int64_t deletion, const std::string& column,
                   std::int64_t count);

}  // namespace rytme::journal
