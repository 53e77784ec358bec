// SPDX-License-Identifier: Apache-2.0
#include "controller/desk/versions.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "tests/support/folder.hpp"

namespace rytme::desk {
namespace {

using test::Folder;

Version version(std::int64_t at_s, Files files) {
  return {0, at_s, "user-K7FW", "applied", {}, std::move(files)};
}

TEST(Versions, the_last_twenty_are_kept_with_what_changed_and_by_whom) {
  Folder data;
  Versions versions(data.path());
  EXPECT_FALSE(versions.newest());
  for (int i = 1; i <= 25; ++i)
    EXPECT_EQ(versions.keep(version(i, {{"room.toml", std::to_string(i)}, {"same", "s"}})), i);
  const auto all = Versions(data.path()).all();
  ASSERT_EQ(all.size(), 20U);
  EXPECT_EQ(all.front().number, 25);
  EXPECT_EQ(all.back().number, 6);
  EXPECT_EQ(all.front().by, "user-K7FW");
  EXPECT_THAT(all.front().changed, testing::ElementsAre("room.toml"));
  EXPECT_EQ(versions.numbered(7)->files.at("room.toml"), "7");
  EXPECT_FALSE(versions.numbered(5));
  EXPECT_EQ(versions.keep(version(99, all.front().files)), 25) << "the same again is no new one";
}

TEST(Versions, keep_texts_as_they_are_and_pass_over_what_cannot_be_read) {
  Folder data;
  Versions versions(data.path());
  const Files odd{{"room.toml", std::string("\xff\0 \"\\\r\n", 7)}};
  versions.keep(version(1, odd));
  EXPECT_EQ(versions.newest()->files, odd);
  std::ofstream(data / "settings/000002.version") << "{ torn";
  EXPECT_EQ(versions.newest()->number, 1);
  EXPECT_EQ(versions.keep(version(3, {{"a", "b"}})), 3);
}

TEST(Versions, yesterday_is_what_was_in_force_a_day_ago) {
  constexpr std::int64_t now_s = 1'800'000'000, hour_s = 3600;
  Folder data;
  Versions versions(data.path());
  EXPECT_FALSE(versions.of_yesterday(now_s));
  versions.keep(version(now_s - 100 * hour_s, {{"a", "1"}}));
  versions.keep(version(now_s - 30 * hour_s, {{"a", "2"}}));
  versions.keep(version(now_s - 2 * hour_s, {{"a", "3"}}));
  EXPECT_EQ(versions.of_yesterday(now_s)->number, 2);
  EXPECT_EQ(versions.of_yesterday(now_s - 99 * hour_s)->number, 1) << "as far back as is known";
}

}  // namespace
}  // namespace rytme::desk
