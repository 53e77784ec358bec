// SPDX-License-Identifier: Apache-2.0
// New settings by the built program: taken on trial, kept, and put back however the trial ends.
#include <csignal>
#include <fstream>

#include <gmock/gmock.h>

#include "tests/end_to_end/room_under_test.hpp"
#include "tests/support/shell.hpp"

namespace rytme::test {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// As long as the room itself waits for an answer of its disk.
constexpr seconds disk_patience{12};

class Desk {
 public:
  explicit Desk(int confirm_within_s) : room({"--confirm-within", std::to_string(confirm_within_s)}) {}

  // Asked again while nobody answers: the room starts anew in between, and other tests run beside this one.
  HttpAnswer get(const std::string& path) const {
    HttpAnswer answer;
    eventually(seconds{30}, [&] {
      answer = http_get(room.http(), "/api/v1/" + path, room.token("maintainer"), disk_patience);
      return answer.status != 0;
    });
    return answer;
  }
  HttpAnswer post(const std::string& path, const json::value& body) const {
    return http_post(room.http(), "/api/v1/settings/" + path, json::serialize(body), room.token("maintainer"),
                     disk_patience);
  }
  std::string text() const {
    return std::string(get("settings/file?name=room.toml").json().at("text").as_string());
  }
  std::string base() const { return std::string(get("settings").json().at("base").as_string()); }
  // The room.toml of now with another word in it.
  std::string with(const std::string& what, const std::string& instead) const {
    std::string changed = text();
    changed.replace(changed.find(what), what.size(), instead);
    return changed;
  }
  HttpAnswer apply(const std::string& room_toml) const {
    return post("apply", {{"base", base()}, {"files", {{"room.toml", room_toml}}}});
  }
  // As the room says when it answers; "" while it does not.
  std::string trial(const char* what = "phase") const {
    const auto answer = get("state");
    if (answer.status != 200 || answer.json().at("trial").is_null()) return "";
    return std::string(answer.json().at("trial").at(what).as_string());
  }
  bool becomes(const std::string& phase, seconds limit = seconds{40}) const {
    return eventually(limit, [&] { return trial() == phase; });
  }

  RoomUnderTest room;
};

constexpr const char* name = "Reguleringsrommet";

TEST(Settings, AreAppliedWithoutAnybodyNoticingAndKept) {
  Desk desk(60);
  const pid_t pid = desk.room.pid_of("controller");
  const int dimmer = desk.room.dimmer_level();
  const std::size_t seen = desk.room.observer().seen.size();
  const double from = steady_seconds();
  const auto applied = desk.apply(desk.with(name, "Det andre rommet"));
  ASSERT_EQ(applied.status, 200) << applied.body;
  EXPECT_EQ(applied.json().at("confirm_s").as_double(), 60);
  ASSERT_TRUE(desk.becomes("running"));
  std::cout << "away for " << steady_seconds() - from << " s\n";
  desk.room.observer().listen(seconds{3});
  EXPECT_EQ(desk.room.pid_of("controller"), pid) << "the same process";
  for (std::size_t i = seen; i < desk.room.observer().seen.size(); ++i) {
    const Seen& one = desk.room.observer().seen[i];
    const bool to_light = one.topic.starts_with("zigbee2mqtt/") && one.topic.ends_with("/set");
    EXPECT_FALSE(to_light) << "the lights are told nothing: " << one.topic << " " << one.payload;
  }
  EXPECT_EQ(desk.room.dimmer_level(), dimmer);

  EXPECT_EQ(desk.post("confirm", json::object{}).status, 200);
  EXPECT_EQ(desk.trial(), "kept");
  EXPECT_EQ(desk.trial("by"), "maintainer");
  EXPECT_EQ(desk.post("confirm", json::object{}).status, 409) << "once";
  EXPECT_THAT(desk.text(), testing::HasSubstr("Det andre rommet"));
  const auto versions = desk.get("settings/versions").json();
  ASSERT_EQ(versions.as_array().size(), 2U);
  EXPECT_EQ(versions.at(0).at("why"), "applied");
  EXPECT_EQ(versions.at(0).at("changed").at(0), "room.toml");
  const auto diff = desk.get("settings/diff?from=yesterday&to=now").json();
  EXPECT_EQ(diff.at("files").at(0).at("file"), "room.toml");

  ASSERT_EQ(desk.post("restore", {{"base", desk.base()}, {"version", 1}}).status, 200);
  ASSERT_TRUE(desk.becomes("running"));
  EXPECT_THAT(desk.text(), testing::HasSubstr(name));
}

TEST(Settings, AreNotTakenWhenTheyAreWrongOrOthersWereThereOrTheRoomIsInUse) {
  Desk desk(60);
  const std::string wrong = desk.with("language = 'nb'", "language = 'xx'");
  const auto refused = desk.apply(wrong);
  EXPECT_EQ(refused.status, 422);
  const auto problem = refused.json().at("problems").at(0);
  EXPECT_EQ(problem.at("file"), "room.toml");
  const auto line =
      std::count(wrong.begin(), wrong.begin() + static_cast<long>(wrong.find("'xx'")), '\n') + 1;
  EXPECT_EQ(problem.at("line").as_int64(), line);
  EXPECT_THAT(std::string(problem.at("text").as_string()), testing::HasSubstr("nb"));
  const auto checked = desk.post("check", {{"files", {{"room.toml", wrong}}}}).json();
  EXPECT_EQ(checked.at("problems"), refused.json().at("problems"));

  const auto apply_to = [&](const std::string& base, const std::string& file) {
    return desk.post("apply", {{"base", base}, {"files", {{file, "x = 1\n"}}}}).status;
  };
  EXPECT_EQ(apply_to("0000", "activities.toml"), 409);
  EXPECT_EQ(apply_to(desk.base(), "broker.password"), 422);
  EXPECT_EQ(apply_to(desk.base(), "presets/../../x.toml"), 422);
  EXPECT_EQ(desk.get("settings/file?name=broker.password").status, 422);
  EXPECT_EQ(desk.get("settings/file?name=tokens.toml").status, 422);

  desk.room.post("session", R"({"preset":"regulate-down"})");
  EXPECT_EQ(desk.apply(desk.with(name, "Annet")).status, 409) << "a session is on";
  desk.room.post("stop");
  EXPECT_EQ(desk.apply(desk.with(name, "Annet")).status, 409) << "stopped";
  EXPECT_THAT(desk.text(), testing::HasSubstr(name));
  EXPECT_EQ(desk.trial(), "");
}

TEST(Settings, ThatNobodyKeepsGoBackAndASessionIsNotDisturbedByIt) {
  Desk desk(3);
  const std::string before = desk.text();
  ASSERT_EQ(desk.apply(desk.with(name, "Annet")).status, 200);
  ASSERT_TRUE(desk.becomes("running"));
  ASSERT_EQ(desk.room.post("session", R"({"preset":"regulate-down"})").status, 201);
  desk.room.observer().listen(seconds{5});
  EXPECT_EQ(desk.trial(), "running") << "it waits";
  EXPECT_EQ(desk.room.state(), "running");
  desk.room.post("stop");
  desk.room.post("stop/reset");
  ASSERT_TRUE(desk.becomes("put_back", seconds{60}));
  EXPECT_EQ(desk.trial("why"), "confirm");
  EXPECT_EQ(desk.text(), before);
}

TEST(Settings, OfARoomThatIsKilledWhileTheyAreTriedGoBack) {
  Desk desk(60);
  const std::string before = desk.text();
  ASSERT_EQ(desk.apply(desk.with(name, "Annet")).status, 200);
  ASSERT_TRUE(desk.becomes("running"));
  ::kill(desk.room.pid_of("controller"), SIGKILL);
  ASSERT_TRUE(desk.becomes("put_back"));
  EXPECT_EQ(desk.trial("why"), "end");
  EXPECT_EQ(desk.text(), before);
}

TEST(Settings, ThatTheRoomCannotStartWithGoBackAtOnce) {
  Desk desk(60);
  const std::string before = desk.text();
  const auto port = desk.room.description().at("broker").at("port").as_int64();
  const auto listen = desk.room.http().substr(std::string("http://").size());
  ASSERT_EQ(desk.apply(desk.with(listen, "127.0.0.1:" + std::to_string(port))).status, 200);
  ASSERT_TRUE(desk.becomes("put_back"));
  EXPECT_THAT(desk.trial("why"), testing::StartsWith("start: "));
  EXPECT_EQ(desk.text(), before);
}

// Everything that a maintainer can take away, after a session with a participant.
TEST(Settings, AndAllElseOfTheDeskKnowNobody) {
  Desk desk(60);
  const auto started =
      desk.room.post("session", R"({"preset":"regulate-down","recording":true,"participant":"Q4MX"})");
  ASSERT_EQ(started.status, 201);
  const std::string id(started.json().at("id").as_string());
  desk.room.post("session/rating", R"({"whose":"participant","by":"staff","when":"during","state":"alarm"})");
  desk.room.observer().listen(seconds{2});
  desk.room.post("stop");

  const auto zip = desk.get("support");
  ASSERT_EQ(zip.status, 200) << zip.body;
  TemporaryFolder folder;
  std::ofstream(folder.path() / "s.zip", std::ios::binary) << zip.body;
  const auto opened = shell(
      "python3 -c 'import sys,zipfile; z = zipfile.ZipFile(sys.argv[1])\n"
      "for n in z.namelist(): print(n); print(z.read(n).decode())' " +
      (folder.path() / "s.zip").string());
  ASSERT_EQ(opened.code, 0);
  for (const char* part :
       {"about.txt", "state.json", "metrics.txt", "log.txt", "devices.json", "versions.json",
        "settings/room.toml", "settings/presets/regulate-down.toml", "rytme_uptime_seconds", "ceiling"})
    EXPECT_THAT(opened.said, testing::HasSubstr(part));
  std::string all = opened.said;
  for (const char* path : {"settings", "settings/versions", "state", "logs?last=1000", "devices"})
    all += desk.get(path).body;
  for (const auto& [role, text] : json::object(desk.room.description().at("tokens").as_object()))
    EXPECT_EQ(all.find(std::string(text.as_string())), std::string::npos) << role;
  const auto config = desk.room.data() / "config";
  for (const char* file : {"broker.password", "simulator.passwords", "player.password"})
    for (const std::string& secret : {bytes_of(config / file)})
      if (const auto word = secret.substr(secret.find(':') + 1, 32); !word.empty()) {
        EXPECT_EQ(all.find(word.substr(0, word.find('\n'))), std::string::npos) << file;
      }
  for (const std::string& what : {id, std::string("Q4MX"), std::string("alarm\"")})
    EXPECT_EQ(all.find(what), std::string::npos) << what;
  EXPECT_EQ(std::filesystem::exists(desk.room.data() / "settings/support.zip"), false);
}

}  // namespace
}  // namespace rytme::test
