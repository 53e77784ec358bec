// SPDX-License-Identifier: Apache-2.0
// Every folder of bad/ is laid over a good one; out come exactly the lines of its file `expected`.
#include <algorithm>

#include <gtest/gtest.h>

#include "tests/settings/problems.hpp"
#include "tests/support/folder.hpp"

namespace rytme::test {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> cases() {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator("tests/settings/bad"))
    names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

void lay_good(Folder& folder) {
  folder.lay("tests/settings/good");
  for (const char* part : {"profiles", "presets"})
    fs::copy(fs::path("config") / part, folder.path() / part, fs::copy_options::recursive);
}

TEST(BadSettings, EachGivesExactlyItsProblems) {
  const auto names = cases();
  ASSERT_GE(names.size(), 20U);
  for (const auto& name : names) {
    Folder folder;
    lay_good(folder);
    const fs::path bad = fs::path("tests/settings/bad") / name;
    folder.lay(bad);
    EXPECT_EQ(problems_of(folder.path()), content_of(bad / "expected")) << name;
  }
}

TEST(BadSettings, TheGoodOneBeneathIsGood) {
  Folder folder;
  lay_good(folder);
  EXPECT_EQ(problems_of(folder.path()), "");
}

}  // namespace
}  // namespace rytme::test
