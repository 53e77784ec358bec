// SPDX-License-Identifier: Apache-2.0
// A scan asks who is not known, counts a refusal as an answer, and knows an absent bus from an answer.
#include "controller/app/bus_scan.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/app/broker_search.hpp"
#include "controller/settings/load.hpp"

namespace rytme::app {
namespace {

namespace json = boost::json;

struct Scan : testing::Test {
  settings::House house = settings::load("config");
  BusScan scan{house, 1};  // rtu1: hammock1 is 80, relay1 is 1
  json::value told() const { return json::parse(scan.text()); }
  void answer(std::uint8_t unit, BusOutcome outcome, bool up = true) {
    scan.take({{1, unit, RegisterArea::holding, 0, 1}, outcome, {}, {}}, up);
  }
};

TEST_F(Scan, AsksEachUnitThatNobodyHasOnce) {
  const auto reads = scan.begin();
  EXPECT_EQ(reads.size(), 245U);
  for (const auto& read : reads) {
    EXPECT_EQ(read.bus, 1);
    EXPECT_NE(read.unit, 80);
    EXPECT_NE(read.unit, 1);
    EXPECT_GE(read.unit, 1);
    EXPECT_LE(read.unit, 247);
    EXPECT_EQ(read.period.count(), 0);
  }
  EXPECT_TRUE(scan.running());
  EXPECT_EQ(told().at("left"), 245);
}

TEST_F(Scan, TellsWhoAnsweredAndWhoRefused) {
  scan.begin();
  answer(7, BusOutcome::ok);
  answer(8, BusOutcome::gone);
  answer(9, BusOutcome::gone, false);  // the bus, not the unit
  answer(10, BusOutcome::stale);
  answer(80, BusOutcome::ok);  // known, and not asked
  EXPECT_EQ(json::serialize(told().at("answered")), "[7,8]");
  EXPECT_EQ(json::serialize(told().at("known")),
            R"([{"unit":1,"devices":["relay1"]},{"unit":80,"devices":["hammock1"]}])");
  for (int unit = 1; unit <= 247; ++unit) answer(static_cast<std::uint8_t>(unit), BusOutcome::stale);
  EXPECT_FALSE(scan.running());
  EXPECT_EQ(told().at("state"), "done");
}

TEST_F(Scan, IsAbandonedWithWhatItHas) {
  EXPECT_EQ(told().at("state"), "idle");
  scan.begin();
  answer(7, BusOutcome::ok);
  scan.abandon();
  EXPECT_EQ(told().at("state"), "abandoned");
  EXPECT_EQ(json::serialize(told().at("answered")), "[7]");
}

TEST(Search, KnowsWhatTheSettingsHaveAlready) {
  const auto house = settings::load("config");
  EXPECT_EQ(known_as(house, {"zigbee2mqtt-light", "light.x", "", {{"topic", "zigbee2mqtt/ceiling"}}}),
            "ceiling");
  EXPECT_EQ(known_as(house, {"homie-sensor", "environment.x", "", {{"device", "player1"}}}), "player1");
  EXPECT_EQ(known_as(house, {"zigbee2mqtt-light", "light.x", "", {{"topic", "zigbee2mqtt/new"}}}), "");
  EXPECT_EQ(known_as(house, {}), "");
}

}  // namespace
}  // namespace rytme::app
