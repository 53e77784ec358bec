// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/table.hpp"

#include <cmath>
#include <limits>
#include <stdexcept>

#include "controller/simulator/csv_rows.hpp"

namespace rytme::simulator {
namespace {

constexpr std::size_t most_cells = std::size_t{64} << 20U;  // 512 MB; a day of recordings has a tenth of it
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace

const std::vector<double>& Table::numbers(std::string_view column) const {
  const auto found = columns.find(column);
  if (found == columns.end()) throw std::runtime_error(file + ": no column " + std::string(column));
  for (std::size_t i = 0; i < found->second.size(); ++i) {
    if (!std::isfinite(found->second[i])) {
      throw std::runtime_error(file + ": row " + std::to_string(i + 1) + " has no number in column " +
                               std::string(column));
    }
  }
  return found->second;
}

double Table::note(const std::string& key) const {
  const auto found = notes.find(key);
  const auto value = found == notes.end() ? std::nullopt : number_of(found->second);
  if (!value || !std::isfinite(*value)) throw std::runtime_error(file + ": no " + key + "= in its # line");
  return *value;
}

Table read_table(const std::filesystem::path& path) {
  CsvRows rows(path);
  Table table;
  table.file = path.string();
  std::vector<std::vector<double>*> columns;
  for (const auto& name : rows.header()) {
    if (!name.empty()) rows.find(name);  // throws when there are two
    columns.push_back(&table.columns[name]);
  }
  for (std::size_t cells = 0; rows.next(); cells += columns.size()) {
    if (cells > most_cells) rows.fail("is too large");
    for (std::size_t i = 0; i < columns.size(); ++i)
      columns[i]->push_back(rows.number(i).value_or(no_number));
  }
  table.notes = rows.notes();
  return table;
}

}  // namespace rytme::simulator
