// SPDX-License-Identifier: Apache-2.0
// The desk's questions arrive as they were asked, and a long body only from who may send one.
#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "tests/web/client.hpp"

namespace rytme::web {
namespace {

using testing::ElementsAre;

std::string head_of(const std::string& token) {
  return (token.empty() ? "" : bearer(token)) + "Content-Type: application/json\r\n";
}

Heard post(House& house, const std::string& path, const boost::json::value& body,
           const std::string& token = "maintainer-token") {
  return house.ask("POST", path, head_of(token), boost::json::serialize(body));
}

TEST(Desk, questions_arrive_as_they_were_asked) {
  House house;
  house.get("/api/v1/settings", "maintainer-token");
  house.get("/api/v1/settings/file?name=presets%2Fp.toml", "maintainer-token");
  house.get("/api/v1/settings/diff?from=yesterday&to=12", "maintainer-token");
  house.get("/api/v1/logs?level=warning&last=50", "maintainer-token");
  post(house, "/api/v1/settings/apply",
       {{"base", "abc"}, {"files", {{"room.toml", "a\nb\n"}, {"presets/p.toml", nullptr}}}});
  post(house, "/api/v1/settings/restore", {{"base", "abc"}, {"version", 7}});
  EXPECT_THAT(house.room.read,
              ElementsAre("desk 0 maintainer ", "desk 1 maintainer presets/p.toml",
                          "desk 7 maintainer yesterday12", "desk 9 maintainer warning 50",
                          "desk 3 maintainer abcpresets/p.toml goesroom.toml=4", "desk 5 maintainer abc 7"));
  EXPECT_EQ(house.get("/api/v1/logs?last=0", "maintainer-token").status, 422);
  EXPECT_EQ(house.get("/api/v1/logs?level=loud", "maintainer-token").status, 422);
}

TEST(Desk, a_long_body_is_read_of_who_may_send_it_and_of_nobody_else) {
  House house;
  const boost::json::value change{{"files", {{"room.toml", std::string(200'000, '\n')}}}};
  EXPECT_EQ(post(house, "/api/v1/settings/check", change).status, 200);
  EXPECT_THAT(house.room.read, ElementsAre("desk 2 maintainer room.toml=200000"));
  for (const char* token : {"", "wrong", "tablet-token", "psychologist-token", "officer-token"})
    EXPECT_EQ(post(house, "/api/v1/settings/check", change, token).status, 413) << token;
  EXPECT_EQ(post(house, "/api/v1/settings/confirm", change).status, 413) << "nor for what needs none";
  const boost::json::value huge{{"files", {{"room.toml", std::string(700'000, 'x')}}}};
  EXPECT_EQ(post(house, "/api/v1/settings/check", huge).status, 413);
  const std::string chunked = "POST /api/v1/settings/check HTTP/1.1\r\nHost: x\r\n" +
                              head_of("tablet-token") + "Transfer-Encoding: chunked\r\n\r\n20000\r\n";
  EXPECT_THAT(house.raw(chunked + std::string(0x20000, 'x')), testing::StartsWith("HTTP/1.1 413"));
  EXPECT_EQ(house.room.read.size(), 1U);
}

}  // namespace
}  // namespace rytme::web
