// SPDX-License-Identifier: Apache-2.0
// What a participant and the privacy officer may ask of a room that runs.
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "tests/end_to_end/room_under_test.hpp"

namespace rytme::test {
namespace {

using std::chrono::seconds;

std::string value(const RoomUnderTest& room, const std::string& sql) {
  return journal_value(room.journal(), sql);
}

std::string bytes_of(const std::filesystem::path& journal) {
  std::ostringstream all;
  for (const char* part : {"", "-wal"})
    all << std::ifstream(journal.string() + part, std::ios::binary).rdbuf();
  return all.str();
}

std::string start(RoomUnderTest& room, const std::string& code) {
  const auto started =
      room.post("session", R"({"preset":"regulate-down","recording":true,"participant":")" + code + R"("})");
  EXPECT_EQ(started.status, 201) << started.body;
  const std::string id(started.json().at("id").as_string());
  EXPECT_TRUE(eventually(seconds{20}, [&] {
    return value(room, "select count(*) > 2 from v_chunk where session='" + id + "'") == "1";
  })) << "nothing of the wearable was kept";
  return id;
}

void stop(RoomUnderTest& room, const std::string& id) {
  room.post("stop");
  room.post("stop/reset");
  EXPECT_TRUE(eventually(seconds{5}, [&] {
    return value(room, "select end_reason from v_session where id='" + id + "'") == "stopped";
  }));
}

TEST(Privacy, WithdrawingRemovesWhatIsStoredAndTheSessionGoesOn) {
  RoomUnderTest room;
  const std::string id = start(room, "K7F");
  EXPECT_EQ(room.post("session/withdraw").status, 200);
  EXPECT_TRUE(eventually(seconds{10}, [&] {
    return value(room, "select recording || participant from v_session where id='" + id + "'") == "0" &&
           value(room, "select count(*) from v_deletion where what = 'body'") == "1" &&
           value(room, "select count(*) from erasure") == "0";
  }));
  EXPECT_EQ(value(room, "select group_concat(distinct channel) from v_reading where session='" + id +
                            "' and (channel like 'hr.%' or channel like 'motion.%')"),
            "");
  EXPECT_EQ(value(room, "select count(*) from v_chunk"), "0");
  EXPECT_EQ(room.state(), "running");
  EXPECT_EQ(room.post("session/recording", R"({"on":true})").status, 409);
  stop(room, id);
  EXPECT_EQ(value(room, "select what || chunks from v_deletion where chunks > 0").substr(0, 4), "body");
  EXPECT_NE(value(room, "select count(*) from v_command where session='" + id + "'"), "0");
}

TEST(Privacy, TheOfficerErasesAParticipantForGoodAndNobodyElseDoes) {
  RoomUnderTest room;
  const auto made = http_post(room.http(), "/api/v1/participants", "{}", room.token("officer"));
  ASSERT_EQ(made.status, 201) << made.body;
  const std::string code(made.json().at("code").as_string());
  const std::string id = start(room, code);
  const std::string address = "/api/v1/participants/" + code;
  EXPECT_EQ(http_delete(room.http(), address, room.token("officer")).status, 409) << "a session is on";
  stop(room, id);
  EXPECT_EQ(http_get(room.http(), "/api/v1/sessions/" + id, room.token("psychologist")).status, 200);
  EXPECT_TRUE(eventually(seconds{5}, [&] {
    return value(room, "select session || whose from v_access where what = 'session'") == id + code;
  }));
  for (const char* role : {"tablet", "psychologist", "maintainer"})
    EXPECT_EQ(http_delete(room.http(), address, room.token(role)).status, 403) << role;
  EXPECT_EQ(http_delete(room.http(), address, room.token("officer")).status, 202);
  EXPECT_TRUE(eventually(seconds{20}, [&] { return value(room, "select done from v_deletion") == "1"; }));
  const std::string left = bytes_of(room.journal());
  EXPECT_EQ(left.find(id), std::string::npos);
  EXPECT_EQ(left.find(code), std::string::npos);
  EXPECT_EQ(http_delete(room.http(), address, room.token("officer")).status, 404);
}

TEST(Privacy, TheOfficerReadsWhoLookedAndThatIsToldToo) {
  RoomUnderTest room;
  const std::string id = start(room, "K7F");
  stop(room, id);
  const std::string address = "/api/v1/access?participant=K7F";
  EXPECT_EQ(http_get(room.http(), "/api/v1/sessions/" + id, room.token("psychologist")).status, 200);
  for (const char* role : {"tablet", "psychologist", "maintainer"})
    EXPECT_EQ(http_get(room.http(), address, room.token(role)).status, 403) << role;
  EXPECT_TRUE(eventually(seconds{5}, [&] {
    return value(room, "select count(*) from v_access where denied") == "3";
  })) << "a refusal is answered at once and kept within a second";
  const auto told = [&] {
    std::string all;
    const auto answer = http_get(room.http(), address, room.token("officer"));
    EXPECT_EQ(answer.status, 200) << answer.body;
    const auto page = answer.json();
    for (const auto& entry : page.at("entries").as_array())
      if (entry.at("actor").at("id").as_string() != "officer")
        all += std::string(entry.at("actor").at("id").as_string()) +
               (entry.at("denied").as_bool() ? " refused, " : " looked, ");
    return all;
  };
  EXPECT_EQ(told(), "maintainer refused, psychologist refused, tablet refused, psychologist looked, ");
  EXPECT_TRUE(eventually(seconds{5}, [&] {
    return value(room, "select count(*) from v_access where what = 'access log' and whose = 'K7F'") == "1";
  }));
}

TEST(Privacy, AllThatIsKeptAboutOneIsTakenByTheirPsychologistAndThatIsToldToo) {
  RoomUnderTest room;
  const std::string id = start(room, "K7F");
  const std::string address = "/api/v1/participants/K7F/record";
  for (const char* role : {"tablet", "maintainer", "officer"})
    EXPECT_EQ(http_get(room.http(), address, room.token(role)).status, 403) << role;
  const auto record = http_get(room.http(), address, room.token("psychologist"));
  EXPECT_EQ(record.status, 200);
  EXPECT_EQ(record.body.substr(0, 2), "PK");
  for (const auto& name :
       std::vector<std::string>{"LES-MEG.txt", "innsynslogg.csv", id + ".pdf", id + ".csv", id + ".json"})
    EXPECT_NE(record.body.find(name), std::string::npos) << name;
  EXPECT_TRUE(eventually(seconds{5}, [&] {
    return value(room, "select count(*) from v_access where what = 'record' and whose = 'K7F'") == "1";
  }));
  EXPECT_TRUE(std::filesystem::is_empty(room.journal().parent_path() / "records"));
  EXPECT_EQ(http_get(room.http(), "/api/v1/participants/Q4M/record", room.token("psychologist")).status, 404);
  stop(room, id);
}

TEST(Privacy, WhoseASessionWasIsCorrectedAfterwards) {
  RoomUnderTest room;
  const std::string id = start(room, "K7F");
  const std::string address = "/api/v1/sessions/" + id + "/participant";
  const auto correct = [&](const char* role) {
    return http_post(room.http(), address, R"({"code":"Q4M"})", room.token(role)).status;
  };
  EXPECT_EQ(correct("psychologist"), 409) << "the room itself knows whose it is while it is on";
  stop(room, id);
  EXPECT_EQ(correct("tablet"), 403);
  EXPECT_EQ(correct("psychologist"), 200);
  EXPECT_EQ(value(room, "select participant from v_session"), "Q4M");
  EXPECT_EQ(value(room, "select data from v_event where kind = 'session_change' order by seq desc limit 1"),
            R"({"participant":"Q4M","was":"K7F","by":"psychologist"})");
}

}  // namespace
}  // namespace rytme::test
