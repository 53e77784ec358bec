// SPDX-License-Identifier: Apache-2.0
// What devices announce becomes a block that the settings accept; whatever else comes becomes nothing.
#include <algorithm>
#include <array>
#include <random>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/discovery/listener.hpp"
#include "controller/settings/load.hpp"
#include "tests/support/folder.hpp"

namespace rytme::discovery {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

MqttMessage message(std::string topic, std::string payload) {
  return {std::move(topic), std::move(payload), true, {}};
}

// zigbee2mqtt documentation, bridge/devices, shortened to what is read.
constexpr const char* bridge = R"([
  {"ieee_address":"0x1","type":"Coordinator","friendly_name":"Coordinator","definition":null},
  {"ieee_address":"0x2","type":"Router","friendly_name":"Stue tak","definition":{"vendor":"IKEA","model":"LED1545G12",
   "exposes":[{"type":"light","features":[{"type":"binary","name":"state"},{"type":"numeric","name":"brightness"},
   {"type":"numeric","name":"color_temp"}]},{"type":"numeric","name":"linkquality"}]}},
  {"ieee_address":"0x3","type":"Router","friendly_name":"gang","definition":{"vendor":"IKEA","model":"LED1623G12",
   "exposes":[{"type":"light","features":[{"name":"state"},{"name":"brightness"}]}]}},
  {"ieee_address":"0x4","type":"EndDevice","friendly_name":"huske","definition":{"vendor":"Aqara","model":"DJT11LM",
   "exposes":[{"type":"binary","name":"vibration"},{"type":"numeric","name":"battery"}]}},
  {"ieee_address":"0x5","type":"EndDevice","friendly_name":"plugg","definition":{"vendor":"X","model":"Y","exposes":[]}}])";

// Home Assistant documentation, MQTT light, with the abbreviations that ESPHome sends.
constexpr const char* esphome =
    R"({"schema":"json","cmd_t":"~/light/lampe/command","~":"stue","uniq_id":"ESPlightlampe",
  "name":"Lampe","dev":{"ids":"abc","name":"Stuelampe","mf":"espressif","mdl":"esp32dev"}})";

constexpr const char* homie_light =
    R"({"homie":"5.0","version":1,"name":"Gulvlampe","nodes":{"light":{"properties":
  {"level":{"datatype":"integer","settable":true}}}}})";
constexpr const char* homie_foreign =
    R"({"homie":"5.0","version":7,"name":"Dimmer","nodes":{"dim1":{"properties":
  {"brightness":{"datatype":"float","settable":true}}}}})";

std::vector<Found> all() {
  Listener listener("rytme-rom1");
  listener.hear(message("homie/5/lamp7/$state", "ready"));
  listener.hear(message("homie/5/lamp7/$description", homie_light));
  listener.hear(message("homie/5/dim-3/$description", homie_foreign));
  listener.hear(message("homie/5/rytme-rom1/$description", homie_light));
  listener.hear(message("zigbee2mqtt/bridge/devices", bridge));
  listener.hear(message("homeassistant/light/ESPlightlampe/config", esphome));
  listener.hear(message(
      "homeassistant/light/0x2/light/config",
      R"({"command_topic":"zigbee2mqtt/Stue tak/set","unique_id":"0x2_light","device":{"name":"Stue tak"}})"));
  return listener.found();
}

TEST(Discovery, EachAnnouncedDeviceOnceWithTheProfileThatFits) {
  std::vector<std::string> told;
  for (const auto& one : all())
    told.push_back(std::string(name_of(one.source)) + " " + one.id + " " + one.offer.profile);
  EXPECT_THAT(
      told, ElementsAre("homie dim-3 homie-device", "homie lamp7 homie-light",
                        "zigbee2mqtt Stue tak zigbee2mqtt-light", "zigbee2mqtt gang zigbee2mqtt-light-white",
                        "zigbee2mqtt huske zigbee2mqtt-vibration", "zigbee2mqtt plugg ",
                        "home_assistant ESPlightlampe esphome-light"));
  EXPECT_EQ(all()[1].state, "ready");
  EXPECT_EQ(all()[2].model, "IKEA LED1545G12");
  EXPECT_EQ(all()[6].offer.params.at("prefix"), "stue");
}

// What is offered can be put into room.toml as it is.
std::vector<std::string> problems_of(const std::string& blocks) {
  test::Folder folder;
  folder.lay("config");
  folder.write("room.toml", test::content_of("config/room.toml") + "\n" + blocks);
  std::vector<std::string> errors;
  for (const auto& problem : settings::check(folder.path()).problems)
    if (problem.severity == settings::Severity::error) errors.push_back(settings::to_text(problem));
  return errors;
}

TEST(Discovery, TheSettingsAcceptEveryBlockThatIsOffered) {
  std::vector<std::string> taken{"ceiling", "lamp7"};
  std::string blocks;
  int offered = 0;
  for (const auto& one : all()) {
    const auto block = block_of(one, taken);
    if (block.empty()) continue;
    ++offered;
    blocks += block + "\n";
    taken.push_back(block.substr(block.find("id = \"") + 6, block.find("\"\n") - block.find("id = \"") - 6));
  }
  EXPECT_EQ(offered, 6);
  EXPECT_THAT(problems_of(blocks), IsEmpty()) << blocks;
  EXPECT_THAT(problems_of("[[device]]\nid = \"x\"\n"), testing::Not(IsEmpty()));
}

TEST(Discovery, EveryKindOfHomieNodeHasABlockToo) {
  const std::array<const char*, 5> nodes{
      R"({"player":{"properties":{"volume":{}}}})", R"({"button":{"properties":{"action":{}}}})",
      R"({"hr":{"properties":{"sample":{}}}})", R"({"motion":{"properties":{"frame":{}}}})",
      R"({"climate":{"properties":{"temperature":{}}}})"};
  for (const auto* one : nodes) {
    const auto found = from_homie("node9", std::string(R"({"name":"Ny node","nodes":)") + one + "}");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_THAT(problems_of(block_of(found.front(), {})), IsEmpty()) << block_of(found.front(), {});
  }
}

TEST(Discovery, NamesOfPeopleBecomeIdsAndStayText) {
  EXPECT_EQ(slug("Stue tak (øst)"), "stue-tak-st");
  EXPECT_EQ(slug("--"), "");
  const Found odd{Source::zigbee2mqtt,
                  "a",
                  "",
                  "",
                  "",
                  {"zigbee2mqtt-light", "light.a", "", {{"topic", "zigbee2mqtt/\"\\\n\x7f"}}}};
  EXPECT_THAT(block_of(odd, {}), HasSubstr(R"(topic = "zigbee2mqtt/\"\\\u000A\u007F")"));
  EXPECT_THAT(block_of(odd, {"a", "a-2"}), HasSubstr("id = \"a-3\""));
  EXPECT_THAT(problems_of(block_of(odd, {})).size(),
              testing::Le(1U));  // a topic that cannot be, and nothing else
  const Found slave{Source::modbus,
                    "unit-7",
                    "",
                    "",
                    "",
                    {"wirenboard-wb-mdm3", "light.unit-7", "tcp1", {{"unit", "7"}, {"channel", "1"}}}};
  EXPECT_THAT(problems_of(block_of(slave, {})), IsEmpty()) << block_of(slave, {});
}

TEST(Discovery, HoldsABoundedAmountOfWhatever) {
  Listener listener("own");
  for (int i = 0; i < 5000; ++i)
    listener.hear(message("homie/5/n" + std::to_string(i) + "/$description", homie_light));
  EXPECT_TRUE(listener.full());
  EXPECT_LE(listener.found().size(), Listener::most_found);
  Listener large("own");
  const std::string much(300'000, ' ');
  for (int i = 0; i < 30; ++i) large.hear(message("zigbee2mqtt/bridge/devices", much));
  EXPECT_TRUE(large.full());
}

// Announcements that are cut, garbled or none: no crash, and nothing that settings could not read.
TEST(Discovery, WhateverIsAnnouncedEveryOfferReadsAsSettings) {
  const std::array<std::string, 4> good{bridge, esphome, homie_light, homie_foreign};
  const std::array<const char*, 5> topics{"zigbee2mqtt/bridge/devices", "homeassistant/light/x/config",
                                          "homie/5/lamp/$description", "homie/5/+/$description",
                                          "a\nb/bridge/devices"};
  std::mt19937 random(7);
  std::string blocks;
  std::vector<std::string> taken;
  for (int i = 0; i < 4000; ++i) {
    std::string payload = good.at(random() % good.size());
    for (auto changes = random() % 4; changes > 0; --changes) {
      const auto where = random() % payload.size();
      switch (random() % 3) {
        case 0:
          payload.resize(where + 1);
          break;
        case 1:
          payload[where] = static_cast<char>(random());
          break;
        default:
          payload.insert(where, payload.substr(random() % payload.size(), 9));
      }
    }
    Listener listener("own");
    listener.hear(message(topics.at(random() % topics.size()), payload));
    for (const auto& one : listener.found()) {
      const auto block = block_of(one, {});
      if (block.empty() || i % 100 != 0) continue;
      for (const auto& problem : problems_of(block))
        EXPECT_THAT(problem, testing::Not(HasSubstr("not TOML"))) << block;
    }
  }
}

}  // namespace
}  // namespace rytme::discovery
