// SPDX-License-Identifier: Apache-2.0
#include "controller/report/csv_table.hpp"

#include <algorithm>
#include <string_view>

#include "controller/journal/json_text.hpp"
#include "controller/journal/utf8.hpp"

namespace rytme::report {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of("\",;\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"') result += '"';
    result += letter;
  }
  return result + '"';
}

}  // namespace

std::string number_cell(double number, Separator separator) {
  std::string text = journal::shortest(number);
  if (separator == Separator::semicolon) std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

std::string text_cell(const std::string& raw) {
  std::string text = journal::valid_utf8(raw);
  if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos)
    text.insert(0, 1, '\'');
  return text;
}

std::string csv_line(std::span<const std::string> cells, Separator separator) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += separator == Separator::semicolon ? ';' : ',';
    line += quoted(cells[i]);
  }
  return line + "\r\n";
}

std::string csv_start(Separator separator) { return separator == Separator::semicolon ? "\xEF\xBB\xBF" : ""; }

}  // namespace rytme::report
