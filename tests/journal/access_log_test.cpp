// SPDX-License-Identifier: Apache-2.0
// Who looked at whom, as the privacy officer and the participant get it.
#include "controller/journal/access_log.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/journal/erasure.hpp"
#include "controller/journal/wall_time.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Actor psychologist{ActorKind::user, Role::psychologist, "u7"};
const Actor officer{ActorKind::user, Role::officer, "o1"};

class AccessLogTest : public testing::Test {
 protected:
  AccessLogTest() { open(); }
  void open() {
    Opening opening;
    room_ = std::make_unique<Journal>(Options{.file = folder_.file()}, opening);
  }
  template <typename What>
  void keep(What what) {
    room_->append(scribe_.make(std::move(what), true));
  }
  void session(const std::string& id, const std::string& code) {
    keep(entry::SessionStart{id, code, "regulate-up", 1, true, "h", "v"});
    keep(entry::SessionEnd{id, "ended"});
  }
  void look(const std::string& what, const std::string& whose = "", bool denied = false) {
    keep(entry::Access{psychologist, what, whose, "10.0.0.7", "team", denied});
  }
  void erase(entry::Erase::What what, const std::string& key) { keep(entry::Erase{what, key, officer, ""}); }
  // What stands on the disk when the room is closed; erasures are then carried out by a command's hand.
  void close() {
    if (!room_) return;
    room_.reset();
    Connection connection(folder_.file(), Connection::Mode::read_write);
    while (erase_piece(connection)) {
    }
  }
  std::vector<AccessFact> entries(const AccessFilter& filter = {}) {
    close();
    return Reader(folder_.file()).accesses(filter);
  }
  // "what whose", newest first.
  std::vector<std::string> told(const AccessFilter& filter = {}) {
    std::vector<std::string> all;
    for (const auto& entry : entries(filter)) {
      const std::string whose = entry.of_everybody ? "everybody" : entry.whose + entry.redacted;
      all.push_back(entry.what + (whose.empty() ? "" : " " + whose));
    }
    return all;
  }
  std::string unknown(const AccessFilter& filter) {
    close();
    std::string answer;
    Reader(folder_.file()).ask([&](Connection& connection) { answer = unknown_of(connection, filter); });
    return answer;
  }

  TemporaryFolder folder_;
  Scribe scribe_;
  std::unique_ptr<Journal> room_;
};

TEST_F(AccessLogTest, AnEntrySaysWhoLookedWhenAtWhatWhoseFromWhereAndWhy) {
  session("s1", "K7F");
  look("export csv", "s1");
  look("GET /api/v1/sessions/{id}", "s1", true);
  const auto all = entries();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].denied) << "the newest stands first";
  const auto row = boost::json::parse(to_json(all)).at(1);
  EXPECT_THAT(std::string(row.at("t").as_string()), testing::StartsWith("2025-10-09T"));
  EXPECT_EQ(boost::json::serialize(row.at("actor")), R"({"kind":"user","role":"psychologist","id":"u7"})");
  EXPECT_EQ(row.at("what").as_string(), "export csv");
  EXPECT_EQ(row.at("session").as_string(), "s1");
  EXPECT_EQ(row.at("whose").as_string(), "K7F");
  EXPECT_EQ(row.at("from").as_string(), "10.0.0.7");
  EXPECT_EQ(row.at("why").as_string(), "team");
  EXPECT_FALSE(row.at("denied").as_bool());
  EXPECT_FALSE(row.at("of_everybody").as_bool());
  EXPECT_TRUE(row.at("redacted").is_null());
}

TEST_F(AccessLogTest, WhatWasErasedOrWithdrawnIsShownAsSuch) {
  session("s1", "K7F");
  session("s2", "Q4M");
  session("s3", "Q4M");
  for (const char* id : {"s1", "s2", "s3"}) look("session", id);
  erase(entry::Erase::What::session, "s1");
  erase(entry::Erase::What::body, "s2");
  EXPECT_THAT(told(), ElementsAre("erase body", "erase session", "session Q4M", "session withdrawn",
                                  "session erased"));
  const auto row = boost::json::parse(to_json(entries())).at(3);
  EXPECT_EQ(row.at("redacted").as_string(), "withdrawn");
  for (const char* gone : {"session", "whose", "why"}) EXPECT_TRUE(row.at(gone).is_null()) << gone;
}

TEST_F(AccessLogTest, IsAskedForByTimeBySessionAndInPages) {
  session("s1", "K7F");
  session("s2", "K7F");
  look("session", "s1");
  look("series", "s2");
  scribe_.move_on(std::chrono::hours{24});
  look("summary", "s2");
  look("sessions", "K7F");
  EXPECT_THAT(told({.session = "s2"}), ElementsAre("summary K7F", "series K7F"));
  EXPECT_THAT(told({.to = "2025-10-09"}), ElementsAre("series K7F", "session K7F"));
  EXPECT_THAT(told({.from = "2025-10-10"}), ElementsAre("sessions K7F", "summary K7F"));
  EXPECT_THAT(told({.from = "2025-10-09T08:53:20.005Z", .to = "2025-10-09T10:53:20.006+02:00"}),
              ElementsAre("series K7F"));
  EXPECT_THAT(told({.session = "s2", .from = "2025-10-11"}), IsEmpty());
  const auto newest = entries({.limit = 3});
  ASSERT_EQ(newest.size(), 3U);
  EXPECT_THAT(told({.before = newest.back().at.seq, .limit = 3}), ElementsAre("session K7F"));
}

TEST_F(AccessLogTest, ABoundThatMakesNoSenseIsNamed) {
  const auto field = [&](const AccessFilter& filter) -> std::string {
    try {
      entries(filter);
    } catch (const BadBound& bad) {
      return bad.field();
    }
    return "none";
  };
  EXPECT_EQ(field({.from = "yesterday"}), "from");
  EXPECT_EQ(field({.from = "2026"}), "from") << "a day in a calendar that nobody means";
  EXPECT_EQ(field({.to = "2026-11-24 10:00"}), "to");
  EXPECT_EQ(field({.from = "2026-11-24", .to = "2026-11-23"}), "to");
  EXPECT_EQ(field({.from = "2026-11-24", .to = "2026-11-24"}), "none") << "one day";
}

TEST_F(AccessLogTest, AParticipantsEntriesAreThoseOfTheSessionsAsTheyAreNow) {
  session("s1", "K7F");
  session("s2", "Q4M");
  look("session", "s1");  // then K7F's
  look("session", "s2");
  look("sessions", "K7F");
  keep(entry::SessionChange{"s1", "Q4M", std::nullopt, "u7"});
  EXPECT_THAT(told({.participant = "Q4M"}), ElementsAre("session Q4M", "session K7F"));
  EXPECT_THAT(told({.participant = "K7F"}), ElementsAre("sessions K7F"));
}

TEST_F(AccessLogTest, AListOfEverybodyIsInTheLogOfEachWhoWasKnownByThen) {
  look("participants");
  keep(entry::ParticipantAdded{"K7F"});
  look("participants");
  look("sessions");
  look("access log");
  look("sessions", "", true);  // got nothing
  session("s1", "Q4M");
  look("access log", "Q4M");
  look("sessions", "NOPE");
  EXPECT_THAT(told({.participant = "K7F"}),
              ElementsAre("access log everybody", "sessions everybody", "participants everybody"));
  EXPECT_THAT(told({.participant = "Q4M"}), ElementsAre("access log Q4M"));
  EXPECT_THAT(told().front(), "sessions of nobody known");
}

TEST_F(AccessLogTest, AListRedactedIsNotOneOfEverybody) {
  session("s1", "K7F");
  look("sessions", "K7F");
  session("s2", "Q4M");
  erase(entry::Erase::What::participant, "K7F");
  EXPECT_THAT(told({.participant = "Q4M"}), IsEmpty());
  EXPECT_THAT(told(), ElementsAre("erase participant", "sessions erased"));
}

TEST_F(AccessLogTest, ASessionThatGrewTooOldDoesNotTakeItsEntriesAlong) {
  session("s1", "K7F");
  look("session", "s1");
  look("participants");
  close();
  Connection(folder_.file(), Connection::Mode::read_write).execute("DELETE FROM session");
  EXPECT_THAT(told({.participant = "K7F"}), ElementsAre("participants everybody", "session K7F"));
}

TEST_F(AccessLogTest, WhatNothingWasEverCalledIsUnknown) {
  session("s1", "K7F");
  look("session", "s1");
  EXPECT_EQ(unknown({}), "");
  EXPECT_EQ(unknown({.participant = "K7F", .session = "s1"}), "");
  EXPECT_EQ(unknown({.participant = "NOPE"}), "participant");
  EXPECT_EQ(unknown({.session = "s9"}), "session");
  Connection(folder_.file(), Connection::Mode::read_write)
      .execute("DELETE FROM session; DELETE FROM participant");
  EXPECT_EQ(unknown({.participant = "K7F", .session = "s1"}), "") << "the log knows them still";
}

}  // namespace
}  // namespace rytme::journal
