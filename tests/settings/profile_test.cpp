// SPDX-License-Identifier: Apache-2.0
// Profiles as data: what a file says is what the engine gets.
#include <gtest/gtest.h>

#include "controller/settings/load.hpp"
#include "tests/settings/problems.hpp"
#include "tests/support/folder.hpp"

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

// Every Modbus example of docs/profiles.md, with the header that stands there.
TEST(ProfileFile, ExamplesOfTheDocumentAreRight) {
  const std::string document = content_of("docs/profiles.md");
  const auto begin = document.find("### One example for each family");
  const auto end = document.find("### What a mistake looks like");
  ASSERT_NE(begin, std::string::npos);
  ASSERT_LT(begin, end);
  std::vector<std::string> blocks;
  for (auto at = document.find("```toml\n", begin); at < end; at = document.find("```toml\n", at)) {
    at += 8;
    blocks.push_back(document.substr(at, document.find("```", at) - at));
  }
  ASSERT_GE(blocks.size(), 8U);
  const std::string head = blocks.front().substr(0, blocks.front().find("[params]"));
  const std::string params = blocks.front().substr(head.size());
  for (std::size_t i = 1; i < blocks.size(); ++i) {
    const bool own = blocks[i].find("[params]") != std::string::npos;
    Folder folder;
    folder.write("room.toml", "[room]\nid = \"r\"\n");
    folder.write("profiles/p.toml", head + (own ? "" : params) + blocks[i]);
    const std::string problems = problems_of(folder.path());
    EXPECT_EQ(problems.find("error"), std::string::npos) << blocks[i] << problems;
  }
}

// Values that the controller makes itself cannot be given by a profile's author.
TEST(ProfileFile, TheDocumentNamesEveryCapability) {
  const std::string document = content_of("docs/profiles.md");
  for (std::size_t i = 0; i < static_cast<std::size_t>(Capability::count_); ++i) {
    const auto capability = static_cast<Capability>(i);
    const bool derived =
        (capability >= Capability::hr_mean10_bpm && capability <= Capability::hr_expected_bpm) ||
        (capability >= Capability::motion_frequency_hz && capability <= Capability::motion_body_mps2) ||
        (capability >= Capability::arousal_index && capability <= Capability::arousal_confidence) ||
        capability == Capability::availability_online;
    const std::string name = "`" + std::string(name_of(capability)) + "`";
    EXPECT_TRUE(derived || document.find(name) != std::string::npos) << name;
  }
}

TEST(ProfileFile, APointWithEverything) {
  const Profile profile = loaded(R"([profile]
id = "p"
transport = "modbus_tcp"
[params]
unit = { type = "integer", min = 1, max = 247 }
kind = { choices = ["a", "b"], default = "a" }
[link]
baud = 19200
parity = "E"
stop_bits = 1
max_block = 20
max_hole = 3
offline_after = 5
fast_ms = 250
[[point]]
id = "mode"
area = "input"
address = 9
type = "enum"
read_map = { 0 = "off", "0x10" = "on" }
[[point]]
id = "level"
area = "holding"
address = 100
read_address = 200
write_address = 300
type = "s32"
word_order = "little"
byte_order = "little"
access = "rw"
write_fc = 16
scale = 0.5
invalid = [-1, "0x80000000"]
when = { kind = "b", mode = ["on"] }
readback = { tolerance = 0.05, delay_ms = 700 }
capability = "analog.voltage_v"
[[left_out]]
area = "coil"
address = 4
count = 3
reason = "a toggle"
)");
  ASSERT_EQ(profile.points.size(), 2U);
  const auto& mode = profile.points[0];
  EXPECT_EQ(mode.poll, settings::PollClass::slow);  // it decides over another point
  EXPECT_EQ(mode.read_map.at(0).raw + mode.read_map.at(1).raw, 0x10);
  const auto& level = profile.points[1];
  EXPECT_EQ(level.read_address, 200);
  EXPECT_EQ(level.write_address, 300);
  EXPECT_FALSE(level.type.big_word_first);
  EXPECT_FALSE(level.type.big_byte_first);
  EXPECT_TRUE(level.multiple);
  EXPECT_EQ(level.invalid, (std::vector<std::uint64_t>{0xFFFFFFFF, 0x80000000}));
  ASSERT_EQ(level.when.size(), 2U);
  EXPECT_EQ(
      std::count_if(level.when.begin(), level.when.end(), [](const auto& item) { return item.of_param; }), 1);
  EXPECT_EQ(level.readback.tolerance, 0.05);
  EXPECT_EQ(level.readback.delay, std::chrono::milliseconds(700));
  EXPECT_EQ(profile.link.baud, 19200);
  EXPECT_EQ(profile.link.parity, 'E');
  EXPECT_EQ(profile.link.max_hole, 3);
  EXPECT_EQ(profile.link.offline_after, 5);
  EXPECT_EQ(profile.link.fast, std::chrono::milliseconds(250));
  EXPECT_EQ(profile.left_out.at(0).reason, "a toggle");
}

}  // namespace
}  // namespace rytme::test
