// SPDX-License-Identifier: Apache-2.0
#include "controller/desk/settings_files.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/support/folder.hpp"

namespace rytme::desk {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::Folder;

TEST(SettingsFiles, secrets_and_ways_out_are_never_editable) {
  for (const char* name : {"room.toml", "activities.toml", "player.toml", "presets/a-1.toml",
                           "profiles/wirenboard-wb-mdm3.toml", "mosquitto/mosquitto.conf", "mosquitto/acl"})
    EXPECT_TRUE(is_editable(name)) << name;
  for (const char* name : {"",
                           "tokens.toml",
                           "broker.password",
                           "simulator.passwords",
                           "mosquitto/passwords",
                           "mosquitto/room.key",
                           "room.key",
                           "ca.pem",
                           "presets/",
                           "presets/.toml",
                           "presets/.hidden.toml",
                           "presets/../room.toml",
                           "presets/a/b.toml",
                           "../room.toml",
                           "/etc/passwd",
                           "presets/a b.toml",
                           "presets/å.toml",
                           "presets/a.toml.part-1",
                           "profiles/x.toml/",
                           "Room.toml",
                           "room.toml\n"})
    EXPECT_FALSE(is_editable(name)) << name;
  EXPECT_FALSE(is_editable("presets/" + std::string(80, 'a') + ".toml"));
}

struct SettingsFolder : testing::Test {
  SettingsFolder() {
    folder.write("room.toml", "a = 1\n");
    folder.write("presets/p.toml", "p\n");
    folder.write("broker.password", "hunter2\n");
    folder.write("tokens.toml", "x = \"y\"\n");
  }
  void put(const Files& wanted) {
    put_files(folder.path(), wanted, [this] { ++steps; });
  }
  Folder folder;
  int steps{};
};

TEST_F(SettingsFolder, is_read_without_its_secrets_links_and_what_is_too_large) {
  folder.write("profiles/large.toml", std::string(longest_file + 1, 'x'));
  fs::create_symlink(folder / "broker.password", folder / "profiles/link.toml");
  const Files files = read_files(folder.path());
  EXPECT_THAT(files, testing::ElementsAre(testing::Pair("presets/p.toml", "p\n"),
                                          testing::Pair("room.toml", "a = 1\n")));
  const auto rows = rows_of(folder.path(), files);
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[1].bytes, 6U);
  EXPECT_EQ(rows[1].hash, hash_of(std::string_view("a = 1\n")));
  EXPECT_GT(rows[1].modified_s, 1'600'000'000);
}

TEST_F(SettingsFolder, becomes_what_is_wanted_and_what_is_right_is_not_touched) {
  ::chmod((folder / "room.toml").c_str(), 0644);
  fs::create_directories(folder / "profiles");
  put({{"room.toml", "a = 2\n"}, {"profiles/new.toml", "n\n"}});
  EXPECT_EQ(steps, 3);
  EXPECT_THAT(read_files(folder.path()), testing::ElementsAre(testing::Pair("profiles/new.toml", "n\n"),
                                                              testing::Pair("room.toml", "a = 2\n")));
  EXPECT_EQ(content_of(folder / "broker.password"), "hunter2\n");
  EXPECT_EQ(fs::status(folder / "room.toml").permissions(), fs::perms(0644)) << "others may still read it";
  put({{"room.toml", "a = 2\n"}, {"profiles/new.toml", "n\n"}});
  EXPECT_EQ(steps, 3);
  for (const auto& entry : fs::recursive_directory_iterator(folder.path()))
    EXPECT_NE(entry.path().extension(), ".new") << entry.path();
}

TEST_F(SettingsFolder, a_folder_that_cannot_be_written_is_told) {
  EXPECT_EQ(why_not_writable(folder.path()), "");
  if (::geteuid() == 0) GTEST_SKIP() << "root may write anywhere";
  ::chmod(folder.path().c_str(), 0555);
  EXPECT_THAT(why_not_writable(folder.path()), testing::HasSubstr("denied"));
  EXPECT_THROW(put({{"room.toml", "b\n"}}), std::runtime_error);
  ::chmod(folder.path().c_str(), 0755);
}

TEST(SettingsFiles, a_hash_tells_names_and_texts_apart) {
  const Files one{{"a", "bc"}}, other{{"ab", "c"}}, third{{"a", "b"}, {"c", ""}};
  EXPECT_NE(hash_of(one), hash_of(other));
  EXPECT_NE(hash_of(one), hash_of(third));
  EXPECT_EQ(hash_of(one).size(), 32U);
  EXPECT_THAT(changed_between(one, third), testing::ElementsAre("a", "c"));
  EXPECT_EQ(with(one, {{"a", std::nullopt}, {"x", "y"}}), (Files{{"x", "y"}}));
}

}  // namespace
}  // namespace rytme::desk
