// SPDX-License-Identifier: Apache-2.0
#include "controller/settings/report.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <sstream>

namespace rytme::settings {
namespace {

// Levenshtein distance.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

bool is_control(char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }

}  // namespace

void Report::add(const toml::source_region& where, Severity severity, std::string text) {
  std::replace_if(text.begin(), text.end(), is_control, '?');  // a problem is one line
  Problem problem{file_, 1, 1, severity, std::move(text)};
  if (where.begin.line > 0) {
    problem.line = static_cast<int>(where.begin.line);
    problem.column = static_cast<int>(where.begin.column);
  }
  problems_.push_back(std::move(problem));
}

std::string shown(const toml::node& node) {
  if (node.is_table()) return "a table";
  if (const auto* list = node.as_array()) {
    std::vector<std::string> items;
    for (const auto& item : *list) items.push_back(item.is_array() ? "[...]" : shown(item));
    return "[" + joined(items).substr(0, 60) + "]";
  }
  if (const auto number = node.value_exact<double>()) return shown(*number);
  std::ostringstream out;
  node.visit([&](const auto& value) {
    if constexpr (toml::is_string<decltype(value)>)
      out << '"' << value.get() << '"';
    else if constexpr (toml::is_value<decltype(value)>)
      out << value;
  });
  std::string text = out.str();
  if (text.size() > 60) text = text.substr(0, 57) + "...";
  return text;
}

bool is_printable(std::string_view text) { return std::none_of(text.begin(), text.end(), is_control); }

std::string suggestion(std::string_view word, const std::vector<std::string>& known) {
  const std::string* nearest = nullptr;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const auto& candidate : known) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance >= least || distance >= candidate.size()) continue;
    least = distance;
    nearest = &candidate;
  }
  if (nearest != nullptr) return "; did you mean \"" + *nearest + "\"?";
  return known.empty() ? "" : "; known here: " + joined(known);
}

std::string shown(double number) {
  std::array<char, 32> text{};
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
  return {text.data(), end};
}

}  // namespace rytme::settings
