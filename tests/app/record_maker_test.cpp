// SPDX-License-Identifier: Apache-2.0
// One participant's record made beside a room, out of a real journal.
#include "controller/app/record_maker.hpp"

#include <condition_variable>
#include <fstream>
#include <mutex>
#include <optional>

#include <gmock/gmock.h>

#include "tests/review/room_record.hpp"
#include "tests/support/folder.hpp"

namespace rytme::app {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

class RecordMakerTest : public testing::Test {
 protected:
  RecordMakerTest() {
    record_.start("s1", "K7F");
    record_.close();
    fs::copy_file(record_.file(), data_.path() / "journal.sqlite");
  }

  // Waits on another thread's answer, ten seconds at most.
  web::Page made(RecordMaker& maker, const std::string& code) {
    std::mutex mutex;
    std::condition_variable told;
    std::optional<web::Page> page;
    maker.begin(code, [&](web::Page answer) {
      const std::scoped_lock lock(mutex);
      page = std::move(answer);
      told.notify_one();
    });
    std::unique_lock lock(mutex);
    EXPECT_TRUE(told.wait_for(lock, std::chrono::seconds{10}, [&] { return page.has_value(); }));
    return page.value_or(web::Page{});
  }

  review::RoomRecord record_;
  test::Folder data_;
};

TEST_F(RecordMakerTest, TheFileIsThereAsLongAsSomebodyHoldsIt) {
  RecordMaker maker(data_.path());
  auto page = made(maker, "K7F");
  ASSERT_EQ(page.status, 200) << page.body;
  EXPECT_EQ(page.content_type, "application/zip");
  ASSERT_NE(page.file, nullptr);
  const fs::path file = *page.file;
  std::string start(2, ' ');
  std::ifstream(file, std::ios::binary).read(start.data(), 2);
  EXPECT_EQ(start, "PK");
  EXPECT_EQ(fs::status(file.parent_path()).permissions() & fs::perms::others_all, fs::perms::none);
  EXPECT_FALSE(maker.busy());
  page = {};
  EXPECT_FALSE(fs::exists(file));
  EXPECT_TRUE(fs::is_empty(data_.path() / "records"));
}

TEST_F(RecordMakerTest, NobodyByThatCodeIsSaidAndLeavesNothing) {
  RecordMaker maker(data_.path());
  EXPECT_EQ(made(maker, "Q4M").status, 404);
  EXPECT_FALSE(fs::exists(data_.path() / "records"));
}

TEST_F(RecordMakerTest, WhatAnEarlierRunLeftBehindIsGone) {
  fs::create_directories(data_.path() / "records" / "rytme-abc");
  std::ofstream(data_.path() / "records" / "rytme-abc" / "record.zip") << "half";
  const RecordMaker maker(data_.path());
  EXPECT_FALSE(fs::exists(data_.path() / "records"));
}

TEST_F(RecordMakerTest, ThatItCannotBeMadeIsToldWithoutPathsAndNames) {
  RecordMaker maker(data_.path());
  std::ofstream(data_.path() / "records") << "a file where the folder should be";
  const auto page = made(maker, "K7F");
  EXPECT_EQ(page.status, 503);
  EXPECT_THAT(page.body, HasSubstr("the disk does not take it"));
  EXPECT_THAT(page.body, testing::Not(HasSubstr("records")));
  EXPECT_FALSE(maker.busy()) << "the next one is tried anew";
}

}  // namespace
}  // namespace rytme::app
