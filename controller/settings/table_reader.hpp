// SPDX-License-Identifier: Apache-2.0
// Reads a TOML table key by key into plain variables, says what is wrong with each, and in finish() which
// keys nobody asked for. A variable stays as it was when its key is absent or wrong. Internal to settings.
#pragma once

#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "controller/settings/report.hpp"

namespace rytme::settings {

class TableReader {
 public:
  // `name` as a reader of the file would say it: "[room]", "[[device]]". Both references must outlive the
  // object.
  TableReader(const toml::table& table, Report& report, std::string name)
      : table_(table), report_(report), name_(std::move(name)) {}

  // True when the key was there and right.
  bool read(std::string_view key, std::string& target);
  bool read(std::string_view key, bool& target);
  bool read(std::string_view key, double& target, double low, double high);
  template <class Integer>
  bool read_integer(std::string_view key, Integer& target, std::int64_t low, std::int64_t high) {
    std::int64_t value{};
    if (!whole(key, value, low, high)) return false;
    target = static_cast<Integer>(value);
    return true;
  }
  // One of `names`, in the order of the enum.
  template <class Enum>
  bool choose(std::string_view key, Enum& target, std::initializer_list<std::string_view> names) {
    std::size_t index{};
    if (!chosen(key, index, names)) return false;
    target = static_cast<Enum>(index);
    return true;
  }

  // [a-z0-9-]+, required.
  bool read_id(std::string_view key, std::string& target);
  // Reports when the key is absent.
  bool require(std::string_view key);

  // nullptr when absent (or, for the typed ones, wrong). Both count as asked for.
  const toml::node* node(std::string_view key);
  const toml::table* table(std::string_view key);
  const toml::array* array(std::string_view key);
  // Tables of [[key]].
  std::vector<const toml::table*> tables(std::string_view key);

  // At the key's value, or at the table when it is absent.
  void error(std::string_view key, const std::string& text) { report_.error(where(key), text); }
  void warning(std::string_view key, const std::string& text) { report_.warning(where(key), text); }
  void expected(std::string_view key, const toml::node& found, const std::string& what);
  const toml::source_region& where(std::string_view key) const;
  Report& report() { return report_; }
  const std::string& name() const { return name_; }

  // Reports every key that nobody asked for.
  void finish();

 private:
  bool whole(std::string_view key, std::int64_t& value, std::int64_t low, std::int64_t high);
  bool chosen(std::string_view key, std::size_t& index, std::initializer_list<std::string_view> names);

  const toml::table& table_;
  Report& report_;
  std::string name_;
  std::vector<std::string> known_;
};

}  // namespace rytme::settings
