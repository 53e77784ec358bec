// SPDX-License-Identifier: Apache-2.0
// Devices that restart, refuse or do not answer.
#include <gtest/gtest.h>

#include "tests/app/fault_room.hpp"

namespace rytme::test {
namespace {

using boost::json::object;

object json_of(const std::string& text) { return boost::json::parse(text).as_object(); }

constexpr const char* dimmer = R"(
[[device]]
id = "dimmer"
place = "light.main"
profile = "shelly-gen2-light"
params = { prefix = "shelly1", src = "rytme-dimmer" }
curve = "linear"
)";

TEST(Recovery, ARestartedDeviceIsSetUpAskedAndToldAgain) {
  FaultRoom room(dimmer);
  room.hear("shelly1/online", "true", true);
  room.hear("shelly1/status/light:0", R"({"id":0,"source":"mqtt","output":true,"brightness":40})");
  room.run(5);
  room.ask(request::SetLight{0.5, std::nullopt});
  room.run(0.1);
  room.hear("rytme-dimmer/rpc", R"({"id":1,"src":"shelly1","dst":"rytme-dimmer","result":{"was_on":true}})");
  room.run(1);
  room.hear("shelly1/status/light:0", R"({"id":0,"source":"mqtt","output":true,"brightness":50})");
  room.run(10);
  const auto commands = room.sent("shelly1/rpc").size();
  EXPECT_EQ(room.events("command_unanswered") + room.events("command_unconfirmed"), 0U);
  const auto asked = room.sent("shelly1/command").size();
  room.hear("shelly1/status/light:0", R"({"id":0,"source":"init","output":false,"brightness":50})");
  EXPECT_EQ(room.events("device_restarted"), 1U);
  EXPECT_EQ(room.sent("shelly1/command").size(), asked + 1);
  room.run(10);
  ASSERT_GT(room.sent("shelly1/rpc").size(), commands);
  const auto last = json_of(room.sent("shelly1/rpc").back().message.payload).at("params").as_object();
  EXPECT_EQ(last.at("brightness").to_number<int>(), 50);
}

TEST(Recovery, ACommandThatIsRefusedOrNotAnsweredIsSaid) {
  FaultRoom room(dimmer);
  room.hear("shelly1/status/light:0", R"({"id":0,"output":true,"brightness":40})");
  room.run(5);
  room.ask(request::SetLight{0.5, std::nullopt});
  room.hear("rytme-dimmer/rpc", R"({"id":1,"error":{"code":-103,"message":"No handler"}})");
  EXPECT_EQ(room.events("command_refused"), 1U);
  room.ask(request::SetLight{0.6, std::nullopt});
  room.run(120);
  EXPECT_EQ(room.events("command_unanswered"), 1U);
}

TEST(Recovery, EffectsAreSwitchedOffWheneverTheLampComesBack) {
  FaultRoom room(R"(
[[device]]
id = "strip"
place = "light.main"
profile = "wled"
params = { topic = "wled/a1b2c3" }
)");
  const auto setups = [&] {
    std::size_t count = 0;
    for (const auto& row : room.sent("wled/a1b2c3/api"))
      count += row.message.payload == R"({"seg":[{"fx":0}]})" ? 1U : 0U;
    return count;
  };
  EXPECT_EQ(setups(), 1U);
  room.hear("wled/a1b2c3/status", "online", true);
  room.hear("wled/a1b2c3/g", "100");
  room.hear("wled/a1b2c3/status", "offline", true);
  room.hear("wled/a1b2c3/status", "online", true);
  EXPECT_EQ(setups(), 2U);
}

}  // namespace
}  // namespace rytme::test
