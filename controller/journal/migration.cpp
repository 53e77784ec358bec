// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/migration.hpp"

#include <array>
#include <string>
#include <vector>

#include "controller/journal/access_chain.hpp"
#include "controller/journal/copy.hpp"
#include "controller/journal/schema.hpp"
#include "controller/journal/transaction.hpp"
#include "controller/journal/whole_file.hpp"

namespace rytme::journal {
namespace {

// Schema 1 kept the id of the session that was looked at as `whose`.
std::vector<AccessRow> accesses_of_1(Connection& connection) {
  Statement all = connection.prepare(
      "SELECT a.seq, a.t_us, a.offset_min, a.mono_us, a.actor_kind, a.actor_role, a.actor_id, a.what, "
      "s.name, "
      "CASE WHEN s.name IS NOT NULL THEN s.participant WHEN EXISTS(SELECT 1 FROM session p WHERE "
      "p.participant = a.whose) THEN a.whose ELSE '' END, a.why, a.\"from\", a.denied "
      "FROM access a LEFT JOIN session s ON s.name = a.whose ORDER BY a.seq");
  std::vector<AccessRow> rows;
  while (all.step())
    rows.push_back({all.integer(0), all.integer(1), all.integer(2), all.integer(3), all.text(4), all.text(5),
                    all.text(6), all.text(7), all.text(8), all.text(9), all.text(10), all.text(11),
                    all.integer(12) != 0});
  return rows;
}

void to_2(Connection& connection) {
  const std::vector<AccessRow> accesses = accesses_of_1(connection);
  connection.execute("DROP TABLE access");
  create_tables_of_2(connection);
  for (const AccessRow& row : accesses) append_access(connection, row);
  connection.execute(
      "INSERT INTO participant SELECT participant, seq, t_us, offset_min, mono_us, 'unlisted' FROM session "
      "WHERE participant <> '' AND seq = (SELECT min(seq) FROM session s WHERE s.participant = "
      "session.participant)");
}

struct SchemaStep {
  std::int64_t to;
  void (*carry_out)(Connection&);
};
constexpr std::array steps{SchemaStep{2, to_2}};

void carry_out(Connection& connection, const SchemaStep& step) {
  Transaction transaction(connection);
  drop_views(connection);
  step.carry_out(connection);
  create_views(connection);
  set_version(connection, step.to);
  transaction.commit();
}

}  // namespace

std::filesystem::path migrate(Connection& connection, const std::filesystem::path& file) {
  const std::int64_t version = connection.ask_integer("PRAGMA user_version");
  if (version >= schema_version) return {};
  auto copy = free_name(file, ".schema-" + std::to_string(version));
  const auto part = std::filesystem::path(copy.string() + ".part");
  std::filesystem::remove(part);
  copy_database(connection, part);
  std::filesystem::rename(part, copy);
  sync_folder_of(copy);
  for (const SchemaStep& step : steps)
    if (step.to > version) carry_out(connection, step);
  return copy;
}

}  // namespace rytme::journal
