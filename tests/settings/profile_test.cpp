// SPDX-License-Identifier: Apache-2.0
// Profiles as data: what a file says is what the engine gets.
#include <gtest/gtest.h>

#include "controller/settings/load.hpp"
#include "tests/settings/folder.hpp"

namespace rytme::test {
namespace {

using settings::Profile;

Profile loaded(const std::string& text) {
  Folder folder;
  folder.write("room.toml", "[room]\nid = \"r\"\n");
  folder.write("profiles/p.toml", text);
  return settings::load(folder.path()).profiles.at(0);
}

constexpr const char* example = R"([profile]
id = "zigbee2mqtt-light"
version = 1
transport = "mqtt"
[params]
topic = { required = true }
[[read]]
topic = "{topic}"
format = "json"
path = "/brightness"
raw_min = 0
raw_max = 254
capability = "light.level"
retained = "last_known"
[[read]]
topic = "{topic}"
format = "json"
path = "/state"
map = { ON = true, OFF = false }
capability = "light.on"
[[write]]
topic = "{topic}/set"
payload = { state = "{on:ON|OFF}", brightness = "{level:int*254}", transition = "{t:seconds}" }
always_include = ["light.level"]
min_interval_ms = 100
[availability]
mode = "all"
sources = [{ topic = "{topic}/availability", path = "/state", map = { online = true, offline = false } }, { topic = "zigbee2mqtt/bridge/state", path = "/state", map = { online = true, offline = false } }]
[echo]
kind = "both"
settle_s = 1.5
tolerance = 0.01
[recovery]
refresh = { topic = "{topic}/get", payload = '{"state":"","brightness":""}' }
reassert = true
max_age_s = 10
)";

TEST(ProfileFile, WholeExampleLoads) {
  const Profile profile = loaded(example);
  ASSERT_EQ(profile.reads.size(), 2U);
  EXPECT_DOUBLE_EQ(profile.reads[0].scaling.scale, 1.0 / 254);  // a raw range without scale means 0-1
  EXPECT_EQ(profile.reads[1].map.size(), 2U);
  ASSERT_EQ(profile.writes.size(), 1U);
  EXPECT_EQ(profile.writes[0].payload.kind, settings::PayloadField::Kind::object);
  EXPECT_EQ(profile.writes[0].payload.members.size(), 3U);
  EXPECT_EQ(profile.writes[0].min_interval, std::chrono::milliseconds(100));
  EXPECT_EQ(profile.availability.sources.size(), 2U);
  EXPECT_EQ(profile.echo.kind, settings::EchoKind::both);
  EXPECT_EQ(profile.fail_safe, settings::FailSafe::none);  // it is commanded and says nothing of one
  EXPECT_EQ(profile.recovery.refresh.at(0).topic, "{topic}/get");
}

TEST(ProfileFile, StreamsAndEventsAreNeverTakenRetained) {
  const Profile profile = loaded(R"([profile]
id = "p"
transport = "mqtt"
[[read]]
topic = "a"
format = "text"
capability = "button.action"
[[read]]
topic = "b"
format = "motion_frame"
capability = "motion.frame"
[[read]]
topic = "c"
format = "number"
capability = "env.lux"
)");
  EXPECT_EQ(profile.reads[0].retained, settings::Retained::ignore);
  EXPECT_EQ(profile.reads[1].retained, settings::Retained::ignore);
  EXPECT_EQ(profile.reads[2].retained, settings::Retained::last_known);
}

TEST(ProfileFile, LiteralsOfAPayloadBecomeJson) {
  const Profile profile = loaded(R"([profile]
id = "p"
transport = "mqtt"
fail_safe = "none"
[params]
channel = { type = "integer", default = 2 }
[[write]]
topic = "a/set"
payload = { on = "{on:true|false}", bri = "{level:int*255}", tt = "{t:100ms}", live = false, n = 3, s = "x\"y", deep = { list = [1, "{channel:int}"] } }
)");
  std::map<std::string, std::string> literals;
  for (const auto& field : profile.writes.at(0).payload.members) literals[field.key] = field.literal;
  EXPECT_EQ(literals.at("live"), "false");
  EXPECT_EQ(literals.at("n"), "3");
  EXPECT_EQ(profile.writes[0].says, (std::vector{Capability::light_level, Capability::light_on}));  // by key
  EXPECT_TRUE(profile.writes[0].fades);
}

}  // namespace
}  // namespace rytme::test
