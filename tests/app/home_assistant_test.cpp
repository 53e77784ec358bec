// SPDX-License-Identifier: Apache-2.0
// The announcement against the rules and examples of the reference fixture, and against what Homie describes.
#include "controller/app/home_assistant.hpp"

#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/app/homie_face.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::app {
namespace {

namespace json = boost::json;

settings::House house(bool discovery = true) {
  settings::House house;
  house.room.id = "rom1";
  house.room.name = "Rommet";
  house.home_assistant.discovery = discovery;
  for (const char* id : {"regulate-down", "regulate-up"}) house.presets.emplace_back().id = id;
  return house;
}

json::object announced() {
  return json::parse(HomeAssistant(house(), "0.1.0").announcement().payload).as_object();
}

std::string text(const json::value& value) { return json::value_to<std::string>(value); }

json::object fixture() {
  std::ifstream file(test::shared("devices/mqtt/ha_discovery.json"));
  std::ostringstream content;
  content << file.rdbuf();
  return json::parse(content.str()).as_object();
}

// A rule of the fixture as a pattern: "<prefix>/device/<object_id>/config".
std::regex pattern_of(std::string rule, const std::string& charset) {
  rule = std::regex_replace(rule, std::regex("<prefix>"), "[^+#]+");
  return std::regex(std::regex_replace(rule, std::regex("<object_id>"), charset + "+"));
}

TEST(HomeAssistant, KeepsTheRulesOfTheFixture) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto rules = fixture().at("rules").as_object();
  const std::string charset = text(rules.at("id_charset"));
  const auto message = HomeAssistant(house(), "0.1.0").announcement();
  EXPECT_TRUE(std::regex_match(message.topic, pattern_of(text(rules.at("device_topic")), charset)))
      << message.topic;
  EXPECT_EQ(message.retain, rules.at("retain").as_bool());
  const auto payload = announced();
  for (const auto& rule : rules.at("device_mandatory").as_array()) {
    const std::string key = text(rule).substr(0, text(rule).find(' '));
    EXPECT_TRUE(payload.contains(key)) << key;
  }
  EXPECT_FALSE(text(payload.at("o").at("name")).empty());
  const auto& modes = rules.at("availability_mode_values").as_array();
  EXPECT_NE(std::find(modes.begin(), modes.end(), payload.at("availability_mode")), modes.end());
  const std::regex id(charset + "+");
  std::set<std::string> unique;
  for (const auto& component : payload.at("cmps").as_object()) {
    EXPECT_TRUE(std::regex_match(std::string(component.key()), id)) << component.key();
    EXPECT_TRUE(std::regex_match(text(component.value().at("unique_id")), id));
    EXPECT_TRUE(unique.insert(text(component.value().at("unique_id"))).second) << "twice";
    EXPECT_FALSE(text(component.value().at("p")).empty());
  }
  const HomeAssistant announcer(house(), "0.1.0");
  ASSERT_EQ(announcer.subscriptions().size(), 1U);
  EXPECT_EQ(announcer.subscriptions()[0].filter, text(rules.at("birth_topic")));
  EXPECT_TRUE(HomeAssistant::is_birth(text(rules.at("birth_payloads").at(0))));
  EXPECT_FALSE(HomeAssistant::is_birth(text(rules.at("birth_payloads").at(1))));
}

// Every key that the fixture's example of the controller has is there and of the same type.
TEST(HomeAssistant, IsMadeLikeTheExampleOfTheFixture) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  int compared = 0;
  const auto all = fixture();
  const auto payload = announced();
  const auto alike = [&](const json::object& ours, const json::object& theirs) {
    for (const auto& entry : theirs) {
      ASSERT_TRUE(ours.contains(entry.key())) << entry.key();
      EXPECT_EQ(ours.at(entry.key()).kind(), entry.value().kind()) << entry.key();
      ++compared;
    }
  };
  for (const auto& example : all.at("examples").as_array()) {
    if (example.at("id") != "controller_device_config") continue;
    alike(payload, example.at("payload").as_object());
    alike(payload.at("dev").as_object(), example.at("payload").at("dev").as_object());
    EXPECT_EQ(payload.at("availability").at(0).at("value_template"),
              example.at("payload").at("availability").at(0).at("value_template"));
  }
  EXPECT_GE(compared, 9);
}

// What is announced is what Homie describes, and what is pressed is what Homie takes.
TEST(HomeAssistant, EveryTopicIsOneOfHomies) {
  const HomieFace face("rom1", "Rommet", house().presets, 1);
  const auto nodes = json::parse(face.greeting().at(1).payload).at("nodes").as_object();
  const std::string base = "homie/5/rytme-rom1/";
  const auto described = [&](const std::string& topic) {
    const auto slash = topic.find('/', base.size());
    const auto* node = nodes.if_contains(topic.substr(base.size(), slash - base.size()));
    return topic.starts_with(base) && node != nullptr &&
           node->at("properties").as_object().contains(topic.substr(slash + 1));
  };
  int commands = 0;
  const auto payload = announced();
  for (const auto& entry : payload.at("cmps").as_object()) {
    const auto& component = entry.value().as_object();
    const auto* state = component.if_contains("state_topic");
    EXPECT_TRUE(state == nullptr || described(text(*state))) << entry.key();
    const auto* command = component.if_contains("command_topic");
    if (command == nullptr) continue;
    std::vector<std::string> said;
    if (const auto* press = component.if_contains("payload_press")) said.push_back(text(*press));
    if (const auto* options = component.if_contains("options"))
      for (const auto& option : options->as_array()) said.push_back(text(option));
    for (const char* bound : {"min", "max"})
      if (const auto* number = component.if_contains(bound))
        said.push_back(std::to_string(number->as_int64()));
    EXPECT_FALSE(said.empty()) << entry.key();
    for (const auto& word : said) EXPECT_TRUE(face.request(text(*command), word)) << *command << " " << word;
    ++commands;
  }
  EXPECT_GE(commands, 5);
}

TEST(HomeAssistant, SaysNothingAboutAPersonAndOffersNoEndOfAStop) {
  const std::string payload = HomeAssistant(house(), "0.1.0").announcement().payload;
  for (const char* word :
       {"heart", "pulse", "puls", "hr.", "bpm", "participant", "deltaker", "arousal", "rating", "stop/reset"})
    EXPECT_THAT(payload, testing::Not(testing::HasSubstr(word)));
}

TEST(HomeAssistant, OffMeansAskingNothingAndTakingAnEarlierAnnouncementBack) {
  const HomeAssistant off(house(false), "0.1.0");
  EXPECT_TRUE(off.subscriptions().empty());
  EXPECT_FALSE(off.is_mine("homeassistant/status"));
  EXPECT_EQ(off.announcement().payload, "");
  EXPECT_TRUE(off.announcement().retain);
  EXPECT_EQ(off.announcement().topic, HomeAssistant(house(), "0.1.0").announcement().topic);
}

TEST(HomeAssistant, HasTheWordsOfTheRoomsLanguage) {
  auto english = house();
  english.room.language = "en";
  EXPECT_THAT(HomeAssistant(english, "1").announcement().payload, testing::HasSubstr("Stop all"));
  EXPECT_THAT(HomeAssistant(house(), "1").announcement().payload, testing::HasSubstr("Stopp alt"));
}

}  // namespace
}  // namespace rytme::app
