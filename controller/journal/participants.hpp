// SPDX-License-Identifier: Apache-2.0
// Short codes that stand for people. Who is who is not in the system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "controller/journal/sqlite.hpp"

namespace rytme::journal {

struct ParticipantRow {
  std::string code, created;  // ISO 8601
  std::string state;          // listed: made here; unlisted: typed in a session, perhaps by mistake
  std::int64_t sessions{};
};

// Without vowels, and without 0 O Q D, 1 I L, 2 Z, 5 S, 8 B, U V, G 6.
inline constexpr std::string_view code_letters = "CFHJKMNPRTWXY3479";

// Random characters without a meaning, four of them for a participant: no vowels, and none that looks like
// another.
std::string random_code(std::size_t length = 4);

// The caller holds the read transaction. Throw SqlError.
std::vector<ParticipantRow> list_participants(Connection& connection);
bool is_in_use(Connection& connection, const std::string& code);  // "" is nobody
// A code that nobody has. Throws std::runtime_error when a hundred random ones are all taken.
std::string unused_code(Connection& connection);

std::string to_json(const std::vector<ParticipantRow>& rows);

}  // namespace rytme::journal
