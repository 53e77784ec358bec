// SPDX-License-Identifier: Apache-2.0
// What each route does, over a real connection.
#include <algorithm>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "tests/web/client.hpp"

namespace rytme::web {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

boost::json::value json(const Heard& heard) { return boost::json::parse(heard.body); }

TEST(Api, a_session_from_start_to_ready_again) {
  House house;
  const Heard started = house.post("/api/v1/session", R"({"preset":"regulate-down","recording":true})");
  EXPECT_EQ(started.status, 201);
  EXPECT_EQ(json(started).at("id"), "s-1");
  EXPECT_EQ(json(house.get("/api/v1/room")).at("state"), "running");
  EXPECT_EQ(json(house.get("/api/v1/room")).at("recording"), true);
  EXPECT_EQ(house.post("/api/v1/session", R"({"preset":"regulate-up"})").status, 409);
  const Heard stopped = house.post("/api/v1/stop", "{}");
  EXPECT_EQ(stopped.status, 200);
  EXPECT_EQ(json(stopped).at("devices"), 12);
  EXPECT_EQ(json(stopped).at("generation"), 3);
  EXPECT_EQ(house.post("/api/v1/session", R"({"preset":"regulate-up"})").status, 409);
  EXPECT_EQ(house.post("/api/v1/stop/reset", "").status, 200);
  EXPECT_EQ(json(house.get("/api/v1/room")).at("state"), "idle");
}

TEST(Api, a_request_carries_its_actor_origin_and_expiry) {
  House house;
  house.room.clock = Instant(std::chrono::seconds(100));
  house.post("/api/v1/stop", "{}");
  house.post("/api/v1/light", R"({"level":0.3,"cct_k":2700})", "tablet-token");
  ASSERT_EQ(house.room.asked.size(), 2U);
  EXPECT_EQ(house.room.asked[0].origin, "http:local");
  EXPECT_EQ(house.room.asked[0].actor.kind, ActorKind::local);
  EXPECT_EQ(house.room.asked[0].expires, Instant(std::chrono::seconds(102)));
  EXPECT_EQ(house.room.asked[1].origin, "http:tablet");
  EXPECT_EQ(house.room.asked[1].actor.kind, ActorKind::tablet);
  const auto& light = std::get<request::SetLight>(house.room.asked[1].what);
  EXPECT_EQ(light.level, 0.3);
  EXPECT_EQ(light.cct_k, 2700);
}

TEST(Api, every_field_reaches_the_room) {
  House house;
  house.post("/api/v1/session/rating",
             R"({"whose":"participant","by":"staff","when":"before","state":"alarm"})");
  house.post("/api/v1/session", R"({"preset":"regulate-down","participant":"K7F","recording":false})");
  house.post("/api/v1/session/participant", R"({"code":"M2X"})");
  house.post("/api/v1/release", R"({"channel":"tempo"})");
  house.post("/api/v1/tempo", R"({"bpm":60})");
  house.post("/api/v1/source", R"({"id":"silence"})");
  ASSERT_EQ(house.room.asked.size(), 6U);
  const auto& rate = std::get<request::Rate>(house.room.asked[0].what);
  EXPECT_THAT((std::vector{rate.whose, rate.by, rate.when, rate.state}),
              ElementsAre("participant", "staff", "before", "alarm"));
  const auto& start = std::get<request::StartSession>(house.room.asked[1].what);
  EXPECT_EQ(start.participant, "K7F");
  EXPECT_EQ(start.recording, false);
  EXPECT_EQ(std::get<request::SetParticipant>(house.room.asked[2].what).code, "M2X");
  EXPECT_EQ(std::get<request::Release>(house.room.asked[3].what).channel, "tempo");
  EXPECT_EQ(std::get<request::SetTempo>(house.room.asked[4].what).bpm, 60);
  EXPECT_EQ(std::get<request::SetSource>(house.room.asked[5].what).id, "silence");
}

TEST(Api, verdicts_become_answers) {
  House house;
  EXPECT_EQ(house.post("/api/v1/session", R"({"preset":"nothing"})").status, 404);
  EXPECT_EQ(house.post("/api/v1/tempo", R"({"bpm":130})").status, 422);
  EXPECT_EQ(house.post("/api/v1/undo", "{}").status, 409);
  EXPECT_EQ(json(house.post("/api/v1/undo", "{}")).at("status"), 409);
}

TEST(Api, a_form_is_answered_with_the_page) {
  House house;
  const Heard started = house.post_form("/api/v1/session", "preset=regulate-down");
  EXPECT_EQ(started.status, 303);
  EXPECT_EQ(started.headers.at("location"), "/");
  EXPECT_EQ(started.headers.at("content-length"), "0");
  EXPECT_EQ(house.room.now.mode, RoomMode::running);
  EXPECT_EQ(house.post_form("/api/v1/session?lang=en", "preset=regulate-up").headers.at("location"),
            "/?lang=en&said=conflict");
  EXPECT_EQ(house.post_form("/api/v1/stop?lang=%0d%0aX:1", "").headers.at("location"), "/");
  EXPECT_EQ(house.room.now.mode, RoomMode::stopped);
}

TEST(Api, a_foreign_page_commands_nothing) {
  House house;
  const std::string form = "preset=regulate-down";
  EXPECT_EQ(house.post_form("/api/v1/session", form, "Sec-Fetch-Site: cross-site\r\n").status, 403);
  EXPECT_EQ(house.post_form("/api/v1/session", form, "Origin: http://evil.example\r\n").status, 403);
  EXPECT_EQ(house.ask("POST", "/api/v1/session", "Content-Type: text/plain\r\n", form).status, 415);
  EXPECT_TRUE(house.room.asked.empty());
  EXPECT_EQ(
      house.post_form("/api/v1/session", form, "Origin: null\r\nSec-Fetch-Site: same-origin\r\n").status,
      303);
  EXPECT_EQ(house.room.asked.size(), 1U);
}

TEST(Api, the_officer_erases_and_whose_a_session_was_is_corrected) {
  House house;
  const std::string json = bearer("officer-token") + "Content-Type: application/json\r\n";
  EXPECT_EQ(house.ask("DELETE", "/api/v1/sessions/s-1", bearer("officer-token"), "").status, 202);
  EXPECT_EQ(house.ask("DELETE", "/api/v1/participants/K7F", bearer("officer-token"), "").status, 202);
  EXPECT_EQ(house.ask("POST", "/api/v1/sessions/s-1/participant", json, R"({"code":"Q4M"})").status, 200);
  EXPECT_EQ(house.ask("POST", "/api/v1/sessions/s-1/participant", json, "{}").status, 422);
  EXPECT_EQ(house.ask("POST", "/api/v1/participants", json, "{}").status, 201);
  EXPECT_EQ(house.ask("DELETE", "/api/v1/sessions", bearer("officer-token"), "").status, 405);
  EXPECT_EQ(house.ask("DELETE", "/api/v1/participants/..%2f", bearer("officer-token"), "").status, 404);
  EXPECT_EQ(house.room.read,
            (std::vector<std::string>{"erase session officer s-1", "erase participant officer K7F",
                                      "correct officer s-1 Q4M", "add officer"}));
}

TEST(Api, history_is_for_the_psychologist_with_the_reason_told) {
  House house;
  const Heard list = house.ask("GET", "/api/v1/sessions?participant=K7F&from=2026-01-01",
                               bearer("psychologist-token") + "X-Rytme-Reason: review\r\n");
  EXPECT_EQ(list.status, 200);
  EXPECT_EQ(house.get("/api/v1/sessions/s-1", "psychologist-token").body, R"({"id":"s-1"})");
  const Heard csv = house.get("/api/v1/sessions/s-1/export?format=csv", "psychologist-token");
  EXPECT_EQ(csv.headers.at("content-type"), "text/csv; charset=utf-8");
  EXPECT_THAT(house.room.read, ElementsAre("sessions psychologist review 2", "session psychologist s-1",
                                           "export psychologist s-1 csv,"));
  house.room.read.clear();
  for (const std::string form : {"pdf", "edf", "csv&separator=%3B"})
    EXPECT_EQ(house.get("/api/v1/sessions/s-1/export?format=" + form, "psychologist-token").status, 200);
  EXPECT_THAT(house.room.read, ElementsAre("export psychologist s-1 pdf,", "export psychologist s-1 edf,",
                                           "export psychologist s-1 csv;"));
  EXPECT_EQ(house.get("/api/v1/sessions/s-1/export?format=csv&separator=x", "psychologist-token").status,
            422);
  EXPECT_EQ(house.get("/api/v1/sessions/s-1/export?format=exe", "psychologist-token").status, 422);
}

TEST(Api, the_officer_asks_who_looked) {
  House house;
  const auto get = [&](const std::string& query) {
    return house.get("/api/v1/access" + query, "officer-token");
  };
  EXPECT_EQ(get("").body, R"({"entries":[],"next":null})");
  EXPECT_EQ(
      get("?participant=K7F&session=s-1&from=2026-01-01&to=2026-02-01T10:00Z&cursor=4711&limit=1000").status,
      200);
  EXPECT_THAT(house.room.read, ElementsAre("access officer     - -",
                                           "access officer K7F s-1 2026-01-01 2026-02-01T10:00Z 4711 1000"));
  for (const auto& [query, field] : std::map<std::string, std::string>{{"?from=yesterday", "from"},
                                                                       {"?from=2026", "from"},
                                                                       {"?to=2026-11-31T24:00", "to"},
                                                                       {"?limit=0", "limit"},
                                                                       {"?limit=1001", "limit"},
                                                                       {"?cursor=next", "cursor"},
                                                                       {"?whose=K7F", "whose"}}) {
    const Heard heard = get(query);
    EXPECT_EQ(heard.status, 422) << query;
    EXPECT_THAT(heard.body, HasSubstr("\"field\":\"" + field + "\"")) << query;
  }
  EXPECT_EQ(house.room.read.size(), 2U) << "what is refused is not asked";
}

TEST(Api, a_psychologist_asks_for_curves_and_comparisons) {
  House house;
  const auto get = [&](const std::string& path) { return house.get(path, "psychologist-token").status; };
  EXPECT_EQ(get("/api/v1/sessions/s-1/series?names=hr.bpm,light.level.commanded&from=12.5&points=500"), 200);
  EXPECT_EQ(get("/api/v1/sessions/s-1/summary"), 200);
  EXPECT_EQ(get("/api/v1/participants/K7F/sessions?aligned=start&last=5"), 200);
  EXPECT_EQ(get("/api/v1/participants/K7F/sessions"), 200);
  EXPECT_EQ(get("/api/v1/participants/K7F/changes"), 200);
  EXPECT_EQ(get("/api/v1/participants/K7F/baselines"), 200);
  EXPECT_EQ(get("/api/v1/sessions/s-1/marks"), 200);
  EXPECT_EQ(get("/api/v1/participants/K7F/days?last=3"), 200);
  EXPECT_THAT(house.room.read,
              ElementsAre("review 0 psychologist s-1 hr.bpm,light.level.commanded 12.5 500 -",
                          "review 1 psychologist s-1   - -", "review 2 psychologist K7F   - 5",
                          "sessions psychologist  1", "review 3 psychologist K7F   - -",
                          "review 4 psychologist K7F   - -", "review 5 psychologist s-1   - -",
                          "review 6 psychologist K7F   - 3"));
}

TEST(Api, what_a_question_must_not_hold_is_named) {
  House house;
  for (const auto& [query, field] : std::map<std::string, std::string>{
           {"/api/v1/sessions/s-1/series", "names"},
           {"/api/v1/sessions/s-1/series?names=hr.bpm&points=4001", "points"},
           {"/api/v1/sessions/s-1/series?names=hr.bpm&points=0", "points"},
           {"/api/v1/sessions/s-1/series?names=hr.bpm&points=many", "points"},
           {"/api/v1/sessions/s-1/series?names=hr.bpm&smooth=1", "smooth"},
           {"/api/v1/participants/K7F/sessions?aligned=phase", "aligned"},
           {"/api/v1/participants/K7F/sessions?aligned=start&last=51", "last"}}) {
    const Heard heard = house.get(query, "psychologist-token");
    EXPECT_EQ(heard.status, 422) << query;
    EXPECT_EQ(heard.headers.at("content-type"), "application/problem+json");
    EXPECT_THAT(heard.body, HasSubstr("\"field\":\"" + field + "\"")) << query;
  }
  EXPECT_TRUE(house.room.read.empty());
}

TEST(Api, faults_say_what_happens_and_what_is_there_now) {
  House house;
  const auto row = json(house.get("/api/v1/faults")).as_array().at(0);
  EXPECT_EQ(row.at("fault"), "heart_unknown");
  EXPECT_EQ(row.at("steps").as_array().at(1).at("response"), "baseline");
  EXPECT_EQ(row.at("now").as_array().at(0).at("since_s"), 12);
}

TEST(Api, a_variant_is_read_by_code_and_set_whole) {
  House house;
  EXPECT_EQ(house.get("/api/v1/participants/K7F/variant", "psychologist-token").status, 200);
  EXPECT_THAT(house.room.read, testing::ElementsAre("variant psychologist K7F"));
  EXPECT_EQ(house.post("/api/v1/participants/K7F/variant", R"({"rhythm":true,"minutes":8})").status, 200);
  const auto& asked = std::get<request::SetVariant>(house.room.asked.back().what);
  EXPECT_EQ(asked.participant, "K7F");
  EXPECT_TRUE(asked.variant.rhythm);
  EXPECT_FALSE(asked.variant.red) << "what is left out is not allowed";
  EXPECT_EQ(asked.variant.minutes, 8);
  EXPECT_EQ(house.post("/api/v1/participants/K7F/variant", R"({"tempo_bpm":300})").status, 422);
}

TEST(Api, a_state_map_is_written_a_row_at_a_time_within_bounds) {
  House house;
  const std::string path = "/api/v1/participants/K7F/state-map";
  EXPECT_EQ(house.get(path, "officer-token").status, 200);
  EXPECT_EQ(house.post(path, R"({"state":"alarm","helps":"ball"})", "psychologist-token").status, 200);
  EXPECT_THAT(house.room.read,
              testing::ElementsAre("state map officer K7F", "row psychologist K7F alarm ball"));
  const std::string long_text(111, 'x');
  for (const std::string& body :
       {std::string(R"({"state":"dont_know","helps":"x"})"), std::string(R"({"helps":"x"})"),
        R"({"state":"alarm","helps":")" + long_text + "\"}"})
    EXPECT_EQ(house.post(path, body, "psychologist-token").status, 422) << body;
  EXPECT_EQ(house.post(path, R"({"state":"alarm"})", "tablet-token").status, 403) << "a tablet does not edit";
  EXPECT_EQ(house.get(path, "tablet-token").status, 403) << "nor does it choose whose map it reads";
  EXPECT_EQ(house.get("/api/v1/session/state-map", "tablet-token").status, 200);
  EXPECT_EQ(house.get("/api/v1/session/state-map", "psychologist-token").status, 403);
}

// A weak network may hold a request back; the page says when it was made, by the controller's clock.
TEST(Api, a_request_is_as_old_as_it_is_and_never_newer_than_its_arrival) {
  House house;
  house.room.clock = Instant{} + std::chrono::seconds(1000);
  const auto expires = [&](const std::string& query) {
    house.post("/api/v1/light" + query, R"({"level":0.3})");
    return seconds_between(Instant{}, house.room.asked.back().expires);
  };
  EXPECT_DOUBLE_EQ(expires(""), 1002);
  EXPECT_DOUBLE_EQ(expires("?made=999.5"), 1001.5);
  EXPECT_DOUBLE_EQ(expires("?made=990"), 992) << "older than 2 s: the room refuses it as late";
  EXPECT_DOUBLE_EQ(expires("?made=1600"), 1002);
  for (const char* nonsense : {"?made=", "?made=-5", "?made=nan", "?made=99x"})
    EXPECT_DOUBLE_EQ(expires(nonsense), 1002) << nonsense;
}

TEST(Api, following_is_asked_one_thing_at_a_time) {
  House house;
  house.post("/api/v1/session/follow", R"({"swing":true})");
  const auto& asked = std::get<request::SetFollow>(house.room.asked.back().what);
  EXPECT_EQ(asked.swing, true);
  EXPECT_FALSE(asked.pace);
}

TEST(Api, lists_health_and_counters) {
  House house;
  EXPECT_EQ(json(house.get("/api/v1/presets")).as_array().at(2).at("name").at("en"), "Quiet");
  EXPECT_EQ(json(house.get("/api/v1/activities")).as_array().at(0).at("id"), "bubbles");
  EXPECT_EQ(json(house.get("/api/v1/devices", "maintainer-token")).as_array().size(), 2U);
  EXPECT_EQ(house.get("/metrics").body, "rytme_up 1\n");
  EXPECT_EQ(house.get("/healthz").status, 200);
  EXPECT_EQ(house.get("/readyz").status, 200);
  house.room.ready = house.room.healthy = false;
  EXPECT_EQ(house.get("/healthz").status, 503);
  EXPECT_EQ(house.get("/readyz").status, 503);
}

TEST(Api, every_answer_is_dressed) {
  House house;
  for (const char* path : {"/", "/api/v1/room", "/nothing", "/healthz"}) {
    const Heard heard = house.get(path);
    const std::string policy = heard.headers.at("content-security-policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
    EXPECT_THAT(policy, testing::Not(HasSubstr("unsafe")));
    EXPECT_EQ(heard.headers.at("x-content-type-options"), "nosniff");
    EXPECT_EQ(heard.headers.at("referrer-policy"), "no-referrer");
    EXPECT_EQ(heard.headers.at("cache-control"), "no-store");
  }
}

TEST(Api, head_is_get_without_a_body) {
  House house;
  const Heard head = house.ask("HEAD", "/healthz");
  EXPECT_EQ(head.status, 200);
  EXPECT_EQ(head.headers.at("content-length"), "3");
  EXPECT_EQ(head.body, "");
}

TEST(Api, a_flood_is_slowed_but_never_what_makes_a_room_quieter) {
  House house;
  bool slowed = false;
  for (int i = 0; i < 300 && !slowed; ++i)
    slowed = house.post("/api/v1/volume", R"({"level":0.5})").status == 429;
  EXPECT_TRUE(slowed);
  EXPECT_EQ(house.post("/api/v1/stop", "{}").status, 200);
  EXPECT_EQ(house.post("/api/v1/mute", R"({"on":true})").status, 200);
  EXPECT_NE(house.post("/api/v1/stop/reset", "{}").status, 429);
  house.room.clock += std::chrono::seconds(1);
  EXPECT_EQ(house.post("/api/v1/volume", R"({"level":0.5})").status, 200);
}

TEST(Api, a_stop_is_taken_whatever_its_body_says) {
  House house;
  EXPECT_EQ(house.post("/api/v1/stop", R"({"x":1})").status, 200);
  EXPECT_EQ(house.post("/api/v1/stop", "no json at all").status, 200);
}

TEST(Api, a_bound_that_is_no_time_is_told_by_its_field) {
  House house;
  for (const char* wrong : {"garbage", "2026-13-01", "2026-11-24T25:00", "2026-11-24 10:00"}) {
    std::string target = std::string("/api/v1/sessions?from=") + wrong;
    std::replace(target.begin(), target.end(), ' ', '+');
    EXPECT_EQ(house.get(target, "psychologist-token").status, 422) << wrong;
  }
  for (const char* right : {"2026-11-24", "2026-11-24T10:00:00Z", "2026-11-24T10:00:00.5%2B01:00"})
    EXPECT_EQ(house.get(std::string("/api/v1/sessions?to=") + right, "psychologist-token").status, 200)
        << right;
}

TEST(Api, guessing_tokens_is_slowed) {
  House house;
  int last = 0;
  for (int i = 0; i < 12; ++i) last = house.get("/api/v1/devices", "guess" + std::to_string(i)).status;
  EXPECT_EQ(last, 429);
  EXPECT_EQ(house.get("/api/v1/devices", "maintainer-token").status, 200);
}

}  // namespace
}  // namespace rytme::web
