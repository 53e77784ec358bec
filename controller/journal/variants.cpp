// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/variants.hpp"

#include <optional>

namespace rytme::journal {
namespace {

std::optional<double> number(const Statement& row, int column) {
  return row.is_null(column) ? std::nullopt : std::optional(row.real(column));
}

}  // namespace

std::map<std::string, Variant> variants(Connection& connection) {
  std::map<std::string, Variant> newest;
  Statement all = connection.prepare(
      "SELECT json_extract(data, '$.participant'), json_extract(data, '$.minutes'), json_extract(data, "
      "'$.top_level'), "
      "json_extract(data, '$.rhythm'), json_extract(data, '$.red'), json_extract(data, '$.tempo_bpm'), "
      "json_extract(data, '$.source') FROM event WHERE session IS NULL AND kind = 'variant' AND "
      "json_valid(data) "
      "ORDER BY seq");
  while (all.step()) {
    Variant variant{number(all, 1),      number(all, 2), all.integer(3) != 0,
                    all.integer(4) != 0, number(all, 5), std::nullopt};
    if (!all.is_null(6)) variant.source = all.text(6);
    newest.insert_or_assign(all.text(0), std::move(variant));
  }
  return newest;
}

}  // namespace rytme::journal
