// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/table.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <memory>
#include <stdexcept>

#include <zlib.h>

namespace rytme::simulator {
namespace {

constexpr std::size_t largest_bytes = std::size_t{512}
                                      << 20U;  // unpacked; a day of recordings has a tenth of it

// zlib reads plain files too, as they are.
std::string read_all(const std::filesystem::path& path) {
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw std::runtime_error(path.string() + ": cannot be opened");
  std::string out;
  std::array<char, 65536> part{};
  int size{};
  while ((size = gzread(file.get(), part.data(), part.size())) > 0) {
    out.append(part.data(), static_cast<std::size_t>(size));
    if (out.size() > largest_bytes) throw std::runtime_error(path.string() + ": too large");
  }
  int error{};
  gzerror(file.get(), &error);
  if (size < 0 || error != Z_OK) throw std::runtime_error(path.string() + ": damaged or cut short");
  return out;
}

// Takes the text up to the next `mark` (or the end) from the front of `rest`.
std::string_view take_until(std::string_view& rest, char mark) {
  const auto at = rest.find(mark);
  const auto taken = rest.substr(0, at);
  rest.remove_prefix(at == std::string_view::npos ? rest.size() : at + 1);
  return taken;
}

double number_of(std::string_view cell) {
  double value{};
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  const bool whole = error == std::errc{} && end == cell.data() + cell.size();
  return whole ? value : std::numeric_limits<double>::quiet_NaN();
}

// "# t0_s=-10.000 fs_hz=32 unit=1/64 g": a word without = belongs to the value before it.
void add_notes(std::string_view line, std::map<std::string, std::string>& notes) {
  std::string* value = nullptr;
  while (!line.empty()) {
    const auto token = take_until(line, ' ');
    const auto equals = token.find('=');
    if (equals != std::string_view::npos) {
      value = &notes[std::string(token.substr(0, equals))];
      *value = token.substr(equals + 1);
    } else if (value != nullptr && !token.empty()) {
      value->append(" ").append(token);
    }
  }
}

std::vector<std::vector<double>*> add_columns(std::string_view line, Table& table) {
  std::vector<std::vector<double>*> out;
  while (!line.empty()) out.push_back(&table.columns[std::string(take_until(line, ','))]);
  return out;
}

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
  const double value =
      found == notes.end() ? std::numeric_limits<double>::quiet_NaN() : number_of(found->second);
  if (!std::isfinite(value)) throw std::runtime_error(file + ": no " + key + "= in its # line");
  return value;
}

Table read_table(const std::filesystem::path& path) {
  Table table;
  table.file = path.string();
  const auto text = read_all(path);
  std::vector<std::vector<double>*> columns;
  std::string_view rest = text;
  while (!rest.empty()) {
    auto line = take_until(rest, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    if (line.starts_with('#')) {
      add_notes(line, table.notes);
    } else if (columns.empty()) {
      columns = add_columns(line, table);
    } else {
      for (auto* column : columns) column->push_back(number_of(take_until(line, ',')));
    }
  }
  if (columns.empty()) throw std::runtime_error(table.file + ": no line with column names");
  return table;
}

}  // namespace rytme::simulator
