// SPDX-License-Identifier: Apache-2.0
#include "controller/app/homie_face.hpp"

#include <regex>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace rytme::app {
namespace {

std::vector<Preset> presets() {
  Preset preset;
  preset.id = "regulate-down";
  return {preset};
}

class Face : public testing::Test {
 protected:
  HomieFace face{"rom1", "Rommet", presets(), 1763};
  std::vector<MqttPublish> updated(const RoomState& state) {
    std::vector<MqttPublish> out;
    face.update(state, out);
    return out;
  }
  boost::json::object described() { return boost::json::parse(face.greeting().at(1).payload).as_object(); }
};

TEST_F(Face, DescribesItselfAsHomie5AndIsReadyLast) {
  auto said = face.greeting();
  EXPECT_EQ(said.front().payload, "init");
  EXPECT_EQ(said[1].topic, "homie/5/rytme-rom1/$description");
  const auto description = described();
  for (auto& value : updated({})) said.push_back(std::move(value));
  EXPECT_EQ(said.back().topic, "homie/5/rytme-rom1/$state");
  EXPECT_EQ(said.back().payload, "ready");
  for (std::size_t i = 1; i + 1 < said.size(); ++i) EXPECT_FALSE(said[i].topic.ends_with("$state"));
  EXPECT_EQ(description.at("homie").as_string(), "5.0");
  EXPECT_EQ(description.at("version").as_int64(), 1763);
  for (const auto* node : {"session", "stop", "light", "sound", "devices"})
    EXPECT_TRUE(description.at("nodes").as_object().contains(node)) << node;
  for (const auto& message : said) EXPECT_TRUE(message.retain) << message.topic;
  EXPECT_EQ(face.will().payload, "lost");
  EXPECT_EQ(face.farewell().back().payload, "disconnected");
}

// Homie 5: every value is one of a described property and fits its type; what is settable can be set.
TEST_F(Face, SaysNothingThatItHasNotDescribed) {
  const auto nodes = described().at("nodes").as_object();
  RoomState running;
  running.mode = RoomMode::running;
  running.preset = "regulate-down";
  running.session = "s";
  running.tempo_bpm = 72;
  running.light = {0.15, 0.3, 2200};
  for (const auto& message : updated(running)) {
    const std::string property = message.topic.substr(std::string("homie/5/rytme-rom1/").size());
    if (property == "$state" || message.payload.empty()) continue;
    const auto slash = property.find('/');
    const auto end = property.find('/', slash + 1);
    const auto& node = nodes.at(property.substr(0, slash)).at("properties").as_object();
    ASSERT_TRUE(node.contains(property.substr(slash + 1, end - slash - 1))) << property;
    const auto& about = node.at(property.substr(slash + 1, end - slash - 1)).as_object();
    const auto type = about.at("datatype").as_string();
    const std::string choices = type == "enum" ? "," + std::string(about.at("format").as_string()) + "," : "";
    const bool fits = type == "boolean" ? message.payload == "true" || message.payload == "false"
                      : type == "enum"  ? choices.find("," + message.payload + ",") != std::string::npos
                      : type == "string"
                          ? true
                          : std::regex_match(message.payload, std::regex("[0-9]+([.][0-9]+)?"));
    EXPECT_TRUE(fits) << property << " " << message.payload;
  }
  const std::map<std::string_view, const char*> example{{"boolean", "true"},
                                                        {"integer", "3000"},
                                                        {"float", "60"},
                                                        {"enum", "regulate-down"},
                                                        {"string", "rain"}};
  int settable = 0;
  for (const auto& node : nodes)
    for (const auto& entry : node.value().at("properties").as_object()) {
      const auto& about = entry.value().as_object();
      const std::string topic =
          "homie/5/rytme-rom1/" + std::string(node.key()) + "/" + std::string(entry.key()) + "/set";
      const bool taken =
          face.request(topic, example.at(std::string_view(about.at("datatype").as_string()))).has_value();
      EXPECT_EQ(taken, about.contains("settable")) << topic;
      settable += taken ? 1 : 0;
    }
  EXPECT_GE(settable, 10);
}

TEST_F(Face, ALightOnItsWayHasItsAimAsTarget) {
  RoomState state;
  state.light = {0.15, 0.3, 2200};
  std::map<std::string, std::string> said;
  for (const auto& message : updated(state)) said[message.topic] = message.payload;
  EXPECT_EQ(said["homie/5/rytme-rom1/light/level/$target"], "15.0");
  EXPECT_EQ(said["homie/5/rytme-rom1/light/level"], "30.0");
  state.light.level = 0.15;
  const auto then = updated(state);
  ASSERT_EQ(then.size(), 1U);
  EXPECT_EQ(then[0].topic, "homie/5/rytme-rom1/light/level");
  // A colour alone keeps the light that is aimed at.
  const auto colour =
      std::get<request::SetLight>(face.request("homie/5/rytme-rom1/light/cct/set", "4000").value());
  EXPECT_EQ(colour.level, 0.15);
  EXPECT_EQ(colour.cct_k, 4000);
}

TEST_F(Face, PublishesWhatChangedOnly) {
  RoomState state;
  std::vector<MqttPublish> out;
  face.update(state, out);
  EXPECT_GT(out.size(), 5U);
  out.clear();
  face.update(state, out);
  EXPECT_TRUE(out.empty());
  state.mode = RoomMode::running;
  face.update(state, out);
  ASSERT_EQ(out.size(), 1U);
  EXPECT_EQ(out[0].topic, "homie/5/rytme-rom1/session/state");
  EXPECT_EQ(out[0].payload, "running");
  out.clear();
  face.forget();
  face.update(state, out);
  EXPECT_GT(out.size(), 5U);
}

TEST_F(Face, ASetIsARequestAndNonsenseIsNone) {
  const auto ask = [&](const char* property, const char* payload) {
    return face.request(std::string("homie/5/rytme-rom1/") + property + "/set", payload);
  };
  EXPECT_TRUE(std::holds_alternative<request::StopAll>(ask("stop/trigger", "true").value()));
  EXPECT_EQ(std::get<request::SetLight>(ask("light/level", "60").value()).level, 0.6);
  EXPECT_EQ(std::get<request::StartSession>(ask("session/preset", "regulate-down").value()).preset,
            "regulate-down");
  for (const auto* wrong : {"", "101", "-1", "nan", "1e999", "60 ", "true"})
    EXPECT_FALSE(ask("light/level", wrong).has_value()) << wrong;
  EXPECT_FALSE(ask("stop/trigger", "1").has_value());
  EXPECT_FALSE(ask("stop/nothing", "true").has_value());
  EXPECT_FALSE(face.request("homie/5/other/stop/trigger/set", "true").has_value());
  EXPECT_FALSE(face.request("homie/5/rytme-rom1/stop/trigger", "true").has_value());
}

}  // namespace
}  // namespace rytme::app
