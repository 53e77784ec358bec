// SPDX-License-Identifier: Apache-2.0
#include "controller/settings/toml_file.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/settings/problems.hpp"
#include "tests/support/folder.hpp"

namespace rytme::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string repeated(int count, const std::string& part) {
  std::string text;
  for (int i = 0; i < count; ++i) text += part;
  return text;
}

std::string depth_refusal(const std::string& text) {
  try {
    settings::parse_toml(text, "x.toml");
  } catch (const toml::parse_error& error) {
    return std::to_string(error.source().begin.line) + ":" + std::to_string(error.source().begin.column) +
           " " + std::string(error.description());
  }
  return "";
}

// Each of these ended the program: one call deeper for every part of the key.
TEST(TomlFile, AKeyOfAHundredThousandPartsIsRefusedWithItsPlace) {
  EXPECT_EQ(depth_refusal("a = 1\n" + repeated(100'000, "b.") + "c = 1\n"),
            "2:16 a key has more than 8 parts");
  EXPECT_EQ(depth_refusal("[" + repeated(100'000, "a.") + "b]\n"), "1:17 a key has more than 8 parts");
  EXPECT_THAT(depth_refusal("x = { " + repeated(100'000, "a . ") + "b = 1 }\n"),
              HasSubstr("more than 8 parts"));
  EXPECT_THAT(depth_refusal(repeated(100'000, "\"a\".") + "b = 1\n"), HasSubstr("more than 8 parts"));
  EXPECT_THAT(depth_refusal("x = { y = \"\"\"a\"\"\"\", " + repeated(100'000, "a.") + "b = 1 }\n"),
              HasSubstr("more than 8 parts"));
  EXPECT_THAT(depth_refusal("x = " + repeated(100'000, "[")), HasSubstr("exceeded maximum nested"));
}

TEST(TomlFile, DotsThatAreNoPartsAreAllowed) {
  EXPECT_EQ(depth_refusal("# ................ a.b.c.d.e.f.g.h.i.j\n"
                          "a.b.c.d.e.f.g.h = 1\n"
                          "text = \"a.b.c.d.e.f.g.h.i \\\" .........\"  # .........\n"
                          "literal = 'a.b.c.d.e.f.g.h.i\\'\n"
                          "long = \"\"\"\n........ \" ' ........\n\"\"\"\n"
                          "numbers = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]\n"),
            "");
}

// What a folder or a pipe in a file's place leads to, and a file nobody wrote by hand.
TEST(TomlFile, WhatIsNoSettingsFileIsNamedAsSuch) {
  Folder folder;
  folder.lay("tests/settings/good");
  for (const char* part : {"profiles", "presets"})
    fs::copy(fs::path("config") / part, folder.path() / part, fs::copy_options::recursive);
  ASSERT_EQ(problems_of(folder.path()), "");
  const auto activities = folder.path() / "activities.toml";
  fs::remove(activities);
  fs::create_directory(activities);
  EXPECT_EQ(problems_of(folder.path()), "activities.toml:1:1: error: is a folder; expected a file\n");
  fs::remove(activities);
  ASSERT_EQ(::mkfifo(activities.c_str(), 0600), 0);
  EXPECT_EQ(problems_of(folder.path()), "activities.toml:1:1: error: is no regular file; expected one\n");
  fs::remove(activities);
  fs::create_symlink("/dev/zero", activities);
  EXPECT_EQ(problems_of(folder.path()), "activities.toml:1:1: error: is no regular file; expected one\n");
  fs::remove(activities);
  fs::create_symlink("none", activities);
  EXPECT_EQ(problems_of(folder.path()),
            "activities.toml:1:1: error: cannot be read: No such file or directory\n");
  fs::remove(activities);
  folder.write("activities.toml", "# " + std::string(std::size_t{1} << 20U, 'x') + "\n");
  EXPECT_EQ(problems_of(folder.path()), "activities.toml:1:1: error: is over 1 MiB; expected less\n");
}

}  // namespace
}  // namespace rytme::test
