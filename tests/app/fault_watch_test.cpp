// SPDX-License-Identifier: Apache-2.0
// Faults as the room's people meet them: which rung is stood on, what is told, what is left alone.
#include "controller/app/fault_watch.hpp"

#include <algorithm>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/app/fault_rows.hpp"
#include "tests/app/fault_room.hpp"
#include "tests/app/simulated_room.hpp"

namespace rytme::test {
namespace {

using safety::Fault;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

Instant at(double s) { return Instant{} + rytme::seconds(s); }

TEST(FaultWatch, AFaultIsAsOldAsItsBeginningAndGoneWhenItEnds) {
  app::FaultWatch faults;
  faults.is(Fault::heart_unknown, std::nullopt, true, at(100));
  faults.is(Fault::heart_unknown, std::nullopt, true, at(105));
  EXPECT_EQ(faults.response(Fault::heart_unknown, at(109)), Response::hold);
  EXPECT_EQ(faults.response(Fault::heart_unknown, at(110)), Response::baseline);
  faults.is(Fault::heart_unknown, std::nullopt, false, at(111));
  EXPECT_FALSE(faults.there(Fault::heart_unknown));
  EXPECT_EQ(faults.response(Fault::heart_unknown, at(112)), Response::none);
}

TEST(FaultWatch, EachDeviceHasItsOwn) {
  app::FaultWatch faults;
  faults.is(Fault::device_down, DeviceIndex{1}, true, at(1));
  faults.is(Fault::device_down, DeviceIndex{2}, true, at(2));
  faults.is(Fault::device_down, DeviceIndex{1}, false, at(3));
  ASSERT_EQ(faults.rows().size(), 1U);
  EXPECT_EQ(faults.rows()[0].where, DeviceIndex{2});
}

web::FaultRow row(SimulatedRoom& room, std::string_view name) {
  const auto rows = app::fault_rows(room.house, room.core.faults(), room.core.silences(), room.now().steady);
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.fault == name; });
  return found == rows.end() ? web::FaultRow{} : *found;
}

TEST(Faults, EachSaysWhatHappensAndWhichDevicesItConcerns) {
  SimulatedRoom room;
  room.run(minutes{1});
  EXPECT_THAT(row(room, "lamp_flapping").devices, ElementsAre("ceiling", "floor", "wall-dimmer"));
  EXPECT_THAT(row(room, "heart_unknown").devices, ElementsAre("strap1"));
  EXPECT_THAT(row(room, "bus_down").devices, Contains("wall-dimmer"));
  EXPECT_EQ(row(room, "heart_unknown").steps.size(), 2U);
  EXPECT_EQ(row(room, "heart_unknown").steps[1].after_s, 10);
  EXPECT_THAT(row(room, "device_down").now, IsEmpty());
}

TEST(Faults, ASwingThatIsStuckIsUnknownThoughItGoesOnSending) {
  FaultRoom room(R"([[device]]
id = "swing"
place = "swing.motion"
profile = "rytme-motion"
params = { node = "swing" }
)");
  const auto is_told = [&] {
    const auto rows =
        app::fault_rows(room.house(), room.core().faults(), room.core().silences(), room.now().steady);
    return std::any_of(rows.begin(), rows.end(),
                       [](const auto& one) { return one.fault == "motion_unknown" && !one.now.empty(); });
  };
  const auto say = [&](int seq, double ax) {
    room.hear("homie/5/swing/motion/frame",
              boost::json::serialize(boost::json::object{{"v", 1},
                                                         {"boot", "b"},
                                                         {"seq", seq},
                                                         {"t_us", seq * 1'000'000},
                                                         {"dt_us", 10000},
                                                         {"ax", {ax, ax}},
                                                         {"ay", {0, 0}},
                                                         {"az", {9.8, 9.8}}}));
    room.run(1);
  };
  room.hear("homie/5/swing/$state", "ready", true);
  for (int i = 1; i < 10; ++i) say(i, 0.01 * i);
  EXPECT_FALSE(is_told());
  for (int i = 10; i < 80; ++i) say(i, 0.1);
  EXPECT_TRUE(is_told());
  say(80, 0.11);
  EXPECT_FALSE(is_told());
}

TEST(Faults, ALevelThatNobodyFollowsIsMissedByNobody) {
  SimulatedRoom room;
  room.run_until(minutes{1}, [&] { return room.state().heart.quality == Quality::good; });
  room.run(seconds{3});
  EXPECT_THAT(row(room, "heart_unknown").now, IsEmpty())
      << "there is a pulse, and no calm pulse to compare it with";
  room.ask(request::StartSession{"regulate-down", std::nullopt, true});
  room.ask(request::SetFollow{true, std::nullopt});
  room.run(seconds{3});
  EXPECT_EQ(row(room, "heart_unknown").now.size(), 1U);
}

TEST(Faults, ABrokerThatIsGoneIsThereUntilItIsBack) {
  SimulatedRoom room;
  room.run(seconds{5});
  room.broker(false);
  room.run(seconds{40});
  ASSERT_EQ(row(room, "broker_down").now.size(), 1U);
  EXPECT_NEAR(row(room, "broker_down").now[0].since_s, 40, 2);
  room.broker(true);
  room.run(seconds{2});
  EXPECT_THAT(row(room, "broker_down").now, IsEmpty());
}

class FlickeringLamp : public testing::Test {
 protected:
  FlickeringLamp() { room.run(minutes{1}); }
  void announce() {
    room.deliver({"zigbee2mqtt/ceiling/availability", R"({"state":"online"})", false, room.now().steady});
    room.run(seconds{5});
  }
  std::size_t commands(const std::string& topic) const {
    return static_cast<std::size_t>(
        std::count_if(room.published.begin(), room.published.end(),
                      [&](const auto& sent) { return sent.message.topic == topic; }));
  }
  SimulatedRoom room;
};

TEST_F(FlickeringLamp, IsToldAndLeftAlone) {
  for (int i = 0; i < 3; ++i) announce();
  EXPECT_THAT(room.state().devices_quarantined, IsEmpty());
  announce();
  EXPECT_THAT(room.state().devices_quarantined, ElementsAre("ceiling"));
  EXPECT_EQ(room.count_events("device_quarantined"), 1U);
  const auto before = commands("zigbee2mqtt/ceiling/set");
  room.ask(request::StartSession{"regulate-down", std::nullopt, false});
  room.run(minutes{2});
  EXPECT_EQ(commands("zigbee2mqtt/ceiling/set"), before);
  EXPECT_GT(commands("zigbee2mqtt/floor/set"), 0U);
  ASSERT_EQ(row(room, "lamp_flapping").now.size(), 1U);
  EXPECT_EQ(row(room, "lamp_flapping").now[0].device, "ceiling");
}

TEST_F(FlickeringLamp, ABrokerThatComesBackMakesNoLampFlicker) {
  for (int i = 0; i < 4; ++i) {
    room.broker(false);
    room.broker(true);
    announce();
  }
  EXPECT_THAT(room.state().devices_quarantined, IsEmpty());
}

TEST(Variants, StandOutsideEverySessionAndCountFromNowOn) {
  SimulatedRoom room;
  room.ask(request::StartSession{"regulate-down", "AB12", true});
  room.run(seconds{5});
  Variant variant;
  variant.top_level = 0.2;
  ASSERT_EQ(room.ask(request::SetVariant{"K7F", variant}).verdict, Verdict::done);
  EXPECT_EQ(room.core.variant_of("K7F"), variant);
  const auto found = std::find_if(room.entries.begin(), room.entries.end(), [](const JournalEntry& entry) {
    const auto* event = std::get_if<entry::Event>(&entry.what);
    return event != nullptr && event->kind == "variant";
  });
  ASSERT_NE(found, room.entries.end());
  EXPECT_EQ(found->session, "") << "it would tie one participant to another's session";
  const auto data = boost::json::parse(std::get<entry::Event>(found->what).data);
  EXPECT_EQ(data.at("participant"), "K7F");
  EXPECT_EQ(data.at("top_level"), 0.2);
}

}  // namespace
}  // namespace rytme::test
