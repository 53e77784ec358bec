// SPDX-License-Identifier: Apache-2.0
#include "controller/app/homie_face.hpp"

#include <boost/json.hpp>
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
  HomieFace face{"rom1", "Rommet", presets()};
};

TEST_F(Face, DescribesItselfAsHomie5AndIsReadyLast) {
  const auto greeting = face.greeting();
  EXPECT_EQ(greeting.front().payload, "init");
  EXPECT_EQ(greeting.back().topic, "homie/5/rytme-rom1/$state");
  EXPECT_EQ(greeting.back().payload, "ready");
  const auto description = boost::json::parse(greeting[1].payload);
  EXPECT_EQ(description.at("homie").as_string(), "5.0");
  for (const auto* node : {"session", "stop", "light", "sound", "devices"})
    EXPECT_TRUE(description.at("nodes").as_object().contains(node)) << node;
  for (const auto& message : greeting) EXPECT_TRUE(message.retain);
  EXPECT_EQ(face.will().payload, "lost");
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
