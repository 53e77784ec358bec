// SPDX-License-Identifier: Apache-2.0
#include "controller/settings/table_reader.hpp"

#include <algorithm>
#include <cmath>

namespace rytme::settings {
namespace {

std::string range_text(double low, double high) { return shown(low) + " to " + shown(high); }

bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

}  // namespace

const toml::source_region& TableReader::where(std::string_view key) const {
  const toml::node* found = table_.get(key);
  return found != nullptr ? found->source() : table_.source();
}

const toml::node* TableReader::node(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
  return table_.get(key);
}

void TableReader::expected(std::string_view key, const toml::node& found, const std::string& what) {
  report_.error(found.source(), std::string(key) + ": " + shown(found) + " is not allowed; expected " + what);
}

bool TableReader::require(std::string_view key) {
  if (node(key) != nullptr) return true;
  report_.error(table_.source(), name_ + " lacks \"" + std::string(key) + "\"");
  return false;
}

bool TableReader::read(std::string_view key, std::string& target) {
  const toml::node* found = node(key);
  if (found == nullptr) return false;
  const auto value = found->value_exact<std::string>();
  if (!value) {
    expected(key, *found, "a text in quotes");
    return false;
  }
  target = *value;
  return true;
}

bool TableReader::read(std::string_view key, bool& target) {
  const toml::node* found = node(key);
  if (found == nullptr) return false;
  const auto value = found->value_exact<bool>();
  if (!value) {
    expected(key, *found, "true or false");
    return false;
  }
  target = *value;
  return true;
}

bool TableReader::read(std::string_view key, double& target, double low, double high) {
  const toml::node* found = node(key);
  if (found == nullptr) return false;
  const bool is_number = found->is_number();
  const double value = is_number ? found->value<double>().value_or(NAN) : NAN;
  if (!(value >= low && value <= high)) {
    expected(key, *found, "a number from " + range_text(low, high));
    return false;
  }
  target = value;
  return true;
}

bool TableReader::whole(std::string_view key, std::int64_t& value, std::int64_t low, std::int64_t high) {
  const toml::node* found = node(key);
  if (found == nullptr) return false;
  const auto read = found->value_exact<std::int64_t>();
  if (!read || *read < low || *read > high) {
    expected(key, *found, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
    return false;
  }
  value = *read;
  return true;
}

bool TableReader::chosen(std::string_view key, std::size_t& index,
                         std::initializer_list<std::string_view> names) {
  std::string text;
  if (!read(key, text)) return false;
  const auto* found = std::find(names.begin(), names.end(), text);
  if (found == names.end()) {
    std::string all;
    for (const auto name : names) all += (all.empty() ? "" : " | ") + std::string(name);
    const auto hint = suggestion(text, {names.begin(), names.end()});
    const bool near = hint.find("did you mean") != std::string::npos;
    expected(key, *table_.get(key), all + (near ? hint : ""));
    return false;
  }
  index = static_cast<std::size_t>(found - names.begin());
  return true;
}

bool TableReader::read_id(std::string_view key, std::string& target) {
  std::string text;
  if (!require(key) || !read(key, text)) return false;
  if (!is_id(text)) {
    expected(key, *table_.get(key), "1 to 64 of a-z, 0-9 and -");
    return false;
  }
  target = text;
  return true;
}

const toml::table* TableReader::table(std::string_view key) {
  const toml::node* found = node(key);
  if (found == nullptr) return nullptr;
  if (!found->is_table()) expected(key, *found, "a table");
  return found->as_table();
}

const toml::array* TableReader::array(std::string_view key) {
  const toml::node* found = node(key);
  if (found == nullptr) return nullptr;
  if (!found->is_array()) expected(key, *found, "a list in [ ]");
  return found->as_array();
}

std::vector<const toml::table*> TableReader::tables(std::string_view key) {
  std::vector<const toml::table*> all;
  const toml::array* list = array(key);
  if (list == nullptr) return all;
  for (const toml::node& item : *list) {
    if (item.is_table())
      all.push_back(item.as_table());
    else
      expected(key, item, "a table: [[" + std::string(key) + "]]");
  }
  return all;
}

void TableReader::finish() {
  for (const auto& [key, value] : table_) {
    if (std::find(known_.begin(), known_.end(), key.str()) != known_.end()) continue;
    report_.error(key.source(), "unknown key \"" + std::string(key.str()) + "\" in " + name_ +
                                    suggestion(key.str(), known_));
  }
}

}  // namespace rytme::settings
