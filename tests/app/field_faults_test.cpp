// SPDX-License-Identifier: Apache-2.0
// What devices do wrong in the field, by the reference data's stimuli, through the live path: what the room
// must make of each.
#include <algorithm>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "tests/app/fault_room.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

using boost::json::object;
using boost::json::value;

constexpr const char* lamp = R"(
[[device]]
id = "ceiling"
place = "light.main"
profile = "zigbee2mqtt-light"
params = { topic = "zigbee2mqtt/ceiling" }
curve = "linear"
)";
constexpr const char* lamp_topic = "zigbee2mqtt/ceiling";
constexpr const char* set_topic = "zigbee2mqtt/ceiling/set";
constexpr double full = 254;

struct Step {
  double at_s{};
  std::string way, payload;
};

std::vector<Step> stimulus(const std::string& id) {
  std::vector<Step> steps;
  const object fault = shared_fault(id);
  for (const value& row : fault.at("stimulus").as_array()) {
    const auto& step = row.as_array();
    steps.push_back(
        {step[0].to_number<double>(), std::string(step[1].as_string()), std::string(step[2].as_string())});
  }
  return steps;
}

object json_of(const std::string& text) { return boost::json::parse(text).as_object(); }

double brightness(const std::string& payload) {
  return json_of(payload).at("brightness").to_number<double>();
}

class FieldFault : public testing::Test {
 protected:
  void SetUp() override {
    if (!shared_available()) GTEST_SKIP() << "no reference data";
  }
  // The lamp is known to be at `raw`, nothing is on its way.
  static void settle(FaultRoom& room, int raw) {
    room.hear("zigbee2mqtt/bridge/state", R"({"state":"online"})");
    room.hear(lamp_topic, R"({"state":"ON","brightness":)" + std::to_string(raw) + "}");
    room.run(5);
  }
};

TEST_F(FieldFault, EchoesOnTheWayAreNoOverrideAndNoFight) {
  const auto steps = stimulus("z2m_transition_echo");
  FaultRoom room(lamp);
  settle(room, 30);
  const double wanted = brightness(steps[0].payload);
  room.ask(request::SetLight{wanted / full, std::nullopt});
  const auto first = room.sent(set_topic).back();
  const double fade_s = json_of(first.message.payload).at("transition").to_number<double>();
  const double stretch = fade_s / json_of(steps[0].payload).at("transition").to_number<double>();
  const auto manual = room.state().manual;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    room.run_to(first.at + seconds(steps[i].at_s * stretch));
    room.hear(lamp_topic, steps[i].payload);
    EXPECT_EQ(room.state().manual, manual) << steps[i].payload;
    EXPECT_NEAR(room.state().light.target, wanted / full, 1e-6) << steps[i].payload;
  }
  room.run(60);
  EXPECT_EQ(room.sent(set_topic).size(), 1U) << "something was sent against an echo";
  EXPECT_EQ(brightness(first.message.payload), wanted);
  EXPECT_GE(room.confirmed(), 1U);  // 98 is 100
  EXPECT_EQ(room.events("command_unconfirmed"), 0U);
}

TEST_F(FieldFault, OffByOneIsReachedAndNotSentAgain) {
  const auto steps = stimulus("z2m_off_by_one");
  FaultRoom room(lamp);
  settle(room, 190);
  const double wanted = brightness(steps[0].payload);
  room.ask(request::SetLight{wanted / full, std::nullopt});
  const auto sent_at = room.sent(set_topic).back().at;
  for (std::size_t i = 1; i < steps.size(); ++i) {
    room.run_to(sent_at + seconds(steps[i].at_s));
    room.hear(lamp_topic, steps[i].payload);
  }
  room.run(60);
  EXPECT_EQ(room.sent(set_topic).size(), 1U);
  EXPECT_EQ(room.confirmed(), 1U);
}

TEST_F(FieldFault, OnIsNeverSentWithoutItsLevel) {
  FaultRoom room(lamp);
  settle(room, 20);
  room.ask(request::StartSession{"regulate-down", std::nullopt, false});
  room.run(60);
  for (const auto& step : stimulus("z2m_on_jumps_to_max"))
    if (step.way == "in") room.hear(lamp_topic, step.payload);
  room.run(60);
  room.ask(request::StopAll{});
  room.run(5);
  const auto sent = room.sent(set_topic);
  ASSERT_GT(sent.size(), 5U);
  for (const auto& row : sent) {
    const auto payload = json_of(row.message.payload);
    EXPECT_TRUE(payload.at("state") != "ON" || payload.contains("brightness")) << row.message.payload;
  }
  for (const auto& step : stimulus("z2m_on_jumps_to_max"))
    for (const auto& row : sent)
      EXPECT_TRUE(step.way != "out" || json_of(row.message.payload) != json_of(step.payload));
}

TEST_F(FieldFault, TwoWishesInQuickSuccessionAreOneMessageWithBoth) {
  const auto steps = stimulus("z2m_second_set_lost");
  FaultRoom room(lamp);
  settle(room, 60);
  const double level = brightness(steps[0].payload) / full;
  const double cct_k = 1e6 / json_of(steps[1].payload).at("color_temp").to_number<double>();
  room.ask(request::SetLight{level, std::nullopt});
  const auto before = room.sent(set_topic).size();
  room.run(steps[1].at_s);
  room.ask(request::SetLight{level, cct_k});
  room.run(0.5);
  const auto sent = room.sent(set_topic);
  ASSERT_GT(sent.size(), before);
  const auto second = json_of(sent.at(before).message.payload);
  EXPECT_TRUE(second.contains("brightness") && second.contains("color_temp"))
      << sent.at(before).message.payload;
  for (std::size_t i = 1; i < sent.size(); ++i)
    EXPECT_GE(sent[i].at - sent[i - 1].at, std::chrono::milliseconds(100));
}

TEST_F(FieldFault, ALostCommandIsSentOnceMoreAndThenSaid) {
  FaultRoom room(lamp);
  settle(room, 60);
  room.ask(request::SetLight{0.5, std::nullopt});
  room.run(60);
  const auto sent = room.sent(set_topic);
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(brightness(sent.front().message.payload), brightness(sent.back().message.payload));
  EXPECT_EQ(room.events("command_unconfirmed"), 1U);
  room.run(600);
  EXPECT_EQ(room.sent(set_topic).size(), sent.size()) << "no loop";
  EXPECT_EQ(room.events("command_unconfirmed"), 1U);
}

TEST_F(FieldFault, ADuplicateChangesNothing) {
  const auto steps = stimulus("duplicate_echo");
  FaultRoom room(lamp);
  settle(room, 60);
  room.hear(lamp_topic, steps[0].payload);
  const auto generation = room.state().generation;
  const auto sent = room.sent(set_topic).size();
  room.run(steps[1].at_s);
  room.hear(lamp_topic, steps[1].payload);
  EXPECT_EQ(room.state().generation, generation);
  EXPECT_EQ(room.sent(set_topic).size(), sent);
  EXPECT_EQ(room.core().watch().last_heard(0), room.now().steady);  // the age is refreshed
}

constexpr const char* tasmota = R"(
[[device]]
id = "bulb"
place = "light.main"
profile = "tasmota-light"
params = { topic = "TOPIC" }
curve = "linear"
)";

std::string tasmota_room(const std::string& topic) {
  std::string text = tasmota;
  return text.replace(text.find("TOPIC"), 5, topic);
}

// "cmnd/tasmota/POWER ON"
std::pair<std::string, std::string> topic_and_payload(const std::string& line) {
  const auto blank = line.find(' ');
  return {line.substr(0, blank), line.substr(blank + 1)};
}

TEST_F(FieldFault, ARetainedCommandIsReportedOnceAndNeverOurs) {
  const auto said = topic_and_payload(stimulus("retained_command").at(0).payload);
  const auto &topic = said.first, &payload = said.second;
  FaultRoom room(tasmota_room("tasmota"));
  const auto subscribed = room.core().subscriptions();
  const auto own = std::find_if(subscribed.begin(), subscribed.end(),
                                [&](const MqttSubscription& one) { return one.filter == topic; });
  ASSERT_NE(own, subscribed.end());
  EXPECT_TRUE(own->tells_retained) << "also when it comes while we are connected";
  room.hear(topic, payload, true);
  room.hear(topic, payload, true);
  EXPECT_EQ(room.events("retained_command"), 1U);
  EXPECT_EQ(room.core().devices().refused(devices::Refusal::retained), 2U);
  room.ask(request::SetLight{0.5, std::nullopt});
  room.run(30);
  EXPECT_FALSE(room.ever_retained());
}

TEST_F(FieldFault, ARetainedCommandIsClearedWhereTheOperatorAllowsIt) {
  const auto said = topic_and_payload(stimulus("retained_command").at(0).payload);
  const auto &topic = said.first, &payload = said.second;
  FaultRoom room("[broker]\nclear_retained_commands = true\n" + tasmota_room("tasmota"));
  room.hear(topic, payload, true);
  const auto cleared = room.sent(topic);
  ASSERT_EQ(cleared.size(), 1U);
  EXPECT_TRUE(cleared[0].message.retain);
  EXPECT_EQ(cleared[0].message.payload, "");
}

TEST_F(FieldFault, ADevicesClockIsNotUsed) {
  const auto [topic, payload] = topic_and_payload(stimulus("clock_1970").at(0).payload);
  FaultRoom room(tasmota_room("hotWater"));
  room.run(2);
  room.hear(topic, payload);
  EXPECT_FALSE(room.core().watch().last_heard(0));
  auto state = json_of(payload);
  state["POWER"] = "ON";
  state["Dimmer"] = 40;
  room.hear("tele/hotWater/STATE", boost::json::serialize(state));
  EXPECT_EQ(room.core().watch().last_heard(0), room.now().steady);
}

constexpr const char* strap = R"(
[[device]]
id = "strap"
place = "heart.1"
profile = "heart-rate-ant-mqtt"
params = { id = "12345" }
)";
constexpr const char* pulse_topic = "antplus/heartrate/12345/computed_heartrate";

void play(FaultRoom& room, const std::vector<Step>& steps, const std::function<void(double)>& after) {
  const auto begin = room.now().steady;
  for (const auto& step : steps) {
    room.run_to(begin + seconds(step.at_s));
    room.hear(pulse_topic, step.payload);
    after(step.at_s);
  }
}

TEST_F(FieldFault, AZeroIsNoPulseAndNeverASlowOne) {
  FaultRoom room(strap);
  room.ask(request::StartSession{"regulate-down", std::nullopt, true});
  const auto steps = stimulus("hr_zero");
  const double pulse = std::stod(steps[0].payload);
  play(room, steps, [&](double) {
    const auto heart = room.state().heart;
    EXPECT_EQ(heart.bpm.value_or(pulse), pulse);
  });
  room.run(6);
  EXPECT_FALSE(room.state().heart.bpm);
  EXPECT_EQ(room.state().heart.quality, Quality::unknown);
  for (const double value : room.values(Capability::hr_bpm)) EXPECT_FALSE(value < pulse) << value;
}

TEST_F(FieldFault, AfterZerosTheLastPulseAgesOut) {
  FaultRoom room(strap);
  const auto begin = room.now().steady;
  double last_good_s = 0;
  const auto steps = stimulus("hr_zero_burst");
  for (const auto& step : steps)
    if (step.payload != "0") last_good_s = step.at_s;
  const double ttl_s = room.core().devices().ttl_s(0, Capability::hr_sample);
  ASSERT_LE(ttl_s, 5);
  play(room, steps, [&](double at_s) {
    EXPECT_EQ(room.state().heart.bpm.has_value(), at_s - last_good_s <= ttl_s) << at_s;
  });
  room.run_to(begin + seconds(last_good_s + ttl_s + 0.01));
  EXPECT_FALSE(room.state().heart.bpm);
  EXPECT_NE(room.core().watch().presence(0), app::Presence::lost);  // its messages go on
}

TEST_F(FieldFault, AFrozenPulseIsNotGood) {
  FaultRoom room(strap);
  const auto steps = stimulus("hr_flat_line");
  const auto begin = room.now().steady;
  for (double at_s = 0; at_s <= steps.back().at_s; ++at_s) {
    room.run_to(begin + seconds(at_s));
    room.hear(pulse_topic, steps[0].payload);
    EXPECT_TRUE(at_s <= 31 || room.state().heart.quality != Quality::good) << at_s;
    EXPECT_TRUE(at_s <= 45 || !room.state().heart.bpm) << at_s;  // and then it is none
  }
}

constexpr const char* raw_strap = R"(
[[device]]
id = "strap"
place = "heart.1"
profile = "heart-rate-2a37"
params = { topic = "gateway/strap" }
)";

// One second after another, and then a session that begins from the pulse where there is one to trust.
double tempo_after(const std::string& frame) {
  FaultRoom room(raw_strap);
  for (int i = 0; i < 20; ++i) {
    room.hear("gateway/strap", frame);
    room.run(1);
  }
  room.ask(request::StartSession{"regulate-down", std::nullopt, false});
  room.run(0.5);
  return room.state().tempo_bpm.value_or(0);
}

TEST_F(FieldFault, NothingIsStartedFromARateThatNobodyMayWear) {
  (void)shared_fault("hr_off_skin");
  const double without = tempo_after("00 00");     // no data at all
  EXPECT_EQ(tempo_after("00 5F"), without);        // 95, neither contact nor RR
  EXPECT_EQ(tempo_after("04 5F"), without);        // contact supported and lost
  EXPECT_NE(tempo_after("06 5F"), without);        // worn
  EXPECT_NE(tempo_after("10 5F 88 02"), without);  // RR beside it
  FaultRoom room(raw_strap);
  room.hear("gateway/strap", "00 5F");
  EXPECT_EQ(room.state().heart.bpm, 95.0);  // shown, with its quality
  EXPECT_EQ(room.state().heart.quality, Quality::doubtful);
}

TEST_F(FieldFault, ADisconnectedGatewayHasNoPulse) {
  FaultRoom room(R"(
[[device]]
id = "strap"
place = "heart.1"
profile = "heart-rate-streampulse"
params = {}
)");
  room.hear("streampulse/connected", "true", true);
  room.hear("streampulse/heart_rate", "72");
  EXPECT_TRUE(room.state().heart.bpm);
  room.hear("streampulse/connected", "false");
  EXPECT_FALSE(room.state().heart.bpm);
}

}  // namespace
}  // namespace rytme::test
