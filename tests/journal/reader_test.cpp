// SPDX-License-Identifier: Apache-2.0
// One session through the journal and out again: list, JSON and CSV, against what was appended.
#include "controller/journal/reader.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/journal/journal.hpp"
#include "controller/journal/session_facts.hpp"
#include "controller/report/export.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

namespace json = boost::json;

class ReaderTest : public testing::Test {
 protected:
  void SetUp() override {
    Opening opening;
    Journal journal({.file = folder_.file(), .formula_version = "hrv-2"}, opening);
    session(journal, "s1", "K7F", "finished");
    session(journal, "s2", "Q2M", "");
    journal.close();
  }
  void session(Journal& journal, const std::string& id, const std::string& participant,
               const std::string& reason) {
    scribe_.session = id;
    journal.append(
        scribe_.make(entry::SessionStart{id, participant, "regulate-down", 2, true, "abc", "0.1.0"}, true));
    journal.append(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 72.0, "", Quality::good}));
    journal.append(scribe_.make(entry::Commanded{"lamp", Capability::light_level, 0.35, "", 900, "preset"}));
    journal.append(scribe_.make(entry::Confirmed{scribe_.next_seq() - 1, 0.34, std::nullopt}));
    journal.append(scribe_.make(entry::Event{"phase", R"({"phase":"lead, \"2\""})"}));
    journal.append(scribe_.make(entry::Rating{"participant", "staff", "before", "alarm", "tablet-1"}, true));
    journal.append(scribe_.make(entry::Heart{"belt", heart_frame(88, {816, 814})}));
    journal.append(scribe_.make(entry::Motion{"swing", motion_frame(5, 4)}));
    journal.append(scribe_.make(entry::Value{"player", Capability::player_track, {}, "=1+1", Quality::good}));
    scribe_.move_on(std::chrono::seconds{20});
    if (!reason.empty()) journal.append(scribe_.make(entry::SessionEnd{id, reason}, true));
    scribe_.move_on(std::chrono::hours{24});
  }
  json::object exported(const std::string& id) {
    return json::parse(report::json(*reader().facts(id))).as_object();
  }
  Reader reader() { return Reader(folder_.file()); }
  std::vector<std::string> ids(const SessionFilter& filter) {
    std::vector<std::string> found;
    for (const auto& session : reader().sessions(filter)) found.push_back(session.id);
    return found;
  }

  TemporaryFolder folder_;
  Scribe scribe_;
};

TEST_F(ReaderTest, ListsSessionsWithTheirCounts) {
  const auto sessions = reader().sessions({});
  ASSERT_EQ(sessions.size(), 2U);
  EXPECT_EQ(sessions[0].participant, "K7F");
  EXPECT_EQ(sessions[0].preset_version, 2);
  EXPECT_EQ(sessions[0].end_reason, "finished");
  EXPECT_EQ(sessions[0].n_readings, 4);
  EXPECT_NEAR(sessions[0].valid_share.value(), 10.0 / 20.008, 1e-9);
  EXPECT_EQ(sessions[1].end, "");
  EXPECT_EQ(sessions[1].valid_share, std::nullopt);
}

TEST_F(ReaderTest, FiltersByParticipantAndTime) {
  EXPECT_THAT(ids({"K7F", "", ""}), testing::ElementsAre("s1"));
  EXPECT_THAT(ids({"nobody", "", ""}), testing::IsEmpty());
  EXPECT_THAT(ids({"", "2025-10-09T10:00:00+00:00", ""}), testing::ElementsAre("s2"));  // s1: 08:53 UTC
  EXPECT_THAT(ids({"", "", "2025-10-09T11:00:00+02:00"}), testing::ElementsAre("s1"));
  EXPECT_THAT(ids({"", "2025-10-10", "2025-10-10"}), testing::ElementsAre("s2"));
  EXPECT_THROW(ids({"", "yesterday", ""}), JournalError);
}

TEST_F(ReaderTest, ListAsJsonHasTheFieldsOfTheContract) {
  const auto rows = json::parse(to_json(reader().sessions({}))).as_array();
  ASSERT_EQ(rows.size(), 2U);
  std::vector<std::string> names;
  for (const auto& field : rows[1].as_object()) names.emplace_back(field.key());
  EXPECT_THAT(names, testing::ElementsAre("id", "participant", "preset", "preset_version", "start", "end",
                                          "end_reason", "recording", "n_readings", "valid_share"));
  EXPECT_TRUE(rows[1].at("end").is_null());
  EXPECT_EQ(json::parse(to_json(*reader().session("s1"))).at("id").as_string(), "s1");
  EXPECT_EQ(reader().session("s3"), std::nullopt);
}

TEST_F(ReaderTest, JsonExportHoldsEveryFactOfTheSessionAndNoOther) {
  const auto all = exported("s1");
  EXPECT_EQ(all.at("schema").as_int64(), 1);
  EXPECT_EQ(
      all.at("boundary").at("nb").as_string(),
      "Ikke medisinsk utstyr. Verdiene kan være feil og skal ikke alene ligge til grunn for helsehjelp.");
  EXPECT_EQ(all.at("session").at("settings_hash").as_string(), "abc");
  EXPECT_EQ(all.at("session").at("software").as_string(), "0.1.0");
  EXPECT_EQ(all.at("session").at("formula_version").as_string(), "hrv-2");
  ASSERT_EQ(all.at("readings").as_array().size(), 2U);
  const auto& reading = all.at("readings").at(0);
  EXPECT_EQ(reading.at("seq").as_int64(), 2);
  EXPECT_EQ(reading.at("channel").as_string(), "hr.bpm");
  EXPECT_EQ(reading.at("value").to_number<double>(), 72.0);
  EXPECT_EQ(reading.at("unit").as_string(), "bpm");
  EXPECT_EQ(reading.at("quality").as_string(), "good");
  EXPECT_DOUBLE_EQ(reading.at("mono_s").to_number<double>(), 5000.001);
  const auto& command = all.at("commands").at(0);
  EXPECT_EQ(command.at("commanded").to_number<double>(), 0.35);
  EXPECT_EQ(command.at("confirmed").to_number<double>(), 0.34);
  EXPECT_TRUE(command.at("measured").is_null());
  EXPECT_EQ(all.at("events").at(0).at("data").at("phase").as_string(), "lead, \"2\"");
  EXPECT_EQ(all.at("ratings").at(0).at("state").as_string(), "alarm");
}

TEST_F(ReaderTest, JsonExportHoldsTheWaveforms) {
  const auto waveforms = exported("s1").at("waveforms").as_array();
  ASSERT_EQ(waveforms.size(), 2U);
  EXPECT_EQ(waveforms[0].at("stream").as_string(), "heart");
  EXPECT_EQ(waveforms[0].at("boot").as_string(), "9f2c");
  EXPECT_EQ(waveforms[0].at("first_seq").as_int64(), 88);
  EXPECT_EQ(waveforms[0].at("samples").as_int64(), 2);
  EXPECT_EQ(json::serialize(waveforms[0].at("data")),
            R"([{"seq":88,"t_us":88000000,"bpm":72,"contact":true,"rr":[816,814]}])");
  const MotionFrame sent = motion_frame(5, 4);
  const auto& frame = waveforms[1].at("data").at(0);
  EXPECT_EQ(waveforms[1].at("to_t_us").as_int64(), sent.stamp.t_us + 30000);
  EXPECT_EQ(frame.at("ax").as_array().size(), 4U);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_EQ(static_cast<float>(frame.at("ax").at(i).to_number<double>()), sent.ax[i]);
}

TEST_F(ReaderTest, ADamagedChunkIsToldAndTheRestIsGiven) {
  Connection(folder_.file(), Connection::Mode::read_write)
      .execute("UPDATE chunk SET data = x'01ff' WHERE stream = 'motion'");
  const auto waveforms = exported("s1").at("waveforms").as_array();
  EXPECT_TRUE(waveforms[1].as_object().contains("error"));
  EXPECT_EQ(waveforms[0].at("data").as_array().size(), 1U);
}

TEST_F(ReaderTest, CsvIsOneTableInTheOrderOfTheJournal) {
  const std::string csv = report::csv(*reader().facts("s1"), report::Separator::comma);
  std::vector<std::string> lines;
  for (std::size_t from = 0; from < csv.size();) {
    const std::size_t end = csv.find("\r\n", from);
    ASSERT_NE(end, std::string::npos);
    lines.push_back(csv.substr(from, end - from));
    from = end + 2;
  }
  EXPECT_EQ(lines[0],
            "kind,seq,t,mono_s,device,channel,value,unit,quality,note,commanded,confirmed,measured,origin,"
            "event,data,"
            "whose,by,when,state,actor");
  EXPECT_THAT(lines,
              testing::Contains(testing::StartsWith("session,,,,,boundary_nb,Ikke medisinsk utstyr.")));
  std::vector<std::string> kinds;
  for (const auto& line : lines)
    if (line.rfind("session,", 0) != 0) kinds.push_back(line.substr(0, line.find(',')));
  EXPECT_THAT(kinds, testing::ElementsAre("kind", "reading", "command", "event", "rating", "heart", "motion",
                                          "reading", "event"));
  EXPECT_THAT(csv, testing::HasSubstr(",5000.001,belt,hr.bpm,72,bpm,good,,,,,,,,,,,,\r\n"));
  EXPECT_THAT(csv, testing::HasSubstr("\"{\"\"phase\"\":\"\"lead, \\\"\"2\\\"\"\"\"}\""));
  EXPECT_THAT(csv, testing::HasSubstr(",player.track,'=1+1,"));
}

TEST_F(ReaderTest, WhatIsNotThereIsNotExported) {
  EXPECT_FALSE(reader().facts("s3"));
  EXPECT_FALSE(reader().facts("' OR 1=1 --"));
}

// A statement without end is ended, and the reader is good for the next question.
TEST_F(ReaderTest, AQuestionThatTakesTooLongIsEnded) {
  Reader slow(folder_.file());
  EXPECT_THROW(slow.ask([](Connection& connection) {
    connection.ask("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n");
  }),
               QuestionTooLong);
  EXPECT_EQ(slow.sessions({}).size(), 2U);
  std::string answer;
  slow.ask([&](Connection& connection) { answer = connection.ask("SELECT count(*) FROM session"); });
  EXPECT_EQ(answer, "2");
}

}  // namespace
}  // namespace rytme::journal
