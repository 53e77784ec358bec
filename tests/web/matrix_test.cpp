// SPDX-License-Identifier: Apache-2.0
// Who may what: every route, every role, every way to prove it. The table is written from requirements P7 and
// A11, apart from the code, and a route without a row is an error.
#include <map>
#include <set>

#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include "controller/web/routes.hpp"
#include "controller/web/service.hpp"
#include "tests/web/people.hpp"

namespace rytme::web {
namespace {

// +  may      l  is sent to the log-in (401, or the page by 303)      x  is refused (403)
struct Row {
  const char* route;
  const char* nobody;    // over the network, with nothing
  const char* loopback;  // the machine itself
  const char* tablet;    // enrolled
  const char* staff;     // the rest: logged in
  const char* psychologist;
  const char* maintainer;
  const char* officer;
};

constexpr Row matrix[] = {
    // The room now: staff and those who review; its devices: the maintainer as well.
    {"GET /", "l", "+", "+", "+", "+", "x", "x"},
    {"GET /devices", "l", "+", "+", "+", "+", "+", "x"},
    {"GET /api/v1/room", "l", "+", "+", "+", "+", "x", "x"},
    {"GET /api/v1/live", "l", "+", "+", "+", "+", "x", "x"},
    {"GET /api/v1/faults", "l", "+", "+", "+", "+", "+", "x"},
    {"GET /api/v1/devices", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/devices/{id}", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/devices/{id}/frames", "l", "l", "l", "x", "x", "+", "x"},
    {"POST /api/v1/devices/{id}/test", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/profiles", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/discovery", "l", "l", "l", "x", "x", "+", "x"},
    {"POST /api/v1/discovery", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/buses/{id}/scan", "l", "l", "l", "x", "x", "+", "x"},
    {"POST /api/v1/buses/{id}/scan", "l", "l", "l", "x", "x", "+", "x"},
    {"POST /api/v1/faults/silence", "l", "l", "l", "x", "x", "+", "x"},
    // Stop: everyone who is somebody. Start, end, light, sound: who works in the room, without a log-in
    // (A11).
    {"POST /api/v1/stop", "l", "+", "+", "+", "+", "+", "+"},
    {"POST /api/v1/stop/reset", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/session", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/session/end", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/session/resume", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/session/recording", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/session/participant", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/session/withdraw", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/session/rating", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/session/activity", "l", "+", "+", "+", "x", "x", "x"},
    {"GET /api/v1/session/state-map", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/session/mark", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/session/follow", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/baseline", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/wearer", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/light", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/volume", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/tempo", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/mute", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/source", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/undo", "l", "+", "+", "+", "x", "x", "x"},
    {"POST /api/v1/release", "l", "+", "+", "+", "x", "x", "x"},
    // All that is historical: who reviews. The maintainer sees no session.
    {"GET /api/v1/sessions", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/sessions/{id}", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/sessions/{id}/series", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /card", "l", "+", "+", "+", "+", "+", "x"},
    {"GET /review", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/sessions/{id}/summary", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/sessions/{id}/marks", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/sessions/{id}/export", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/participants/{code}/record", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/participants/{code}/sessions", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/participants/{code}/changes", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/participants/{code}/baselines", "l", "l", "l", "x", "+", "x", "x"},
    {"POST /api/v1/participants/{code}/state-map", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/participants/{code}/days", "l", "l", "l", "x", "+", "x", "x"},
    {"GET /api/v1/participants/{code}/variant", "l", "+", "+", "+", "+", "x", "x"},
    {"POST /api/v1/participants/{code}/variant", "l", "+", "+", "+", "+", "x", "x"},
    // Codes: who reviews and the officer. Who looked, and what goes: the officer alone.
    {"GET /api/v1/participants", "l", "l", "l", "x", "+", "x", "+"},
    {"POST /api/v1/participants", "l", "l", "l", "x", "+", "x", "+"},
    {"GET /api/v1/participants/{code}/state-map", "l", "l", "l", "x", "+", "x", "+"},
    {"GET /api/v1/participants/{code}/access", "l", "l", "l", "x", "+", "x", "+"},
    {"POST /api/v1/sessions/{id}/participant", "l", "l", "l", "x", "+", "x", "+"},
    {"DELETE /api/v1/sessions/{id}", "l", "l", "l", "x", "x", "x", "+"},
    {"DELETE /api/v1/participants/{code}", "l", "l", "l", "x", "x", "x", "+"},
    {"GET /api/v1/access", "l", "l", "l", "x", "x", "x", "+"},
    // Tablets: the maintainer.
    {"GET /api/v1/tablets", "l", "l", "l", "x", "x", "+", "x"},
    {"POST /api/v1/tablets", "l", "l", "l", "x", "x", "+", "x"},
    {"DELETE /api/v1/tablets/{id}", "l", "l", "l", "x", "x", "+", "x"},
    // Settings and state of the room: the maintainer alone.
    {"GET /api/v1/settings", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/settings/file", "l", "l", "l", "x", "x", "+", "x"},
    {"POST /api/v1/settings/check", "l", "l", "l", "x", "x", "+", "x"},
    {"POST /api/v1/settings/apply", "l", "l", "l", "x", "x", "+", "x"},
    {"POST /api/v1/settings/confirm", "l", "l", "l", "x", "x", "+", "x"},
    {"POST /api/v1/settings/restore", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/settings/versions", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/settings/diff", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/state", "l", "l", "l", "x", "x", "+", "x"},
    {"POST /api/v1/backup", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/logs", "l", "l", "l", "x", "x", "+", "x"},
    {"GET /api/v1/support", "l", "l", "l", "x", "x", "+", "x"},
    // Of nobody: for everyone who is somebody.
    {"GET /api/v1/presets", "l", "+", "+", "+", "+", "+", "+"},
    {"GET /api/v1/activities", "l", "+", "+", "+", "+", "+", "+"},
    {"GET /api/v1/me", "l", "+", "+", "+", "+", "+", "+"},
    {"GET /metrics", "l", "+", "+", "+", "+", "+", "+"},
    {"POST /logout", "l", "+", "+", "+", "+", "+", "+"},
    // What has to work before anybody is somebody.
    {"GET /assets/{name}", "+", "+", "+", "+", "+", "+", "+"},
    {"GET /api/v1/openapi.json", "+", "+", "+", "+", "+", "+", "+"},
    {"GET /healthz", "+", "+", "+", "+", "+", "+", "+"},
    {"GET /readyz", "+", "+", "+", "+", "+", "+", "+"},
    {"GET /login", "+", "+", "+", "+", "+", "+", "+"},
    {"POST /login", "+", "+", "+", "+", "+", "+", "+"},
    {"GET /first", "+", "+", "+", "+", "+", "+", "+"},
    {"POST /first", "+", "+", "+", "+", "+", "+", "+"},
    {"GET /enrol", "+", "+", "+", "+", "+", "+", "+"},
    {"POST /enrol", "+", "+", "+", "+", "+", "+", "+"},
};

using Column = const char* Row::*;
constexpr std::array columns{&Row::nobody,       &Row::loopback,   &Row::tablet, &Row::staff,
                             &Row::psychologist, &Row::maintainer, &Row::officer};

std::string label(const Route& route) {
  return std::string(name_of(route.method)) + " " + std::string(route.path);
}

std::map<std::string, const Row*> by_route() {
  std::map<std::string, const Row*> rows;
  for (const Row& row : matrix) rows[row.route] = &row;
  return rows;
}

TEST(Matrix, every_route_has_a_row_and_every_row_a_route) {
  std::set<std::string> there, written;
  for (const Route& route : routes()) there.insert(label(route));
  for (const Row& row : matrix) written.insert(row.route);
  EXPECT_EQ(there, written);
  EXPECT_EQ(std::size(matrix), routes().size());
}

// Which letter an answer is. A log-in that is wrong is not a refusal of the route.
char letter_of(const Reply& reply, const Route& route) {
  if (route.path == "/login" || route.path == "/first" || route.path == "/enrol") return '+';
  if (reply.status == 403) return 'x';
  const bool to_log_in = std::any_of(reply.headers.begin(), reply.headers.end(), [](const auto& header) {
    return header.first == "Location" && header.second == "/login";
  });
  return reply.status == 401 || (reply.status == 303 && to_log_in) ? 'l' : '+';
}

struct MatrixOfAHouse : testing::Test {
  MatrixOfAHouse() {
    for (const auto& [name, role] : std::map<std::string, Role>{{"staff", Role::staff},
                                                                {"psychologist", Role::psychologist},
                                                                {"maintainer", Role::maintainer},
                                                                {"officer", Role::officer}})
      people.add(name, role);
    Options options = house_options();
    options.accounts = people.accounts;
    service = std::make_unique<Service>(options, people.house.room.port());
  }

  char ask(const Route& route, const Incoming& who) {
    people.house.room.clock += std::chrono::seconds(10);  // no limit is what is tested here
    Incoming in = who;
    in.method = name_of(route.method);
    in.path = std::string(route.path);
    if (const std::size_t open = in.path.find('{'); open != std::string::npos)
      in.path.replace(open, in.path.find('}') - open + 1, "some-id");
    in.host = "192.168.1.9:8443";
    in.fetch_site = "same-origin";
    if (route.method == Method::post) {
      in.content_type = "application/json";
      in.body = "{}";
    }
    char letter = '?';
    service->handle(in, [&](const Reply& reply) { letter = letter_of(reply, route); });
    people.house.until([&] { return letter != '?'; });
    return letter;
  }

  void expect(const std::string& asker, const Incoming& who, const std::function<char(const Row&)>& wanted) {
    const auto rows = by_route();
    for (const Route& route : routes())
      EXPECT_EQ(ask(route, who), wanted(*rows.at(label(route)))) << label(route) << " by " << asker;
  }
  void expect(const std::string& asker, const Incoming& who, Column column) {
    expect(asker, who, [column](const Row& row) { return *(row.*column); });
  }

  static Incoming far() {
    Incoming in;
    in.peer = "192.168.1.20";
    return in;
  }
  static Incoming near() {
    Incoming in;
    in.peer = "127.0.0.1";
    in.loopback = true;
    return in;
  }
  static Incoming with_token(const std::string& token) {
    Incoming in = far();
    in.authorization = "Bearer " + token;
    return in;
  }
  Incoming logged_in(const std::string& name, Incoming from = far()) {
    from.session = people.log_in(name);
    return from;
  }

  People people;
  std::unique_ptr<Service> service;
};

TEST_F(MatrixOfAHouse, with_nothing_or_nothing_that_is_good) {
  expect("nobody", far(), &Row::nobody);
  expect("the machine itself", near(), &Row::loopback);
  expect("a wrong token", with_token("made-up-token-0001"), &Row::nobody);
  Incoming made_up = far();
  made_up.session = made_up.tablet = std::string(43, 'A');
  expect("cookies that are made up", made_up, &Row::nobody);
}

TEST_F(MatrixOfAHouse, a_tablet) {
  Incoming tablet = far();
  tablet.tablet = people.enrol();
  expect("an enrolled tablet", tablet, &Row::tablet);
  Incoming swapped = far();
  swapped.session = tablet.tablet;
  expect("a tablet's cookie as a session", swapped, &Row::nobody);
  const std::string id = people.accounts->tablets().front().id;
  people.wait_for([&](const access::Done& done) { people.accounts->revoke(id, {}, done); });
  expect("a tablet that was let go", tablet, &Row::nobody);
}

TEST_F(MatrixOfAHouse, each_role_logged_in) {
  // /logout ends the session, so each is asked with a new one for every route.
  const std::map<std::string, Column> all{{"staff", &Row::staff},
                                          {"psychologist", &Row::psychologist},
                                          {"maintainer", &Row::maintainer},
                                          {"officer", &Row::officer}};
  const auto rows = by_route();
  for (const auto& [name, column] : all) {
    Incoming who = logged_in(name);
    for (const Route& route : routes()) {
      if (route.path == "/logout") continue;
      EXPECT_EQ(ask(route, who), *(rows.at(label(route))->*column)) << label(route) << " by " << name;
    }
  }
}

TEST_F(MatrixOfAHouse, each_token_of_the_demo) {
  // A tablet's token stands alone: there is nothing to log in to.
  const auto told = [](Column column) {
    return [column](const Row& row) { return *(row.*column) == 'l' ? 'x' : *(row.*column); };
  };
  expect("the tablet's token", with_token("tablet-token"), told(&Row::tablet));
  expect("the psychologist's token", with_token("psychologist-token"), told(&Row::psychologist));
  expect("the maintainer's token", with_token("maintainer-token"), told(&Row::maintainer));
  expect("the officer's token", with_token("officer-token"), told(&Row::officer));
}

TEST_F(MatrixOfAHouse, a_session_that_is_over) {
  Incoming late = logged_in("psychologist");
  people.pass(std::chrono::minutes(10));
  expect("a session that fell silent", late, &Row::nobody);
  Incoming disabled = logged_in("officer");
  access::Store(access::store_file(people.folder.path())).set_disabled("officer", true, "test");
  ASSERT_TRUE(people.house.until(
      [&] { return !people.accounts->user(disabled.session, people.now().steady, false); }));
  expect("who was disabled", disabled, &Row::nobody);
  late.loopback = true;
  expect("the machine itself, with a cookie that is over", late, &Row::loopback);
}

// A log-in takes nothing from the place it was made at: the room can still be run there, and stopped.
TEST_F(MatrixOfAHouse, logged_in_on_a_tablet_or_on_the_machine_itself) {
  const auto both = [](Column one, Column other) {
    return [one, other](const Row& row) {
      return *(row.*one) == '+' || *(row.*other) == '+' ? '+' : *(row.*one);
    };
  };
  Incoming on_tablet = far();
  on_tablet.tablet = people.enrol();
  const auto rows = by_route();
  for (const auto& [name, column] : std::map<std::string, Column>{{"psychologist", &Row::psychologist},
                                                                  {"maintainer", &Row::maintainer},
                                                                  {"officer", &Row::officer}}) {
    const Incoming tablet = logged_in(name, on_tablet), machine = logged_in(name, near());
    for (const Route& route : routes()) {
      if (route.path == "/logout") continue;
      const Row& row = *rows.at(label(route));
      EXPECT_EQ(ask(route, tablet), both(column, &Row::tablet)(row))
          << label(route) << " by " << name << " on a tablet";
      EXPECT_EQ(ask(route, machine), both(column, &Row::loopback)(row))
          << label(route) << " by " << name << " there";
    }
  }
}

// Deny by default: what is not in the table is not there, for anyone.
TEST_F(MatrixOfAHouse, a_route_that_nobody_wrote_is_nobodys) {
  Incoming who = logged_in("maintainer");
  for (const char* path :
       {"/api/v1/users", "/api/v1/accounts", "/access.db", "/api/v1/tablets/a/b", "/Login", "/login/"}) {
    who.path = path;
    who.method = "GET";
    unsigned status = 0;
    service->handle(who, [&](const Reply& reply) { status = reply.status; });
    EXPECT_EQ(status, 404U) << path;
  }
}

TEST(Matrix, every_column_is_one_of_three_letters) {
  for (const Row& row : matrix)
    for (const Column column : columns)
      EXPECT_THAT(std::string(row.*column), testing::AnyOf("+", "l", "x")) << row.route;
}

}  // namespace
}  // namespace rytme::web
