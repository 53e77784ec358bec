// SPDX-License-Identifier: Apache-2.0
// What is tried on purpose, over real sockets: docs/security.md names each point of OWASP ASVS 5.0 that
// stands here.
#include <regex>
#include <set>

#include <gmock/gmock.h>

#include "controller/web/routes.hpp"
#include "tests/web/people.hpp"

namespace rytme::web {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string json_head = "Content-Type: application/json\r\n";
std::string as(const std::string& session) { return Browser{session, ""}.cookies(); }

// ASVS 7.2.4: a token that was planted before the log-in is never believed, and the one from before is over.
TEST(Fixation, the_log_in_brings_a_new_token_and_ends_the_old) {
  People people;
  people.add("odd", Role::officer);
  const std::string planted(43, 'A');
  const Heard in = people.post_form("/login", people.form("odd"), as(planted) + same_origin);
  const std::string first = cookie(in, "__Host-rytme");
  ASSERT_EQ(first.size(), 43U);
  EXPECT_NE(first, planted);
  EXPECT_EQ(people.house.ask("GET", "/api/v1/access", as(planted)).status, 401);
  const std::string second =
      cookie(people.post_form("/login", people.form("odd"), as(first) + same_origin), "__Host-rytme");
  EXPECT_EQ(people.house.ask("GET", "/api/v1/access", as(second)).status, 200);
  EXPECT_EQ(people.house.ask("GET", "/api/v1/access", as(first)).status, 401);
}

// ASVS 3.3.1-3.3.4.
TEST(Cookie, is_kept_for_this_host_alone_and_from_scripts) {
  People people;
  people.add("odd", Role::officer);
  const Heard in = people.post_form("/login", people.form("odd"), same_origin);
  EXPECT_THAT(
      in.headers.at("set-cookie"),
      testing::MatchesRegex("__Host-rytme=[A-Za-z0-9_-]{43}; Path=/; Secure; HttpOnly; SameSite=Strict"));
  EXPECT_EQ(in.headers.at("cache-control"), "no-store");
}

// ASVS 3.5.1-3.5.3: with a cookie the request must say that our own page made it.
TEST(CrossSite, a_cookie_alone_changes_nothing) {
  People people;
  people.add("per", Role::staff);
  const std::string session = people.log_in("per");
  const std::string tablet = Browser{"", people.enrol()}.cookies();
  const std::string body = R"({"level":0.3})";
  for (const std::string& who : {as(session), tablet}) {
    const auto light = [&](const std::string& extra) {
      return people.house.ask("POST", "/api/v1/light", who + json_head + extra, body).status;
    };
    EXPECT_EQ(light(""), 403) << "nothing said";
    EXPECT_EQ(light("Origin: http://evil.example\r\n"), 403);
    EXPECT_EQ(light("Origin: https://127.0.0.1\r\n"), 403) << "another scheme is another origin";
    EXPECT_EQ(light("Origin: null\r\n"), 403);
    EXPECT_EQ(light("Sec-Fetch-Site: cross-site\r\nOrigin: http://127.0.0.1\r\n"), 403);
    EXPECT_EQ(light("Sec-Fetch-Site: same-site\r\n"), 403);
    EXPECT_TRUE(people.house.room.asked.empty());
    EXPECT_EQ(light("Origin: http://127.0.0.1\r\n"), 200);
    EXPECT_EQ(light(same_origin), 200);
    people.house.room.asked.clear();
  }
  EXPECT_EQ(people.house.ask("DELETE", "/api/v1/sessions/s-1", as(session)).status, 403);
  EXPECT_EQ(people.house.post("/api/v1/light", body, "tablet-token").status, 200)
      << "a token is sent by no browser";
}

TEST(CrossSite, an_old_browser_proves_the_page_by_what_the_form_carries) {
  People people;
  const std::string tablet = Browser{"", people.enrol()}.cookies();
  const std::string page = people.house.ask("GET", "/", tablet).body;
  std::smatch token;
  ASSERT_TRUE(std::regex_search(page, token, std::regex("name=\"form_token\" value=\"([0-9a-f]{64})\"")));
  const std::string form = "preset=regulate-down&form_token=" + token[1].str();
  EXPECT_EQ(people.post_form("/api/v1/session", form, tablet + "Sec-Fetch-Site: cross-site\r\n").status, 403);
  EXPECT_EQ(people.post_form("/api/v1/session", form, tablet + "Origin: http://evil.example\r\n").status,
            403);
  EXPECT_EQ(
      people.post_form("/api/v1/session", "preset=regulate-down&form_token=" + std::string(64, '0'), tablet)
          .status,
      403);
  EXPECT_EQ(people.post_form("/api/v1/session", form, Browser{"", people.enrol()}.cookies()).status, 403)
      << "another tablet's";
  EXPECT_TRUE(people.house.room.asked.empty());
  EXPECT_EQ(people.post_form("/api/v1/session", form, tablet + "Origin: null\r\n").status, 303);
  EXPECT_EQ(people.house.room.now.mode, RoomMode::running);
  for (std::size_t at = page.find("<form method=\"post\""); at != std::string::npos;
       at = page.find("<form method=\"post\"", at + 1))
    EXPECT_EQ(page.find("<input type=\"hidden\" name=\"form_token\"", at), page.find('>', at) + 1)
        << "every form has it";
}

TEST(CrossSite, nobody_is_logged_in_from_a_foreign_page) {
  People people;
  people.add("odd", Role::officer);
  EXPECT_EQ(people.post_form("/login", people.form("odd"), "Sec-Fetch-Site: cross-site\r\n").status, 403);
  EXPECT_EQ(people.post_form("/login", people.form("odd"), "Origin: http://evil.example\r\n").status, 403);
  EXPECT_EQ(people.post_form("/login", people.form("odd"), "Origin: null\r\n").status, 403);
}

TEST(Path, none_leads_out_of_the_table) {
  People people;
  people.add("per", Role::psychologist);
  const std::string session = as(people.log_in("per"));
  const std::set<int> fine{400, 404};
  for (const char* path : {"/../etc/passwd",
                           "/assets/../../etc/passwd",
                           "/assets/..%2f..%2fetc%2fpasswd",
                           "/%2e%2e/%2e%2e/etc/passwd",
                           "/assets/....//....//etc/passwd",
                           "/assets/..\\..\\x",
                           "/assets/%00",
                           "/assets/a%00.js",
                           "//etc/passwd",
                           "/login/../api/v1/access",
                           "/login/%2e%2e/api/v1/access",
                           "/api/v1/sessions/../access",
                           "/api/v1/sessions/..%2faccess",
                           "/API/V1/access",
                           "/api/v1/access/",
                           "/api/v1/access;x",
                           "/api/v1//access",
                           "/.//api/v1/access",
                           "http://127.0.0.1/api/v1/access",
                           "/access.db",
                           "/data/access.db",
                           "/api/v1/participants/%2e%2e/variant"}) {
    const Heard heard = people.house.ask("GET", path, session);
    EXPECT_TRUE(fine.contains(heard.status)) << path << ": " << heard.status;
    EXPECT_THAT(heard.body, Not(HasSubstr("root:")));
  }
  // A name of two dots is a name: the record is asked for it, and no file.
  people.house.room.read.clear();
  people.house.ask("GET", "/api/v1/sessions/..", session);
  EXPECT_EQ(people.house.room.read.size(), 1U);
  EXPECT_THAT(people.house.room.read.front(), HasSubstr(" .."));
}

// ASVS 1.2.x: nothing of a request becomes a header of the answer.
TEST(Header, nothing_that_was_sent_comes_back_in_one) {
  People people;
  people.add("per", Role::psychologist);
  const std::string nasty = "%0d%0aSet-Cookie:%20evil=1%0d%0aX-Evil:%201%0d%0a%0d%0a<b>";
  const std::set<std::string> known{"connection",
                                    "content-length",
                                    "content-security-policy",
                                    "content-type",
                                    "cache-control",
                                    "cross-origin-resource-policy",
                                    "date",
                                    "location",
                                    "referrer-policy",
                                    "retry-after",
                                    "server",
                                    "set-cookie",
                                    "x-content-type-options",
                                    "allow",
                                    "www-authenticate",
                                    "vary",
                                    "content-encoding"};
  const auto check = [&](const Heard& heard, const std::string& what) {
    for (const auto& [name, value] : heard.headers) {
      EXPECT_TRUE(known.contains(name)) << what << " answers " << name;
      EXPECT_THAT(value, Not(HasSubstr("evil"))) << what;
    }
    EXPECT_THAT(heard.body, Not(HasSubstr("<b>"))) << what;
  };
  for (const char* path : {"/login", "/first", "/enrol", "/", "/devices"})
    for (const char* name : {"lang", "said", "n", "a"})
      check(people.house.get(std::string(path) + "?" + name + "=" + nasty), path);
  for (const char* path : {"/login", "/first", "/enrol", "/logout", "/api/v1/session", "/api/v1/stop"}) {
    const std::string form = "name=" + nasty + "&password=" + nasty + "&code=" + nasty;
    check(people.post_form(std::string(path) + "?lang=" + nasty, form, same_origin), path);
    check(people.post_form(path, "name=a%0d%0ab&password=12345678&code=1&preset=" + nasty, same_origin),
          path);
  }
  const std::string folded = "X-Rytme-Reason: a\r\n Set-Cookie: evil=1\r\n";
  check(people.house.ask("GET", "/api/v1/room", folded), "a folded header");
}

// ASVS 3.4: every page, every answer.
TEST(Headers, every_answer_is_dressed) {
  People people;
  people.add("mai", Role::maintainer);
  const std::string session = as(people.log_in("mai"));
  for (const Route& route : routes()) {
    if (route.path == "/api/v1/live") continue;
    std::string path(route.path);
    if (const auto open = path.find('{'); open != std::string::npos)
      path.replace(open, std::string::npos, "x");
    const Heard heard = people.house.ask(std::string(name_of(route.method)), path, session);
    ASSERT_NE(heard.status, 0) << path;
    EXPECT_EQ(
        heard.headers.at("content-security-policy"),
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'")
        << path;
    EXPECT_EQ(heard.headers.at("x-content-type-options"), "nosniff") << path;
    EXPECT_EQ(heard.headers.at("referrer-policy"), "no-referrer") << path;
    EXPECT_EQ(heard.headers.at("cross-origin-resource-policy"), "same-origin") << path;
    EXPECT_FALSE(heard.headers.contains("access-control-allow-origin")) << path;
    EXPECT_FALSE(heard.headers.contains("server")) << path;
  }
}

// The policy forbids it anyway; here it is seen that nothing asks for it, in no page, before and after a
// log-in.
TEST(Pages, have_no_script_or_style_of_their_own_and_ask_nobody_else) {
  People people;
  people.add("mai", Role::maintainer);
  const std::string session = as(people.log_in("mai"));
  const std::regex inline_code(
      R"re(<script(?![^>]* src="/assets/)|<style|\son[a-z]+\s*=|\sstyle\s*=|javascript:)re",
      std::regex::icase);
  const std::regex outside(R"re((src|href|action)="(?!/|data:,|otpauth:)|url\(|//[a-z])re",
                           std::regex::icase);
  for (const char* path : {"/", "/devices", "/login", "/first", "/enrol"})
    for (const std::string& who : {std::string(), session}) {
      const std::string page = people.house.ask("GET", path, who).body;
      ASSERT_THAT(page, HasSubstr("</html>")) << path;
      const std::string markup = std::regex_replace(page, std::regex(R"re(data-boot="[^"]*")re"), "");
      EXPECT_FALSE(std::regex_search(markup, inline_code)) << path;
      EXPECT_FALSE(std::regex_search(markup, outside)) << path;
    }
}

// ASVS 6.2.7, 6.2.8 and WCAG 3.3.8: password managers find their fields and nothing hinders pasting.
TEST(Pages, a_password_manager_finds_its_fields) {
  People people;
  const std::string login = people.house.get("/login").body;
  for (const char* field : {R"(autocomplete="username")", R"(autocomplete="current-password")",
                            R"(autocomplete="one-time-code")", R"(type="password")"})
    EXPECT_THAT(login, HasSubstr(field));
  EXPECT_THAT(people.house.get("/first").body, HasSubstr(R"(autocomplete="new-password")"));
  for (const char* path : {"/login", "/first", "/enrol"}) {
    const std::string page = people.house.get(path).body;
    const std::regex label(R"re(<label for="([a-z]+)">[^<]+</label><input id="([a-z]+)")re");
    const auto labels =
        std::distance(std::sregex_iterator(page.begin(), page.end(), label), std::sregex_iterator());
    const std::regex visible(R"re(<input (?!type="hidden"))re");
    EXPECT_EQ(labels,
              std::distance(std::sregex_iterator(page.begin(), page.end(), visible), std::sregex_iterator()))
        << path << ": every field has its label";
  }
}

TEST(Oversized, headers_and_bodies_end_where_the_bound_is) {
  People people;
  const std::string big(9000, 'x');
  EXPECT_EQ(people.house.ask("GET", "/login", "Cookie: __Host-rytme=" + big + "\r\n").status, 431);
  EXPECT_EQ(people.house.get("/" + big).status, 431);
  EXPECT_EQ(people.post_form("/login", "name=" + std::string(70000, 'x'), same_origin).status, 413);
  EXPECT_EQ(people.post_form("/login", "name=a&code=1&password=" + std::string(257, 'x'), same_origin).status,
            422);
  std::string many;
  for (int i = 0; i < 33; ++i) many += "a" + std::to_string(i) + "=1&";
  EXPECT_EQ(people.post_form("/login", many, same_origin).status, 400);
  EXPECT_EQ(people.house.get("/healthz").status, 200);
}

}  // namespace
}  // namespace rytme::web
