// SPDX-License-Identifier: Apache-2.0
// State maps out of a real record: the rows in force, their history, and what a tablet shows.
#include "controller/app/state_map_answers.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/journal/state_maps.hpp"
#include "tests/review/room_record.hpp"

namespace rytme::app {
namespace {

class StateMapAnswers : public testing::Test {
 protected:
  void write(const std::string& code, const StateMapRow& row, const std::string& by = "u7") {
    record_.keep(entry::Event{"state_map", journal::state_map_data(code, row, by)});
  }
  boost::json::object map(const std::string& code) {
    record_.close();
    journal::Reader reader(record_.file());
    return boost::json::parse(answer_state_map(reader, code).body).as_object();
  }
  boost::json::object in_session(const std::string& code) {
    record_.close();
    journal::Reader reader(record_.file());
    const auto page = answer_session_map(code.empty() ? nullptr : &reader, code, bank_);
    return boost::json::parse(page.body).as_object();
  }

  std::vector<settings::Activity> bank_{{"wall", Direction::down, {"Vegg", "Wall"}},
                                        {"swing", Direction::neutral, {"Huske", "Swing"}},
                                        {"drum", Direction::neutral, {"Tromme", "Drum"}},
                                        {"catch", Direction::up, {"Kaste", "Catch"}}};
  review::RoomRecord record_;
};

TEST_F(StateMapAnswers, TheNewestOfAStateIsInForceAndTheEarlierOnesAreKept) {
  write("K7F", {"alarm", "går fram og tilbake", "mange ord", "husken", "vær ved siden av", ""}, "u7");
  write("K7F", {"fear", "", "lys i taket", "", "gi plass", ""}, "u7");
  write("Q4M", {"alarm", "", "", "", "en annens", ""}, "u7");
  write("K7F", {"alarm", "går fort", "", "", "ball", ""}, "u9");
  const auto body = map("K7F");
  const auto& rows = body.at("rows").as_object();
  EXPECT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.at("alarm").at("helps"), "ball");
  EXPECT_EQ(rows.at("alarm").at("makes_worse"), "") << "a row is written whole";
  EXPECT_EQ(rows.at("alarm").at("by"), "u9");
  const auto& history = body.at("history").as_array();
  ASSERT_EQ(history.size(), 3U);
  EXPECT_EQ(history.at(0).at("helps"), "ball");
  EXPECT_EQ(history.at(2).at("helps"), "vær ved siden av");
  EXPECT_EQ(history.at(2).at("by"), "u7");
  EXPECT_EQ(history.at(2).at("t").as_string().size(), 29U) << history.at(2).at("t");
}

TEST_F(StateMapAnswers, ATabletGetsTheRowsOfWhoIsHereAndWhatThisPersonDidBefore) {
  write("K7F", {"alarm", "", "mange ord", "", "ball", "catch"});
  record_.start("s1", "K7F");
  record_.activity("drum");
  record_.end();
  record_.start("s2", "Q4M");
  for (int i = 0; i < 3; ++i) record_.activity("swing");
  record_.end();
  const auto body = in_session("K7F");
  EXPECT_EQ(body.at("participant"), "K7F");
  EXPECT_EQ(body.at("rows").at("alarm").at("makes_worse"), "mange ord");
  EXPECT_FALSE(body.at("rows").at("alarm").as_object().contains("by")) << "who wrote it is for review";
  EXPECT_EQ(boost::json::serialize(body.at("offers").at("alarm")), R"(["catch","drum","swing","wall"])");
  EXPECT_EQ(body.at("activities").at("catch").at("nb"), "Kaste");
}

TEST_F(StateMapAnswers, WithoutACodeThereAreOffersAndNothingOfAnybody) {
  write("K7F", {"alarm", "", "", "", "ball", ""});
  const auto body = in_session("");
  EXPECT_TRUE(body.at("participant").is_null());
  EXPECT_TRUE(body.at("rows").as_object().empty());
  EXPECT_EQ(boost::json::serialize(body.at("offers").at("fear")), R"(["wall","swing","drum"])");
}

TEST_F(StateMapAnswers, AnActivityThatIsNotInTheBankIsNamed) {
  EXPECT_EQ(unknown_activity({"alarm", "", "", "", "", "swing  gone"}, bank_), "gone");
  EXPECT_EQ(unknown_activity({"alarm", "", "", "", "", "swing wall"}, bank_), std::nullopt);
}

}  // namespace
}  // namespace rytme::app
