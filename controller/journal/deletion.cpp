// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/deletion.hpp"

namespace rytme::journal {

std::int64_t add_deletion(Connection& connection, const RowStamp& stamp, const Deletion& deletion) {
  Statement add = connection.prepare(
      "INSERT INTO deletion(seq, t_us, offset_min, mono_us, what, actor_kind, actor_role, actor_id, "
      "older_than_us, done_t_us) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id");
  add.with(stamp.seq, stamp.t_us, stamp.offset_min, stamp.mono_us, deletion.what, deletion.actor_kind,
           deletion.actor_role, deletion.actor_id, deletion.older_than_us, deletion.done_t_us)
      .step();
  const std::int64_t id = add.integer(0);
  add.run();
  return id;
}

void count_deleted(Connection& connection, std::int64_t deletion, const std::string& column,
                   std::int64_t count) {
  connection.prepare("UPDATE deletion SET " + column + " = " + column + " + ?2 WHERE id = ?1")
      .with(deletion, count)
      .run();
}

}  // namespace rytme::journal
