// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/participants.hpp"

#include <stdexcept>
#include <string_view>

#include <sodium.h>

#include "controller/journal/json_text.hpp"

namespace rytme::journal {

std::string random_code(std::size_t length) {
  if (sodium_init() < 0) throw std::runtime_error("no random numbers on this machine");
  std::string code;
  while (code.size() < length)
    code += code_letters[randombytes_uniform(static_cast<std::uint32_t>(code_letters.size()))];
  return code;
}

std::vector<ParticipantRow> list_participants(Connection& connection) {
  std::vector<ParticipantRow> rows;
  Statement all = connection.prepare("SELECT code, t, state, sessions FROM v_participant ORDER BY code");
  while (all.step()) rows.push_back({all.text(0), all.text(1), all.text(2), all.integer(3)});
  return rows;
}

bool is_in_use(Connection& connection, const std::string& code) {
  if (code.empty()) return false;  // stands in every session that is nobody's
  Statement any = connection.prepare(
      "SELECT EXISTS(SELECT 1 FROM participant WHERE code = ?1) OR EXISTS(SELECT 1 FROM session WHERE "
      "participant = ?1) OR EXISTS(SELECT 1 FROM event WHERE session IS NULL AND kind IN ('baseline', "
      "'variant', 'state_map') AND "
      "json_valid(data) AND json_extract(data, '$.participant') = ?1)");
  return any.with(code).step() && any.integer(0) != 0;
}

std::string unused_code(Connection& connection) {
  for (int tries = 0; tries < 100; ++tries)
    if (std::string code = random_code(); !is_in_use(connection, code)) return code;
  throw std::runtime_error("no code is free");
}

std::string to_json(const std::vector<ParticipantRow>& rows) {
  JsonText json;
  json.objects(rows, [&](const ParticipantRow& row) {
    json.field("code", row.code);
    json.field("created", row.created);
    json.field("state", row.state);
    json.field("sessions", row.sessions);
  });
  return json.take();
}

}  // namespace rytme::journal
