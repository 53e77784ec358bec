// SPDX-License-Identifier: Apache-2.0
#include "tests/settings/problems.hpp"

#include "controller/settings/load.hpp"

namespace rytme::test {

std::string problems_of(const std::filesystem::path& folder) {
  std::string text;
  for (const auto& problem : settings::check(folder).problems) text += settings::to_text(problem) + "\n";
  return text;
}

}  // namespace rytme::test
