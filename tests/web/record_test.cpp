// SPDX-License-Identifier: Apache-2.0
// An answer that is a file: sent in pieces, and gone when nobody holds it any more.
#include <fstream>

#include <gmock/gmock.h>

#include "tests/support/folder.hpp"
#include "tests/web/client.hpp"

namespace rytme::web {
namespace {

using testing::ElementsAre;

char byte_at(std::size_t i) { return static_cast<char>(i * 31 + i / 1000); }

// A file that goes when nobody holds it any more.
std::shared_ptr<const std::filesystem::path> file_of(std::size_t bytes) {
  struct Held {
    test::Folder folder;
    std::filesystem::path file{folder / "K7F.zip"};
  };
  const auto held = std::make_shared<const Held>();
  std::string all(bytes, ' ');
  for (std::size_t i = 0; i < bytes; ++i) all[i] = byte_at(i);
  std::ofstream(held->file, std::ios::binary) << all;
  return {held, &held->file};
}

constexpr std::size_t much = 20'000'000;  // bytes: more than sockets hold, so that it goes in pieces

TEST(Record, a_record_is_sent_from_its_file_which_is_then_let_go) {
  House house;
  house.room.made = file_of(much);
  const std::filesystem::path file = *house.room.made;
  const Heard record = house.get("/api/v1/participants/K7F/record", "psychologist-token");
  EXPECT_EQ(record.status, 200);
  EXPECT_EQ(record.headers.at("content-type"), "application/zip");
  EXPECT_EQ(record.headers.at("cache-control"), "no-store");
  ASSERT_EQ(record.body.size(), much);
  for (std::size_t i = 0; i < much; ++i) ASSERT_EQ(record.body[i], byte_at(i)) << i;
  EXPECT_FALSE(std::filesystem::exists(file));
  EXPECT_THAT(house.room.read, ElementsAre("record psychologist K7F"));
}

TEST(Record, of_a_record_only_the_head_is_sent_when_only_that_is_asked) {
  House house;
  house.room.made = file_of(1000);
  const std::filesystem::path file = *house.room.made;
  const Heard head = house.ask("HEAD", "/api/v1/participants/K7F/record", bearer("psychologist-token"));
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "1000");
  EXPECT_EQ(head.body, "");
  EXPECT_FALSE(std::filesystem::exists(file));
}

TEST(Record, who_goes_away_while_a_record_is_sent_leaves_no_file) {
  House house;
  house.room.made = file_of(much);
  const std::filesystem::path file = *house.room.made;
  {
    Client client(house);
    client.send("GET /api/v1/participants/K7F/record HTTP/1.1\r\nHost: localhost\r\n" +
                bearer("psychologist-token") + "\r\n");
    ASSERT_TRUE(client.until_text("Content-Length: 20000000"));
  }
  EXPECT_TRUE(house.until([&] { return !std::filesystem::exists(file); }));
}

TEST(Record, a_file_that_is_gone_is_an_error_and_not_silence) {
  House house;
  house.room.made = std::make_shared<const std::filesystem::path>("/nowhere/record.zip");
  EXPECT_EQ(house.get("/api/v1/participants/K7F/record", "psychologist-token").status, 500);
}

}  // namespace
}  // namespace rytme::web
