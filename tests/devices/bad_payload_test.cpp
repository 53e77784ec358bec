// SPDX-License-Identifier: Apache-2.0
// Whatever arrives: nothing changes, it is counted, and the next good message counts again.
#include <gtest/gtest.h>

#include "tests/devices/bench.hpp"

namespace rytme::test {
namespace {

using devices::Refusal;

constexpr const char* room = R"(
[[device]]
id = "ceiling"
place = "light.main"
profile = "zigbee2mqtt-light"
params = { topic = "zigbee2mqtt/ceiling" }
[[device]]
id = "player"
place = "music.main"
profile = "homie-player"
params = { node = "player1" }
)";
constexpr const char* ceiling = "zigbee2mqtt/ceiling";

struct Bad {
  std::string name, topic, payload;
  Refusal why;
};

std::string nested(std::size_t depth) {
  return R"({"state":"OFF","x":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
}

const std::vector<Bad> bad{
    {"empty", ceiling, "", Refusal::malformed},
    {"cut", ceiling, R"({"state":"OF)", Refusal::malformed},
    {"trailing", ceiling, R"({"state":"OFF"} x)", Refusal::malformed},
    {"nan", ceiling, R"({"state":"OFF","brightness":NaN})", Refusal::malformed},
    {"deep", ceiling, nested(1000), Refusal::malformed},
    {"not_utf8", ceiling, "{\"state\":\"\xff\xfe\"}", Refusal::malformed},
    {"list", ceiling, R"([1,2,3])", Refusal::wrong_type},
    {"number", ceiling, "12", Refusal::wrong_type},
    {"text_level", ceiling, R"({"state":"OFF","brightness":"12"})", Refusal::wrong_type},
    {"object_level", ceiling, R"({"state":"OFF","brightness":{"a":1}})", Refusal::wrong_type},
    {"unknown_state", ceiling, R"({"state":"MAYBE","brightness":12})", Refusal::wrong_type},
    {"negative", ceiling, R"({"state":"OFF","brightness":-1})", Refusal::out_of_range},
    {"too_bright", ceiling, R"({"state":"OFF","brightness":256})", Refusal::out_of_range},
    {"enormous", ceiling, R"({"state":"OFF","brightness":1e300})", Refusal::out_of_range},
    {"no_mired", ceiling, R"({"state":"OFF","color_temp":0})", Refusal::out_of_range},
    {"huge", ceiling, R"({"state":"OFF","x":")" + std::string(70'000, 'x') + "\"}", Refusal::too_large},
    {"nan_text", "homie/5/player1/player/volume", "nan", Refusal::malformed},
    {"infinite", "homie/5/player1/player/volume", "inf", Refusal::malformed},
    {"words", "homie/5/player1/player/volume", "12 apples", Refusal::malformed},
    {"loud", "homie/5/player1/player/volume", "101", Refusal::out_of_range},
    {"maybe_muted", "homie/5/player1/player/mute", "perhaps", Refusal::wrong_type},
    {"long_track", "homie/5/player1/player/track", std::string(5000, 'x'), Refusal::too_large},
    {"strange_state", "homie/5/player1/$state", "sideways", Refusal::wrong_type},
    {"stranger", "somebody/else", "1", Refusal::unknown_topic},
};

TEST(BadPayload, ChangesNothingAndIsCounted) {
  for (const Bad& item : bad) {
    Bench bench(room);
    bench.say(ceiling, R"({"state":"ON","brightness":127,"color_temp":370})");
    EXPECT_TRUE(bench.say(item.topic, item.payload).empty()) << item.name;
    EXPECT_EQ(bench.devices().refused(item.why), 1U) << item.name << ": " << bench.devices().last_refusal();
    EXPECT_EQ(bench.refused(), 1U) << item.name;
    // A message without a state shows what is remembered: still on, still 127.
    bench.say(ceiling, R"({"state":"ON"})");
    EXPECT_DOUBLE_EQ(*bench.last(Capability::light_level), 127.0 / 254) << item.name;
  }
}

TEST(BadPayload, RefusalNamesTopicAndReasonButNotThePayload) {
  Bench bench(room);
  bench.say(ceiling, R"({"state":"secret"})");
  const std::string said(bench.devices().last_refusal());
  EXPECT_EQ(said.find("zigbee2mqtt/ceiling: wrong type: "), 0U) << said;
  EXPECT_EQ(said.find("secret"), std::string::npos);
}

TEST(BadPayload, AbsentAndNullFieldsChangeNothingAndAreNoFault) {
  Bench bench(room);
  bench.say(ceiling, R"({"state":"ON","brightness":127})");
  const auto said = bench.say(ceiling, R"({"linkquality":9,"brightness":null})");
  ASSERT_EQ(said.size(), 1U);
  EXPECT_EQ(std::get<Reading>(said[0]).capability, Capability::device_lqi);
  EXPECT_EQ(bench.refused(), 0U);
}

}  // namespace
}  // namespace rytme::test
