// SPDX-License-Identifier: Apache-2.0
// Reads the include lines of the sources and keeps the house: which folder may use which.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string>;

const std::map<std::string, Names>& allowed() {
  static const std::map<std::string, Names> table{
      {"room", {}},
      {"log", {"room"}},
      {"signals", {"room"}},
      {"session", {"room"}},
      {"safety", {"room"}},
      {"settings", {"room"}},
      {"devices", {"room", "settings"}},
      {"mqtt", {"room", "settings"}},
      {"modbus", {"room", "settings"}},
      {"journal", {"room"}},
      {"access", {"room", "journal"}},
      {"review", {"room", "journal"}},
      {"report", {"room", "journal"}},
      {"desk", {"room", "settings", "journal"}},
      {"web", {"room", "access"}},
      {"homie", {"room"}},
      {"player", {"room", "settings", "homie"}},
      {"player_app", {"room", "settings", "homie", "log", "mqtt", "player"}},
      {"simulator", {"room", "settings", "homie"}},
      {"trial", {"room", "settings", "devices"}},
      {"discovery", {"room"}},
      {"app",
       {"room", "signals", "session", "safety", "settings", "devices", "mqtt", "modbus", "journal", "review",
        "report", "web", "simulator", "trial", "log", "access", "desk", "discovery"}}};
  return table;
}

struct Include {
  fs::path file;
  std::string folder;
  std::string what;  // between quotes or angle brackets
  bool quoted{};
};

std::vector<Include> includes(const char* root = "controller") {
  static const std::regex line_form(R"re(^\s*#\s*include\s*([<"])([^>"]+)[>"])re");
  std::vector<Include> result;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    const auto folder = std::next(entry.path().begin())->string();
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      std::smatch found;
      if (std::regex_search(line, found, line_form))
        result.push_back({entry.path(), folder, found[2].str(), found[1].str() == "\""});
    }
  }
  return result;
}

TEST(House, EveryFolderUsesOnlyWhatItMay) {
  const auto all = includes();
  ASSERT_GT(all.size(), 100U);
  for (const auto& include : all) {
    if (!include.quoted || !include.what.starts_with("controller/")) continue;
    const auto used = std::next(fs::path(include.what).begin())->string();
    if (used == include.folder || include.folder == "asio") continue;
    const auto row = allowed().find(include.folder);
    ASSERT_NE(row, allowed().end()) << include.folder << " is no room of this house";
    EXPECT_TRUE(row->second.contains(used)) << include.file << " may not use " << used;
  }
}

// protocol < core < boards; nothing of a board is seen from elsewhere, and the core knows no heap and no
// hardware.
TEST(House, FirmwareUsesOnlyWhatItMay) {
  const std::map<std::string, Names> firmware{
      {"protocol", {"protocol"}}, {"core", {"protocol", "core"}}, {"boards", {"protocol", "core", "boards"}}};
  const Names heap{"memory", "string", "vector", "map", "functional", "deque", "iostream", "thread"};
  const auto all = includes("firmware");
  ASSERT_GT(all.size(), 50U);
  for (const auto& include : all) {
    if (!include.quoted) {
      EXPECT_FALSE(heap.contains(include.what)) << include.file << " uses <" << include.what << '>';
      continue;
    }
    ASSERT_TRUE(include.what.starts_with("firmware/")) << include.file << " includes " << include.what;
    const auto used = std::next(fs::path(include.what).begin())->string();
    EXPECT_TRUE(firmware.at(include.folder).contains(used)) << include.file << " may not use " << used;
  }
}

TEST(House, OurOwnHeadersAreNamedFromTheRoot) {
  for (const auto& include : includes()) {
    if (!include.quoted) continue;
    EXPECT_TRUE(include.what.starts_with("controller/") || include.what.starts_with("firmware/") ||
                include.what.starts_with("generated/"))
        << include.file << " includes " << include.what;
  }
}

TEST(House, DecidingFoldersShowNoForeignLibraryInTheirHeaders) {
  const Names deciding{"room", "signals", "session", "safety"};
  for (const auto& include : includes()) {
    if (include.quoted || include.file.extension() != ".hpp" || !deciding.contains(include.folder)) continue;
    EXPECT_EQ(include.what.find('/'), std::string::npos) << include.file << " shows " << include.what;
    EXPECT_EQ(include.what.find(".h"), std::string::npos) << include.file << " shows " << include.what;
  }
}

// `now()` only in app and the transports, threads only there, in the journal and in the player's program.
TEST(House, ClocksAndThreadsStayWhereTheyBelong) {
  const std::regex clock(R"(_clock::now\(\))");
  const std::regex thread(R"(std::j?thread\b)");
  const Names clocks{"app", "player_app", "mqtt", "modbus", "journal"};
  const Names threads{"mqtt", "modbus", "journal", "player_app", "access"};
  for (const auto& entry : fs::recursive_directory_iterator("controller")) {
    const auto extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    const auto folder = std::next(entry.path().begin())->string();
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    EXPECT_TRUE(clocks.contains(folder) || !std::regex_search(text, clock))
        << entry.path() << " asks a clock";
    EXPECT_TRUE(threads.contains(folder) || !std::regex_search(text, thread))
        << entry.path() << " has a thread";
  }
}

TEST(House, FilesStayShort) {
  for (const auto& root : {"controller", "firmware", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      std::ifstream file(entry.path());
      const auto lines = std::count(std::istreambuf_iterator<char>(file), {}, '\n');
      EXPECT_LE(lines, 400) << entry.path();
    }
}

TEST(House, EverySourceNamesItsLicence) {
  for (const auto& root : {"controller", "firmware", "tests"})
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      const auto extension = entry.path().extension();
      if (extension != ".cpp" && extension != ".hpp") continue;
      std::ifstream file(entry.path());
      std::string first;
      std::getline(file, first);
      EXPECT_EQ(first, "// SPDX-License-Identifier: Apache-2.0") << entry.path();
    }
}

}  // namespace
