// SPDX-License-Identifier: Apache-2.0
#include "controller/app/check.hpp"

#include <ostream>

#include <boost/json.hpp>

#include "controller/settings/load.hpp"

namespace rytme::app {
namespace {

boost::json::array as_json(const std::vector<settings::Problem>& problems) {
  boost::json::array list;
  for (const settings::Problem& problem : problems)
    list.push_back({{"file", problem.file},
                    {"line", problem.line},
                    {"column", problem.column},
                    {"severity", problem.severity == settings::Severity::error ? "error" : "warning"},
                    {"text", problem.text}});
  return list;
}

}  // namespace

int check_settings(const std::filesystem::path& folder, bool json, std::ostream& out) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    const settings::Problem missing{folder.string(), 1, 1, settings::Severity::error,
                                    "there is no such folder"};
    out << (json ? boost::json::serialize(as_json({missing})) : settings::to_text(missing)) << '\n';
    return 2;
  }
  const settings::Loaded loaded = settings::check(folder);
  if (json) {
    out << boost::json::serialize(as_json(loaded.problems)) << '\n';
  } else {
    for (const settings::Problem& problem : loaded.problems) out << settings::to_text(problem) << '\n';
  }
  return loaded.has_errors() ? 1 : 0;
}

}  // namespace rytme::app
