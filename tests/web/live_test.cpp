// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <malloc.h>

#include "tests/web/client.hpp"

namespace rytme::web {
namespace {

using testing::HasSubstr;

const std::string ask_live = "GET /api/v1/live HTTP/1.1\r\nHost: x\r\n\r\n";

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

TEST(Live, the_whole_room_at_connect_and_at_each_change) {
  House house;
  house.room.now.generation = 41;
  Client viewer(house);
  viewer.send(ask_live);
  ASSERT_TRUE(viewer.until_text("\n\nevent") || viewer.until_text("id: 41\ndata: {\"state\":\"idle\""));
  EXPECT_THAT(viewer.text, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_EQ(house.server.counters().viewers, 1U);
  house.post("/api/v1/session", R"({"preset":"regulate-down"})");
  EXPECT_TRUE(viewer.until_text("event: state\nid: 42\ndata: {\"state\":\"running\""));
}

TEST(Live, a_confirmation_names_who_is_missing) {
  House house;
  Client viewer(house);
  viewer.send(ask_live);
  ASSERT_TRUE(viewer.until_text("event: state"));
  house.server.confirmed({7, {"ceiling"}, {"wall"}});
  EXPECT_TRUE(viewer.until_text(
      "event: confirm\ndata: {\"generation\":7,\"confirmed\":[\"ceiling\"],\"missing\":[\"wall\"]}\n\n"));
}

TEST(Live, many_changes_are_told_as_few_and_the_last_is_told) {
  House house;
  Client viewer(house);
  viewer.send(ask_live);
  ASSERT_TRUE(viewer.until_text("event: state"));
  for (int i = 0; i < 500; ++i) {
    ++house.room.now.generation;
    house.server.changed();
    house.io.poll();
  }
  ASSERT_TRUE(viewer.until_text("id: 500\n"));
  EXPECT_LE(count(viewer.text, "event: state"), 4U);
}

TEST(Live, a_viewer_that_leaves_is_forgotten) {
  House house;
  {
    Client viewer(house);
    viewer.send(ask_live);
    ASSERT_TRUE(viewer.until_text("event: state"));
  }
  EXPECT_TRUE(house.until([&] { return house.server.counters().viewers == 0; }));
  EXPECT_EQ(house.server.counters().connections, 0U);
}

// It never reads: what waits for it is bounded, and it is let go, while the others go on.
TEST(Live, a_viewer_that_does_not_read_is_dropped) {
  House house;
  Client slow(house);
  slow.send(ask_live);
  ASSERT_TRUE(house.until([&] { return house.server.counters().viewers == 1; }));
  Client good(house);
  good.send(ask_live);
  ASSERT_TRUE(good.until_text("event: state"));
  const std::vector<std::string> many(20000, "a-device-with-a-long-name");
  std::uint64_t told = 0;
  while (house.server.counters().viewers == 2 && told < 100) {
    house.server.confirmed({++told, many, {}});
    ASSERT_TRUE(good.until_text("{\"generation\":" + std::to_string(told) + ","));
    good.text.clear();
  }
  EXPECT_EQ(house.server.counters().viewers, 1U);
  EXPECT_EQ(house.server.counters().dropped_viewers, 1U);
  house.server.confirmed({2, {}, {"the-end"}});
  EXPECT_TRUE(good.until_text("the-end"));
}

TEST(Live, viewers_leave_room_for_those_who_ask) {
  Options options = house_options();
  options.max_connections = 4;
  House house(options);
  std::vector<std::unique_ptr<Client>> viewers;
  for (int i = 0; i < 3; ++i) {
    viewers.push_back(std::make_unique<Client>(house));
    viewers.back()->send(ask_live);
    ASSERT_TRUE(viewers.back()->until_text("event: state"));
  }
  EXPECT_EQ(house.get("/api/v1/live").status, 503);
  EXPECT_EQ(house.post("/api/v1/stop", "{}").status, 200);
}

// All blocks that are in use in this process, the viewers' ends included.
std::size_t heap_bytes() { return ::mallinfo2().uordblks; }

TEST(Live, two_hundred_viewers_are_told_again_and_again_without_growth) {
  constexpr std::size_t many = 200;
  Options options = house_options();
  options.max_connections = 272;  // as the daemon has it
  House house(options);
  std::vector<std::unique_ptr<Client>> viewers;
  for (std::size_t i = 0; i < many; ++i) {
    viewers.push_back(std::make_unique<Client>(house));
    viewers.back()->send(ask_live);
  }
  ASSERT_TRUE(house.until([&] { return house.server.counters().viewers == many; }));
  const auto tell_all = [&](int times) {
    for (int i = 0; i < times; ++i) {
      const std::string told = "id: " + std::to_string(++house.room.now.generation) + "\n";
      house.server.changed();
      for (const auto& viewer : viewers) {
        ASSERT_TRUE(viewer->until_text(told));
        viewer->text.clear();
      }
    }
  };
  tell_all(5);  // whatever grows to its size once
  const std::size_t before = heap_bytes();
  tell_all(15);
  const std::size_t after = heap_bytes();
  EXPECT_LE(after, before + many * 64) << "15 states of more than 1 kB to each";
  EXPECT_EQ(house.server.counters().dropped_viewers, 0U);
  viewers.clear();
  EXPECT_TRUE(house.until([&] { return house.server.counters().connections == 0; }));
}

TEST(Live, only_those_who_may_see_the_room) {
  House house;
  EXPECT_EQ(house.get("/api/v1/live", "maintainer-token").status, 403);
  EXPECT_EQ(house.get("/api/v1/live", "officer-token").status, 403);
}

}  // namespace
}  // namespace rytme::web
