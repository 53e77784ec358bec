// SPDX-License-Identifier: Apache-2.0
// The product claims nothing that it is not: words that stay out of screens, texts and names.
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

// Files that say what the software is not must be able to name it.
bool says_what_it_is_not(const fs::path& file) {
  const auto name = file.filename().string();
  return name.starts_with("intended_purpose") || name == "words_test.cpp";
}

bool is_text(const fs::path& file) {
  static const std::vector<std::string> kinds{".cpp", ".hpp", ".toml", ".json", ".md",
                                              ".ts",  ".tsx", ".css",  ".html"};
  return std::find(kinds.begin(), kinds.end(), file.extension()) != kinds.end() &&
         file.filename() != "package-lock.json";
}

std::vector<fs::path> texts() {
  std::vector<fs::path> result;
  for (const auto& root : {"controller", "dashboards", "config", "docs", "firmware"}) {
    for (auto at = fs::recursive_directory_iterator(root); at != fs::recursive_directory_iterator(); ++at) {
      if (at->path().filename() == "node_modules")
        at.disable_recursion_pending();
      else if (at->is_regular_file() && is_text(at->path()) && !says_what_it_is_not(at->path()))
        result.push_back(at->path());
    }
  }
  return result;
}

TEST(Words, WhatTheProductDoesNotSayOfItself) {
  const std::vector<std::string> avoided{"therap",         "patient",      "diagnos",       "behandling",
                                         "pasient",        "terapi",       "nødstopp",      "epilepsy-safe",
                                         "detects stress", "detects fear", "nervous system"};
  const auto files = texts();
  ASSERT_GT(files.size(), 50U);
  for (const auto& path : files) {
    std::ifstream file(path);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
    for (const auto& word : avoided)
      EXPECT_EQ(text.find(word), std::string::npos) << path << " says \"" << word << '"';
  }
}

}  // namespace
