// SPDX-License-Identifier: Apache-2.0
// Collects the problems of one file of the settings folder. Internal to settings.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <toml++/toml.h>

#include "controller/settings/load.hpp"

namespace rytme::settings {

class Report {
 public:
  // `file`: relative to the folder. `problems` must outlive the object.
  Report(std::string file, std::vector<Problem>& problems) : file_(std::move(file)), problems_(problems) {}

  void error(const toml::source_region& where, std::string text) {
    add(where, Severity::error, std::move(text));
  }
  void warning(const toml::source_region& where, std::string text) {
    add(where, Severity::warning, std::move(text));
  }

 private:
  void add(const toml::source_region& where, Severity severity, std::string text);

  std::string file_;
  std::vector<Problem>& problems_;
};

// A value as it stands in the file, shortened; a table as "a table".
std::string shown(const toml::node& node);

// No control character is in it: what goes out as a C string, or is compared on the wire.
bool is_printable(std::string_view text);

// "; did you mean "curve"?" by edit distance, else "; known here: a, b, c", else "".
std::string suggestion(std::string_view word, const std::vector<std::string>& known);

// "0.2", "45": as short as it can be said.
std::string shown(double number);

}  // namespace rytme::settings
