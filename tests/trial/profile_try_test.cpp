// SPDX-License-Identifier: Apache-2.0
// Every example of the reference fixtures through the shipped profiles: none is read or sent in another way
// than its source says. What comes out is in the fixtures, not here.
#include "controller/trial/profile_try.hpp"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "controller/settings/load.hpp"
#include "tests/support/folder.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

namespace fs = std::filesystem;
using trial::Verdict;

// The fixture of each shipped profile: it must not differ anywhere in it.
const std::multimap<std::string, std::string> own{
    {"mqtt/zigbee2mqtt_light.json", "zigbee2mqtt-light"},
    {"mqtt/zigbee2mqtt_aqara_djt11lm.json", "zigbee2mqtt-vibration"},
    {"mqtt/shelly_gen2_light.json", "shelly-gen2-light"},
    {"mqtt/shelly_gen2_switch.json", "shelly-gen2-switch"},
    {"mqtt/wled.json", "wled"},
    {"mqtt/tasmota_light.json", "tasmota-light"},
    {"mqtt/esphome_light.json", "esphome-light"},
    {"mqtt/esphome_cwww.json", "esphome-light"},
    {"mqtt/esphome_imu.json", "esphome-imu"},
    {"mqtt/wirenboard_mqtt.json", "wirenboard-mqtt-light"},
    {"mqtt/homie5.json", "homie-light"},
    {"mqtt/homie5.json", "homie-device"},
    {"mqtt/hr_gateways.json", "heart-rate-redback"},
    {"mqtt/hr_gateways.json", "heart-rate-ant-mqtt"},
    {"mqtt/hr_gateways.json", "heart-rate-streampulse"},
    {"mqtt/hr_gateways.json", "heart-rate-theengs"},
    {"mqtt/sparkplug_b.json", "zigbee2mqtt-light"},
    {"mqtt/ha_discovery.json", "zigbee2mqtt-light"},
    {"ble/hrm_2a37.json", "heart-rate-2a37"},
    {"music/players.json", "mopidy"},
};

// What is never sent, and by which word of the reason it is known.
const std::map<std::string, std::string> rightly_refused{
    {"set_plain_attribute", "without its level"},
    {"off_keeps_brightness/4.out", "without its level"},
    {"set_power", "without its level"},
    {"brightness_zero_means_off/1.out", "goes dark"},
    {"set_json", "animation"},
    {"set_plain", "no read or write"},  // the same command has another topic
    {"z2m_light_config", "no value"},
    {"controller_device_config", "no value"},
};

std::vector<trial::Trial> tried(const std::string& profile, const fs::path& fixture,
                                std::map<std::string, std::string> params = {}) {
  const auto loaded = settings::check_profile("config/profiles/" + profile + ".toml");
  EXPECT_FALSE(loaded.has_errors()) << profile;
  return trial::try_messages(loaded.profile, {"config", profile, fixture, std::move(params), false});
}

class ProfileTry : public testing::Test {
 protected:
  void SetUp() override {
    if (!shared_available()) GTEST_SKIP() << "no reference data";
  }
};

TEST_F(ProfileTry, NoShippedProfileDiffersFromItsOwnFixture) {
  int ok = 0;
  for (const auto& [fixture, profile] : own)
    for (const auto& trial : tried(profile, shared("devices/" + fixture))) {
      EXPECT_NE(trial.verdict, Verdict::differs) << profile << " " << trial.name << ": " << trial.reason;
      ok += trial.verdict == Verdict::ok ? 1 : 0;
    }
  EXPECT_GE(ok, 100);
}

TEST_F(ProfileTry, EveryExampleIsOkUnderAProfileOrRefusedForAReason) {
  std::set<std::string> fixtures;
  for (const auto& [fixture, profile] : own) fixtures.insert(fixture);
  std::vector<std::string> profiles;
  for (const auto& entry : fs::directory_iterator("config/profiles"))
    if (settings::check_profile(entry.path()).profile.transport == settings::ProfileTransport::mqtt)
      profiles.push_back(entry.path().stem());
  for (const auto& fixture : fixtures) {
    if (fixture.starts_with("music")) continue;  // players that speak other than MQTT
    std::set<std::string> ok, all;
    std::map<std::string, std::string> reasons;
    for (const auto& profile : profiles)
      for (const auto& trial : tried(profile, shared("devices/" + fixture))) {
        all.insert(trial.name);
        if (trial.verdict == Verdict::ok) ok.insert(trial.name);
        if (trial.verdict == Verdict::refused) reasons[trial.name] += trial.reason + "\n";
      }
    for (const auto& name : all) {
      if (ok.contains(name) || name.starts_with("spBv1.0/")) continue;
      const auto reason = rightly_refused.find(name);
      ASSERT_NE(reason, rightly_refused.end()) << fixture << " " << name << ": " << reasons[name];
      EXPECT_NE(reasons[name].find(reason->second), std::string::npos) << name << ": " << reasons[name];
    }
  }
}

TEST_F(ProfileTry, AllOfTheFolderAreTried) {
  std::set<std::string> fixtures;
  for (const auto& [fixture, profile] : own) fixtures.insert(fixture);
  for (const char* part : {"mqtt", "ble"})
    for (const auto& entry : fs::directory_iterator(shared("devices") / part))
      EXPECT_TRUE(fixtures.contains(part + ("/" + entry.path().filename().string()))) << entry.path();
}

class TryFile : public testing::Test {
 protected:
  int run(const std::string& fixture, std::map<std::string, std::string> params = {}, bool json = false) {
    folder_.write("fixture.json", fixture);
    out_.str("");
    err_.str("");
    return trial::profile_try({"config", profile_, folder_.path() / "fixture.json", std::move(params), json},
                              out_, err_);
  }
  std::string profile_{"zigbee2mqtt-light"};
  Folder folder_;
  std::ostringstream out_, err_;
};

TEST_F(TryFile, OneLinePerExampleAndExitOneWhenOneDiffers) {
  EXPECT_EQ(run(R"({"cases":[
    {"id":"good","direction":"in","topic":"zigbee2mqtt/a","payload":"{\"brightness\":127}","expect":{"light.level":0.5}},
    {"id":"bad","direction":"in","topic":"zigbee2mqtt/a","payload":"{\"brightness\":127}","expect":{"light.level":0.6}},
    {"id":"other","direction":"in","topic":"else/where","payload":"1","expect":{"light.level":0.6}}]})",
                {{"topic", "zigbee2mqtt/a"}}),
            1);
  EXPECT_EQ(out_.str(),
            "ok\tgood\t\ndiffers\tbad\texpected light.level 0.6, got 0.5\n"
            "refused\tother\tno read or write of this profile has this topic\n");
}

TEST_F(TryFile, AWrongMessageOutDiffers) {
  EXPECT_EQ(run(R"({"cases":[{"id":"set","direction":"out","topic":"zigbee2mqtt/a/set",
    "payload":"{\"state\":\"ON\",\"brightness\":120}","expect":{"light.on":true,"light.level":0.5}}]})"),
            1);
  EXPECT_NE(out_.str().find("differs\tset\texpected zigbee2mqtt/a/set"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("\"brightness\":127"), std::string::npos) << out_.str();
}

TEST_F(TryFile, WhatMustStayUnchangedMayNotBeTold) {
  EXPECT_EQ(
      run(R"({"cases":[{"id":"x","direction":"in","topic":"zigbee2mqtt/a","payload":"{\"state\":\"ON\"}",
    "expect":{"unchanged":["light.on"]}}]})"),
      1);
}

TEST_F(TryFile, JsonSaysTheSame) {
  EXPECT_EQ(
      run(R"({"cases":[{"id":"x","direction":"in","topic":"zigbee2mqtt/a","payload":"{\"state\":\"ON\"}",
    "expect":{"light.on":true}}]})",
          {}, true),
      0);
  EXPECT_EQ(out_.str(), "[{\"verdict\":\"ok\",\"name\":\"x\",\"reason\":\"\"}]\n");
}

TEST_F(TryFile, WhatCannotBeReadIsExitTwo) {
  EXPECT_EQ(run("{\n\"cases\": [\n no"), 2);
  EXPECT_NE(err_.str().find(".json:3: not JSON: "), std::string::npos) << err_.str();
  EXPECT_EQ(run("{\"cases\":["), 2);
  EXPECT_NE(err_.str().find("not JSON: incomplete"), std::string::npos) << err_.str();
  EXPECT_EQ(run("{} {}"), 2);
  EXPECT_NE(err_.str().find("not JSON: extra data"), std::string::npos) << err_.str();
  EXPECT_EQ(run("[]"), 2);
  EXPECT_NE(err_.str().find("is not a JSON object"), std::string::npos) << err_.str();
  EXPECT_EQ(run("{}"), 2);
  EXPECT_NE(err_.str().find("holds no examples"), std::string::npos);
  EXPECT_EQ(run(R"({"cases":[{"id":"x","topic":"a","payload":"1","expect":{"light.on":true}}]})",
                {{"colour", "x"}}),
            2);
  EXPECT_NE(err_.str().find("no such param"), std::string::npos);
  profile_ = "zigbee2mqtt-lihgt";
  EXPECT_EQ(run("{}"), 2);
  EXPECT_NE(err_.str().find("zigbee2mqtt-light"), std::string::npos) << err_.str();
}

// The block of a page that begins with ```KIND and holds `word`.
std::string block_of(const std::string& page, const std::string& kind, const std::string& word) {
  const std::string fence = "```" + kind + "\n";
  for (auto at = page.find(fence); at != std::string::npos; at = page.find(fence, at + 1)) {
    const auto begin = at + fence.size();
    const std::string block = page.substr(begin, page.find("```", begin) - begin);
    if (block.find(word) != std::string::npos) return block;
  }
  return "";
}

TEST_F(TryFile, TheWorkedExampleOfTheDocumentationWorks) {
  std::ifstream file("docs/profiles.md");
  std::ostringstream page;
  page << file.rdbuf();
  folder_.write("acme-lamp.toml", block_of(page.str(), "toml", "acme-lamp"));
  profile_ = folder_.path() / "acme-lamp.toml";
  EXPECT_EQ(run(block_of(page.str(), "json", "acme/7")), 0) << err_.str();
  EXPECT_EQ(out_.str(), "ok\toff\t\nok\tset\t\n");
}

// A Homie device is read by its own description.
TEST_F(TryFile, ADescribedHomieDeviceNeedsNoProfileOfItsOwn) {
  profile_ = "homie-device";
  EXPECT_EQ(run(R"({"cases":[
    {"id":"description","topic":"homie/5/l/$description","payload":{"homie":"5.0","nodes":{"lamp":{"properties":{
       "dim":{"datatype":"integer","format":"0:255","settable":true},
       "power":{"datatype":"boolean","settable":true},
       "white":{"datatype":"integer","unit":"mired"},
       "tint":{"datatype":"color","format":"rgb","settable":true}}}}}},
    {"id":"level","topic":"homie/5/l/lamp/dim","payload":"51","expect":{"light.level":0.2}},
    {"id":"target","topic":"homie/5/l/lamp/dim/$target","payload":"255","expect":{"target.level":1.0}},
    {"id":"on","topic":"homie/5/l/lamp/power","payload":"true","expect":{"light.on":true}},
    {"id":"tint","topic":"homie/5/l/lamp/tint","payload":"rgb,255,0,0","expect":{"light.rgb":[1,0,0]}},
    {"id":"set","direction":"out","topic":"homie/5/l/lamp/dim/set","payload":"51","expect":{"light.level":0.2}}]})"),
            0)
      << out_.str();
  EXPECT_NE(out_.str().find("ok\tlevel"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("ok\tset"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("ok\ttint"), std::string::npos) << out_.str();
}

}  // namespace
}  // namespace rytme::test
