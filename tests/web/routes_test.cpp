// SPDX-License-Identifier: Apache-2.0
// Who may ask what, and that the description says exactly what there is.
#include "controller/web/routes.hpp"

#include <set>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "tests/web/client.hpp"

namespace rytme::web {
namespace {

using testing::HasSubstr;

// The access rules as the team agreed them, written apart from the code: one letter per role that may.
// s staff and the room itself, p psychologist, m maintainer, o officer, * anyone.
const std::map<std::string, std::string> agreed{{"GET /", "sp"},
                                                {"GET /assets/{name}", "*"},
                                                {"GET /review", "p"},
                                                {"GET /api/v1/room", "sp"},
                                                {"GET /api/v1/live", "sp"},
                                                {"POST /api/v1/session", "s"},
                                                {"POST /api/v1/session/end", "s"},
                                                {"POST /api/v1/session/resume", "s"},
                                                {"POST /api/v1/session/recording", "s"},
                                                {"POST /api/v1/session/participant", "s"},
                                                {"POST /api/v1/session/withdraw", "s"},
                                                {"POST /api/v1/session/rating", "s"},
                                                {"POST /api/v1/session/activity", "s"},
                                                {"POST /api/v1/session/mark", "s"},
                                                {"POST /api/v1/baseline", "s"},
                                                {"POST /api/v1/wearer", "s"},
                                                {"POST /api/v1/session/follow", "s"},
                                                {"GET /api/v1/participants/{code}/variant", "sp"},
                                                {"POST /api/v1/participants/{code}/variant", "sp"},
                                                {"GET /api/v1/participants/{code}/state-map", "po"},
                                                {"POST /api/v1/participants/{code}/state-map", "p"},
                                                {"GET /api/v1/session/state-map", "s"},
                                                {"GET /api/v1/faults", "spm"},
                                                {"GET /devices", "spm"},
                                                {"GET /card", "spm"},
                                                {"POST /api/v1/stop", "spmo"},
                                                {"POST /api/v1/stop/reset", "s"},
                                                {"POST /api/v1/light", "s"},
                                                {"POST /api/v1/volume", "s"},
                                                {"POST /api/v1/tempo", "s"},
                                                {"POST /api/v1/mute", "s"},
                                                {"POST /api/v1/source", "s"},
                                                {"POST /api/v1/undo", "s"},
                                                {"POST /api/v1/release", "s"},
                                                {"GET /api/v1/sessions", "p"},
                                                {"GET /api/v1/sessions/{id}", "p"},
                                                {"GET /api/v1/sessions/{id}/series", "p"},
                                                {"GET /api/v1/sessions/{id}/summary", "p"},
                                                {"GET /api/v1/sessions/{id}/marks", "p"},
                                                {"GET /api/v1/sessions/{id}/export", "p"},
                                                {"POST /api/v1/sessions/{id}/participant", "po"},
                                                {"DELETE /api/v1/sessions/{id}", "o"},
                                                {"GET /api/v1/participants", "po"},
                                                {"POST /api/v1/participants", "po"},
                                                {"DELETE /api/v1/participants/{code}", "o"},
                                                {"GET /api/v1/participants/{code}/record", "p"},
                                                {"GET /api/v1/participants/{code}/sessions", "p"},
                                                {"GET /api/v1/participants/{code}/changes", "p"},
                                                {"GET /api/v1/participants/{code}/baselines", "p"},
                                                {"GET /api/v1/participants/{code}/days", "p"},
                                                {"GET /api/v1/participants/{code}/access", "po"},
                                                {"GET /api/v1/access", "o"},
                                                {"GET /api/v1/presets", "spmo"},
                                                {"GET /api/v1/activities", "spmo"},
                                                {"GET /api/v1/devices", "m"},
                                                {"GET /api/v1/devices/{id}", "m"},
                                                {"GET /api/v1/devices/{id}/frames", "m"},
                                                {"POST /api/v1/devices/{id}/test", "m"},
                                                {"GET /api/v1/profiles", "m"},
                                                {"GET /api/v1/discovery", "m"},
                                                {"POST /api/v1/discovery", "m"},
                                                {"GET /api/v1/buses/{id}/scan", "m"},
                                                {"POST /api/v1/buses/{id}/scan", "m"},
                                                {"POST /api/v1/faults/silence", "m"},
                                                {"GET /api/v1/openapi.json", "*"},
                                                {"GET /login", "*"},
                                                {"POST /login", "*"},
                                                {"POST /logout", "spmo"},
                                                {"GET /first", "*"},
                                                {"POST /first", "*"},
                                                {"GET /enrol", "*"},
                                                {"POST /enrol", "*"},
                                                {"GET /api/v1/me", "spmo"},
                                                {"GET /api/v1/tablets", "m"},
                                                {"POST /api/v1/tablets", "m"},
                                                {"DELETE /api/v1/tablets/{id}", "m"},
                                                {"GET /api/v1/settings", "m"},
                                                {"GET /api/v1/settings/file", "m"},
                                                {"POST /api/v1/settings/check", "m"},
                                                {"POST /api/v1/settings/apply", "m"},
                                                {"POST /api/v1/settings/confirm", "m"},
                                                {"POST /api/v1/settings/restore", "m"},
                                                {"GET /api/v1/settings/versions", "m"},
                                                {"GET /api/v1/settings/diff", "m"},
                                                {"GET /api/v1/state", "m"},
                                                {"GET /api/v1/logs", "m"},
                                                {"POST /api/v1/backup", "m"},
                                                {"GET /api/v1/support", "m"},
                                                {"GET /metrics", "spmo"},
                                                {"GET /healthz", "*"},
                                                {"GET /readyz", "*"}};

std::string label(const Route& route) {
  return std::string(name_of(route.method)) + " " + std::string(route.path);
}

std::string concrete(std::string path) {
  if (const std::size_t open = path.find('{'); open != std::string::npos)
    path.replace(open, path.find('}') - open + 1, "some-id");
  return path;
}

TEST(Routes, the_table_is_the_agreed_one) {
  std::set<std::string> labels;
  for (const Route& route : routes()) labels.insert(label(route));
  std::set<std::string> wanted;
  for (const auto& [name, roles] : agreed) wanted.insert(name);
  EXPECT_EQ(labels, wanted);
  EXPECT_EQ(labels.size(), routes().size());
}

struct Asker {
  char letter;
  std::string token;
};

// Over a real connection: whoever is not named gets 401 or 403, and it is told.
TEST(Routes, each_role_reaches_what_is_agreed_and_nothing_else) {
  House house;
  const std::array<Asker, 5> askers{{{'s', "tablet-token"},
                                     {'p', "psychologist-token"},
                                     {'m', "maintainer-token"},
                                     {'o', "officer-token"},
                                     {'l', ""}}};
  for (const Route& route : routes()) {
    const std::string& roles = agreed.at(label(route));
    if (route.path == "/api/v1/live") continue;  // it never ends; see live_test
    for (const Asker& asker : askers) {
      const char letter = asker.letter == 'l' ? 's' : asker.letter;
      const bool may = roles == "*" || roles.find(letter) != std::string::npos;
      house.room.refused.clear();
      house.room.clock += std::chrono::seconds(10);
      const std::string head = bearer(asker.token) + "Content-Type: application/json\r\n";
      const Heard heard = house.ask(std::string(name_of(route.method)), concrete(std::string(route.path)),
                                    head, route.method == Method::post ? "{}" : "");
      // A page sends whoever proved nothing to the log-in.
      const bool to_log_in = heard.status == 303 && heard.headers.at("location").starts_with("/login");
      const bool refused = heard.status == 401 || heard.status == 403 || to_log_in;
      EXPECT_EQ(!refused, may) << label(route) << " by " << asker.letter << ": " << heard.status;
      if (may || to_log_in) continue;
      EXPECT_EQ(heard.status, asker.letter == 'l' ? 401 : 403);
      EXPECT_EQ(heard.headers.at("content-type"), "application/problem+json");
      EXPECT_EQ(house.room.refused.size(), 1U);
    }
  }
}

TEST(Routes, a_refusal_is_told_with_its_actor_and_whom_it_was_about) {
  House house;
  house.get("/api/v1/sessions");
  house.get("/api/v1/sessions/s-1", "tablet-token");
  house.get("/api/v1/access?participant=K7F", "psychologist-token");
  house.get("/api/v1/devices", "wrong");
  EXPECT_THAT(house.room.refused,
              testing::ElementsAre("GET /api/v1/sessions local", "GET /api/v1/sessions/{id} tablet s-1",
                                   "GET /api/v1/access psychologist K7F", "GET /api/v1/devices unknown"));
  EXPECT_TRUE(house.room.read.empty());
}

TEST(Routes, who_knocks_a_thousand_times_is_told_some_of_them) {
  House house;
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(house.get("/api/v1/sessions").status, 401);
  EXPECT_GE(house.room.refused.size(), 10U);
  EXPECT_LE(house.room.refused.size(), 30U);
}

TEST(Routes, what_is_not_in_the_table_is_refused) {
  House house;
  for (const char* path :
       {"/api/v1/rooms", "/api/v1", "/api/v1/room/", "//", "/assets/", "/assets/../x", "/reviews",
        "/assets/%2e%2e%2fpasswd", "/api/v1/sessions/a/b", "/../../etc/passwd"})
    EXPECT_EQ(house.get(path, "psychologist-token").status, 404) << path;
  const Heard wrong = house.ask("DELETE", "/api/v1/room");
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.at("allow"), "GET");
  EXPECT_EQ(house.get("/api/v1/stop").status, 405);
  EXPECT_EQ(house.ask("OPTIONS", "/api/v1/stop").status, 405);
}

TEST(Routes, openapi_describes_exactly_the_table) {
  House house;
  const Heard heard = house.get("/api/v1/openapi.json");
  ASSERT_EQ(heard.status, 200);
  const boost::json::value api = boost::json::parse(heard.body);
  EXPECT_EQ(api.at("openapi"), "3.1.0");
  std::map<std::string, std::string> described;
  for (const auto& path : api.at("paths").as_object())
    for (const auto& operation : path.value().as_object()) {
      std::string roles;
      for (const auto& role : operation.value().at("x-roles").as_array()) roles += role.as_string().front();
      const std::string method = operation.key() == "get"    ? "GET "
                                 : operation.key() == "post" ? "POST "
                                                             : "DELETE ";
      described[method + std::string(path.key())] = roles.empty() ? "*" : roles;
    }
  EXPECT_EQ(described, agreed);
}

// A body made from the description alone is accepted, and one with a required field left out is not.
TEST(Routes, bodies_made_from_openapi_are_understood) {
  House house;
  const boost::json::value api = boost::json::parse(house.get("/api/v1/openapi.json").body);
  for (const auto& path : api.at("paths").as_object()) {
    const auto* post = path.value().as_object().if_contains("post");
    if (post == nullptr || !path.key().starts_with("/api/")) continue;  // log-in and the like: people_test
    const auto& schema =
        post->at("requestBody").at("content").at("application/json").at("schema").as_object();
    boost::json::object body;
    for (const auto& property : schema.at("properties").as_object()) {
      const auto& kind = property.value().as_object();
      if (kind.contains("enum"))
        body[property.key()] = kind.at("enum").as_array().front();
      else if (kind.at("type") == "number")
        body[property.key()] = kind.at("minimum");
      else if (kind.at("type") == "boolean")
        body[property.key()] = true;
      else if (kind.at("type") == "object")
        body[property.key()] = {{"room.toml", "line\n"}};
      else
        body[property.key()] = "quiet";
    }
    const auto& roles = post->at("x-roles").as_array();
    if (path.key() == "/api/v1/tablets") continue;  // people_test
    const bool by_staff = roles.empty() || roles.front() == "staff";
    const std::string token = by_staff                                               ? ""
                              : roles.front() == "maintainer"                        ? "maintainer-token"
                              : roles.front() == "psychologist" && roles.size() == 1 ? "psychologist-token"
                              : roles.front() == "maintainer"                        ? "maintainer-token"
                                                                                     : "officer-token";
    const std::string head = (token.empty() ? "" : bearer(token)) + "Content-Type: application/json\r\n";
    const std::string where = concrete(std::string(path.key()));
    const Heard full = house.ask("POST", where, head, boost::json::serialize(body));
    EXPECT_THAT(full.status, testing::AnyOf(200, 201, 202, 409)) << path.key() << full.body;
    if (!schema.contains("required")) continue;
    const auto& needed = schema.at("required").as_array().front().as_string();
    body.erase(needed);
    const Heard partial = house.ask("POST", where, head, boost::json::serialize(body));
    EXPECT_EQ(partial.status, 422) << path.key();
    EXPECT_THAT(partial.body, HasSubstr(std::string(needed)));
  }
}

TEST(Routes, a_pattern_takes_plain_names_only) {
  std::string id;
  EXPECT_TRUE(matches("/s/{id}/export", "/s/A-1_b.c/export", id));
  EXPECT_EQ(id, "A-1_b.c");
  for (const std::string path :
       {"/s//export", "/s/a b/export", "/s/a/b/export", "/s/å/export", "/s/a/exports"})
    EXPECT_FALSE(matches("/s/{id}/export", path, id)) << path;
  EXPECT_FALSE(matches("/s/{id}", "/s/" + std::string(65, 'a'), id));
  EXPECT_FALSE(matches("/s/{id}/export", "/s/export", id));
}

}  // namespace
}  // namespace rytme::web
