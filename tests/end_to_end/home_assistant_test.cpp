// SPDX-License-Identifier: Apache-2.0
// A home automation on the same broker: finds the room by its announcement and nothing else, and asks what it
// may.
#include <fstream>
#include <set>

#include <gtest/gtest.h>
#include <toml++/toml.h>

#include "tests/end_to_end/room_under_test.hpp"
#include "tests/support/broker.hpp"

namespace rytme::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// What config/mosquitto/acl proposes for it.
constexpr const char* rules = R"(
user homeassistant
topic readwrite homeassistant/#
topic read homie/5/rytme-rom1/#
topic write homie/5/rytme-rom1/session/+/set
topic write homie/5/rytme-rom1/stop/trigger/set
topic write homie/5/rytme-rom1/light/+/set
topic write homie/5/rytme-rom1/sound/+/set
user observer
topic read #
)";
constexpr const char* config_topic = "homeassistant/device/rytme-rom1/config";

class HomeAutomation : public testing::Test {
 protected:
  void serve(bool discovery) {
    controller_.reset();
    const auto config = folder_.path() / "config";
    std::filesystem::remove_all(config);
    std::filesystem::copy("config", config, std::filesystem::copy_options::recursive);
    std::ofstream(config / "broker.password") << "secret\n";
    auto room = toml::parse_file((config / "room.toml").string());
    room.insert_or_assign(
        "broker",
        toml::table{{"port", broker_.port()}, {"user", "rytme"}, {"password_file", "broker.password"}});
    room.insert_or_assign("web", toml::table{{"listen", "127.0.0.1:" + std::to_string(http_port_)}});
    room.insert_or_assign("home_assistant", toml::table{{"discovery", discovery}});
    std::ofstream(config / "room.toml") << room;
    controller_ = std::make_unique<Process>(
        std::vector<std::string>{RYTME_PROGRAM, "serve", "--config", config.string(), "--data",
                                 (folder_.path() / "data").string()},
        folder_.path() / "log");
  }
  bool said(Observer& listener, const std::string& topic, const std::string& payload, std::size_t from = 0) {
    return listener.wait(
        seconds{10}, [&](const Seen& seen) { return seen.topic == topic && seen.payload == payload; }, from);
  }
  std::string state() const {
    return std::string(http_get(http(), "/api/v1/room").json().as_object().at("state").as_string());
  }
  std::string http() const { return "http://127.0.0.1:" + std::to_string(http_port_); }
  // Everything that the broker holds.
  std::set<std::string> retained_topics() {
    Observer fresh("127.0.0.1", broker_.port(), "observer", "secret");
    fresh.listen(milliseconds{300});
    std::set<std::string> topics;
    for (const auto& seen : fresh.seen)
      if (seen.retained) topics.insert(seen.topic);
    return topics;
  }

  Broker broker_{{{"rytme", "secret"}, {"homeassistant", "secret"}, {"observer", "secret"}}, rules};
  TemporaryFolder folder_;
  int http_port_{free_port()};
  std::unique_ptr<Process> controller_;
  Observer home_{"127.0.0.1", broker_.port(), "homeassistant", "secret"};
};

TEST_F(HomeAutomation, StartsASessionByWhatWasAnnouncedAndIsRefusedARetainedPress) {
  serve(true);
  const std::string room = "homie/5/rytme-rom1/";
  ASSERT_TRUE(said(home_, room + "$state", "ready"));
  ASSERT_TRUE(home_.wait(seconds{5}, [](const Seen& seen) { return seen.topic == config_topic; }));
  boost::json::object announced;
  for (const auto& seen : home_.seen)
    if (seen.topic == config_topic) announced = boost::json::parse(seen.payload).as_object();
  const auto& components = announced.at("cmps").as_object();
  const auto topic = [&](const char* component, const char* key) {
    return std::string(components.at(component).at(key).as_string());
  };
  const std::string option(components.at("preset").at("options").at(0).as_string());

  // Kept on the broker it would be pressed again at every reconnect of the room.
  home_.publish(topic("preset", "command_topic"), option, 1, true);
  home_.listen(milliseconds{500});
  EXPECT_EQ(state(), "idle");
  EXPECT_NE(http_get(http(), "/metrics").body.find("rytme_requests_refused_total 1\n"), std::string::npos);
  home_.publish(topic("preset", "command_topic"), "", 1, true);
  home_.listen(milliseconds{200});
  EXPECT_EQ(state(), "idle");

  home_.publish(topic("preset", "command_topic"), option);
  EXPECT_TRUE(said(home_, topic("preset", "state_topic"), option));
  EXPECT_EQ(state(), "running");
  home_.publish(topic("stop", "command_topic"),
                std::string(components.at("stop").at("payload_press").as_string()));
  EXPECT_TRUE(said(home_, topic("stopped", "state_topic"), "true"));
  EXPECT_EQ(state(), "stopped");

  const auto before = home_.seen.size();
  home_.publish("homeassistant/status", "offline");
  home_.publish("homeassistant/status", "online");
  EXPECT_TRUE(home_.wait(
      seconds{5}, [](const Seen& seen) { return seen.topic == config_topic && !seen.payload.empty(); },
      before));

  for (const auto& kept : retained_topics()) EXPECT_FALSE(kept.ends_with("/set")) << kept;
  EXPECT_TRUE(retained_topics().contains(config_topic));
}

TEST_F(HomeAutomation, SwitchedOffTheRoomIsNotAnnouncedAnyMore) {
  serve(true);
  ASSERT_TRUE(home_.wait(seconds{10}, [](const Seen& seen) { return seen.topic == config_topic; }));
  const auto before = home_.seen.size();
  serve(false);
  ASSERT_TRUE(said(home_, config_topic, "", before));
  EXPECT_FALSE(retained_topics().contains(config_topic));
}

}  // namespace
}  // namespace rytme::test
