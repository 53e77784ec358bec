// SPDX-License-Identifier: Apache-2.0
// Log-in, log-out, first account and enrolment as a browser without script goes through them.
#include "tests/web/people.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/access/totp.hpp"

namespace rytme::web {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

boost::json::value json(const Heard& heard) { return boost::json::parse(heard.body); }

std::string as(const std::string& session) { return Browser{session, ""}.cookies(); }

TEST(LogIn, leads_home_by_role_and_out_again) {
  People people;
  people.add("per", Role::psychologist);
  people.add("mai", Role::maintainer);
  people.add("odd", Role::officer);
  for (const auto& [name, home] :
       std::map<std::string, std::string>{{"per", "/review"}, {"mai", "/devices"}, {"odd", "/login"}}) {
    const Heard in = people.post_form("/login", people.form(name), same_origin);
    EXPECT_EQ(in.status, 303);
    EXPECT_EQ(in.headers.at("location"), home);
  }
  const std::string session = people.log_in("per");
  EXPECT_EQ(people.house.ask("GET", "/api/v1/sessions", as(session)).status, 200);
  EXPECT_EQ(json(people.house.ask("GET", "/api/v1/me", as(session))).at("role"), "psychologist");
  EXPECT_THAT(people.house.ask("GET", "/login", as(session)).body, HasSubstr("Logget inn som psykolog."));
  const Heard out = people.post_form("/logout?lang=en", "", as(session) + same_origin);
  EXPECT_EQ(out.headers.at("location"), "/login?lang=en");
  EXPECT_THAT(out.headers.at("set-cookie"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(people.house.ask("GET", "/api/v1/sessions", as(session)).status, 401);
}

TEST(LogIn, a_program_gets_json) {
  People people;
  people.add("per", Role::psychologist);
  const auto body = [&](const std::string& password) {
    return boost::json::serialize(
        boost::json::object{{"name", "per"}, {"password", password}, {"code", people.code("per")}});
  };
  const Heard in = people.house.post("/login", body(good_password));
  EXPECT_EQ(in.status, 200);
  EXPECT_EQ(json(in).at("role"), "psychologist");
  EXPECT_NE(cookie(in, "__Host-rytme"), "");
  const Heard wrong = people.house.post("/login", body("something else"));
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.headers.at("content-type"), "application/problem+json");
  EXPECT_EQ(people.house.post("/login", R"({"name":"per"})").status, 422);
}

// Which of the three was wrong is never said, and what was typed comes back but for the secrets.
TEST(LogIn, says_the_same_of_everything_that_is_wrong) {
  People people;
  people.add("per", Role::psychologist);
  const std::string code = people.code("per");
  std::vector<std::string> pages;
  for (const std::string& form :
       {"name=per&password=wrong+wrong&code=" + code, "name=pia&password=wrong+wrong&code=" + code,
        std::string("name=per&password=skogmus+under+lykt&code=000000")}) {
    const Heard heard = people.post_form("/login", form, same_origin);
    EXPECT_EQ(heard.status, 401);
    EXPECT_THAT(heard.body, HasSubstr("Det stemmer ikke, eller gjelder ikke lenger."));
    EXPECT_THAT(heard.body, Not(HasSubstr("wrong wrong")));
    EXPECT_FALSE(heard.headers.contains("set-cookie"));
    std::string page = heard.body;
    if (const auto at = page.find("value=\"pia\""); at != std::string::npos)
      page.replace(at, 11, "value=\"per\"");
    pages.push_back(page);
  }
  EXPECT_EQ(pages[0], pages[1]);
  EXPECT_EQ(pages[0], pages[2]);
}

TEST(LogIn, the_access_log_has_who_and_whether_and_nothing_that_was_typed) {
  People people;
  people.add("per", Role::psychologist);
  const std::string session = people.log_in("per");
  people.post_form("/login", "name=per&password=hemmelig+ting&code=123456", same_origin);
  people.post_form("/login", "name=nobody&password=hemmelig+ting&code=123456", same_origin);
  people.post_form("/logout", "", as(session) + same_origin);
  ASSERT_EQ(people.house.room.entered.size(), 4U);
  EXPECT_THAT(people.house.room.entered,
              ElementsAre(testing::MatchesRegex("log in user-[A-Z0-9]{4}"),
                          testing::MatchesRegex("log in refused user-[A-Z0-9]{4}"), "log in refused unknown",
                          testing::MatchesRegex("log out user-[A-Z0-9]{4}")));
}

TEST(LogIn, too_many_tries_are_told_how_long_to_wait) {
  People people;
  people.add("per", Role::psychologist);
  for (int i = 0; i < 3; ++i)
    people.post_form("/login", "name=per&password=wrong+wrong&code=123456", same_origin);
  const Heard heard =
      people.post_form("/login?lang=en", "name=per&password=wrong+wrong&code=123456", same_origin);
  EXPECT_EQ(heard.status, 429);
  EXPECT_EQ(heard.headers.at("retry-after"), "2");
  EXPECT_THAT(heard.body, HasSubstr("Too many tries. Wait 2 s before the next."));
}

TEST(First, the_first_account_by_the_code_of_the_first_start) {
  People people;
  const std::string code = people.accounts->first_code(people.now().steady);
  EXPECT_THAT(people.house.get("/first").body, HasSubstr("Engangskode"));
  const Heard weak = people.post_form("/first", "name=mai&password=password&code=" + code, same_origin);
  EXPECT_EQ(weak.status, 422);
  EXPECT_THAT(weak.body, HasSubstr("value=\"" + code + "\"")) << "the code need not be typed again";
  EXPECT_EQ(
      people.post_form("/first", "name=m+i&password=skogmus+under+lykt&code=" + code, same_origin).status,
      422);
  EXPECT_EQ(
      people.post_form("/first", "name=mai&password=skogmus+under+lykt&code=CFHJKMNPRTWXY347", same_origin)
          .status,
      401);
  const Heard made =
      people.post_form("/first", "name=mai&password=skogmus+under+lykt&code=" + code, same_origin);
  EXPECT_EQ(made.status, 200);
  EXPECT_THAT(made.body, HasSubstr("otpauth://totp/Rytme%20Rom%20"));
  EXPECT_THAT(made.body, Not(HasSubstr("skogmus")));
  people.secrets["mai"] = access::Store(access::store_file(people.folder.path())).user_named("mai")->totp;
  EXPECT_THAT(made.body, HasSubstr(access::base32(people.secrets["mai"])));
  EXPECT_EQ(json(people.house.ask("GET", "/api/v1/me", as(people.log_in("mai")))).at("role"), "maintainer");
  EXPECT_EQ(
      people.post_form("/first", "name=eve&password=skogmus+under+lykt&code=" + code, same_origin).status,
      401);
}

TEST(Enrol, a_tablet_by_the_code_that_the_maintainer_is_shown) {
  People people;
  people.add("mai", Role::maintainer);
  const std::string session = people.log_in("mai");
  const Heard offer = people.house.ask(
      "POST", "/api/v1/tablets", as(session) + same_origin + "Content-Type: application/json\r\n", "{}");
  ASSERT_EQ(offer.status, 201);
  const std::string code(json(offer).at("code").as_string());
  EXPECT_THAT(people.house.get("/enrol?lang=en").body, HasSubstr("Enrol this tablet"));
  EXPECT_EQ(people.post_form("/enrol", "code=CFHJ-KMNP", same_origin).status, 401);
  const Heard in = people.post_form("/enrol", "code=" + code, same_origin);
  EXPECT_EQ(in.status, 303);
  EXPECT_EQ(in.headers.at("location"), "/");
  const std::string tablet = Browser{"", cookie(in, "__Host-rytme-tablet")}.cookies();
  EXPECT_EQ(json(people.house.ask("GET", "/api/v1/me", tablet)).at("kind"), "tablet");
  EXPECT_THAT(people.house.ask("GET", "/", tablet).headers.at("set-cookie"), HasSubstr("Max-Age=34560000"))
      << "a tablet in use is never forgotten by its browser";
  const Heard list = people.house.ask("GET", "/api/v1/tablets", as(session));
  const std::string id(json(list).at(0).at("id").as_string());
  EXPECT_EQ(people.house.room.entered.back(), "enrol a tablet " + id);
  EXPECT_EQ(people.house.ask("DELETE", "/api/v1/tablets/" + id, as(session) + same_origin).status, 200);
  EXPECT_EQ(people.house.ask("DELETE", "/api/v1/tablets/" + id, as(session) + same_origin).status, 404);
  EXPECT_EQ(json(people.house.ask("GET", "/api/v1/me", tablet)).at("kind"), "local");
}

// What a viewer was let in for ends with the session, also while it looks.
TEST(LogIn, a_stream_ends_with_its_session) {
  People people;
  people.add("per", Role::psychologist);
  const std::string session = people.log_in("per");
  Client viewer(people.house);
  viewer.send("GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1\r\n" + as(session) + "\r\n");
  ASSERT_TRUE(viewer.until_text("event: state"));
  people.post_form("/logout", "", as(session) + same_origin);
  people.house.server.changed();
  EXPECT_TRUE(viewer.until_closed());
}

TEST(Accounts, without_them_the_room_works_and_nobody_logs_in) {
  House house;
  EXPECT_EQ(house.get("/login").status, 200);
  EXPECT_EQ(house.post_form("/login", "name=per&password=skogmus&code=1").status, 503);
  EXPECT_EQ(house.post_form("/enrol", "code=1").status, 503);
  EXPECT_EQ(house.post("/api/v1/stop", "{}").status, 200);
}

}  // namespace
}  // namespace rytme::web
