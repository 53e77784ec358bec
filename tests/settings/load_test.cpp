// SPDX-License-Identifier: Apache-2.0
// What is shipped loads, and a folder becomes what it says.
#include "controller/settings/load.hpp"

#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/settings/problems.hpp"
#include "tests/support/folder.hpp"

namespace rytme::test {
namespace {

namespace fs = std::filesystem;
using settings::House;

TEST(Shipped, ConfigHasNoErrors) {
  const auto loaded = settings::check("config");
  EXPECT_FALSE(loaded.has_errors()) << problems_of("config");
}

TEST(Shipped, RoomHasTheDevicesTheDemoIsMadeOf) {
  const House house = settings::load("config");
  std::vector<std::string> ids;
  for (const auto& device : house.devices) ids.push_back(device.id);
  EXPECT_THAT(ids, testing::ElementsAre("ceiling", "floor", "wall-dimmer", "player1", "button1", "strap1",
                                        "swing1", "hammock1", "relay1"));
  EXPECT_EQ(house.devices[0].curve, LightCurve::gamma22);
  ASSERT_TRUE(house.devices[2].safe);
  EXPECT_EQ(house.devices[2].safe->level, 0.4);
  ASSERT_TRUE(house.devices[2].bus);
  EXPECT_EQ(house.buses[*house.devices[2].bus].address, "127.0.0.1:1502");
  EXPECT_EQ(house.devices[2].params.at("unit"), "41");
  EXPECT_EQ(house.room.session_max_min, 45);
  EXPECT_FALSE(house.room.recording);
}

// Domain §4: down 60-80 BPM, up above 80 and never to the top.
TEST(Shipped, PresetsLeadWhereTheFieldSaysTheyShould) {
  const House house = settings::load("config");
  ASSERT_GE(house.presets.size(), 2U);
  const Preset& down = house.presets[0];
  const Preset& up = house.presets[1];
  EXPECT_EQ(down.id, "regulate-down");
  EXPECT_EQ(up.id, "regulate-up");
  const Phase& calm = down.phases.at(1);
  EXPECT_EQ(calm.tempo->clamp_low, 60);
  EXPECT_EQ(calm.tempo->clamp_high, 80);
  EXPECT_LT(calm.light->level, down.phases[0].light->level);
  EXPECT_EQ(down.name.nb, "Ro ned");
  const Phase& awake = up.phases.at(1);
  EXPECT_GT(awake.tempo->clamp_low, 80);
  EXPECT_LE(awake.tempo->clamp_high, 120);
  EXPECT_GT(awake.light->level, up.phases[0].light->level);
  EXPECT_LE(awake.light->level, 0.8);
  for (const Preset* preset : {&down, &up}) EXPECT_TRUE(preset->phases.back().light_is_safe);
}

TEST(Shipped, ActivitiesHaveAllThreeDirections) {
  const House house = settings::load("config");
  std::map<Direction, int> count;
  for (const auto& activity : house.activities) ++count[activity.direction];
  for (const auto direction : {Direction::down, Direction::up, Direction::neutral})
    EXPECT_GE(count[direction], 5);
}

constexpr const char* contracts_room = R"([room]
id = "rom1"
name = "Reguleringsrommet"
language = "nb"                                # nb | en
safe_light = { level = 0.4, cct_k = 3500 }     # level 0.2–0.6, linear light
recording = "off"                              # what a new session starts with: off | on
session_max_min = 45

[broker]
host = "127.0.0.1"
port = 1883
user = "rytme"
password_file = "broker.password"

[web]
listen = "127.0.0.1:8080"

[[bus]]
id = "rtu1"
transport = "rtu"                              # rtu | tcp
address = "/dev/ttyUSB0"
baud = 115200
parity = "N"
stop_bits = 1
silence = "characters"                         # characters (3.5) | 1750us

[[device]]
id = "ceiling"
place = "light.main"
profile = "zigbee2mqtt-light"
params = { topic = "zigbee2mqtt/ceiling" }
curve = "gamma2.2"

[[device]]
id = "wall-dimmer"
place = "light.wall"
profile = "wirenboard-wb-mdm3"
bus = "rtu1"
params = { unit = 41, channel = 1 }
safe = { level = 0.4 }
)";
constexpr const char* contracts_preset = R"(id = "regulate-down"
version = 1
direction = "down"
name = { nb = "Ro ned", en = "Regulate down" }
minutes = 15

[[phase]]
id = "arrive"
minutes = 1
light = { level = 0.35, cct_k = 2700 }
tempo = { from = "present", clamp = [60, 100], otherwise = 80 }
volume = 0.4
[[phase]]
id = "lead"
minutes = 6
light = { level = 0.15, cct_k = 2200 }
tempo = { lead = -0.35, clamp = [60, 80] }
[[phase]]
id = "stay"
[[phase]]
id = "close"
minutes = 2
light = "safe"
volume = 0.15
)";

void write_contracts_folder(Folder& folder) {
  folder.write("room.toml", contracts_room);
  folder.write("presets/regulate-down.toml", contracts_preset);
  folder.write("broker.password", "secret-of-the-broker\n");
  fs::copy("config/profiles", folder.path() / "profiles");
}

TEST(Load, TheExampleOfTheContractsLoadsAsItStands) {
  Folder folder;
  write_contracts_folder(folder);
  const House house = settings::load(folder.path());
  EXPECT_EQ(house.room.name, "Reguleringsrommet");
  EXPECT_EQ(house.broker.password, "secret-of-the-broker");
  EXPECT_EQ(house.web.port, 8080);
  EXPECT_EQ(house.buses.at(0).baud, 115200);
  EXPECT_EQ(house.buses[0].stop_bits, 1);
  const Preset& preset = house.presets.at(0);
  EXPECT_EQ(preset.phases.size(), 4U);
  EXPECT_TRUE(preset.phases[0].tempo->from_present);
  EXPECT_EQ(preset.phases[0].tempo->clamp_high, 100);
  EXPECT_EQ(preset.phases[1].tempo->lead, -0.35);
  EXPECT_FALSE(preset.phases[2].minutes);
  EXPECT_EQ(preset.phases[2].glide_s, 10);
}

TEST(Load, TheCardSaysWhatTheHouseSays) {
  Folder folder;
  write_contracts_folder(folder);
  EXPECT_EQ(settings::load(folder.path()).card.whom_to_call, "");
  std::ofstream(folder.path() / "room.toml", std::ios::app)
      << "\n[card]\nswitch = \"bak døren\"\ncall = \"vakttelefonen\"\n";
  const House house = settings::load(folder.path());
  EXPECT_EQ(house.card.where_the_switch_is, "bak døren");
  EXPECT_EQ(house.card.whom_to_call, "vakttelefonen");
}

TEST(Load, OutputsWithoutAVerifiedFailSafeAreWarnedOfAndNoMore) {
  Folder folder;
  write_contracts_folder(folder);
  const auto loaded = settings::check(folder.path());
  EXPECT_FALSE(loaded.has_errors());
  ASSERT_EQ(loaded.problems.size(), 2U);
  for (const auto& problem : loaded.problems) EXPECT_EQ(problem.severity, settings::Severity::warning);
}

TEST(Load, HashFollowsTheSettingsAndNotTheSecrets) {
  Folder folder;
  write_contracts_folder(folder);
  const std::string before = settings::load(folder.path()).hash;
  EXPECT_EQ(before.size(), 64U);
  folder.write("broker.password", "another\n");
  folder.write("tokens.toml", "tablet = \"0123456789abcdef\"\n");
  const House again = settings::load(folder.path());
  EXPECT_EQ(again.hash, before);
  EXPECT_EQ(again.web.tokens.at("0123456789abcdef"), "tablet");
  folder.write("presets/regulate-down.toml", std::string(contracts_preset) + "glide_s = 30\n");
  EXPECT_NE(settings::load(folder.path()).hash, before);
}

TEST(Load, ABrokerWithTlsHasItsFilesInTheFolderAndAPortOfItsOwn) {
  Folder folder;
  folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\n");
  folder.write("own/room.pem", "-----BEGIN CERTIFICATE-----\n");
  folder.write("own/room.key", "-----BEGIN EC PRIVATE KEY-----\n");
  folder.write("room.toml", R"([room]
id = "r"
[broker]
host = "box.room.lan"
tls = { ca = "ca.pem", certificate = "own/room.pem", key = "own/room.key" }
)");
  const House house = settings::load(folder.path());
  ASSERT_TRUE(house.broker.tls);
  EXPECT_EQ(house.broker.port, 8883);
  EXPECT_EQ(house.broker.tls->ca, (folder.path() / "ca.pem").string());
  EXPECT_EQ(house.broker.tls->key, (folder.path() / "own/room.key").string());
  EXPECT_FALSE(house.home_assistant.discovery) << "announced to nobody unless somebody wants it";
}

TEST(Load, ErrorsThrowTogether) {
  Folder folder;
  write_contracts_folder(folder);
  folder.write("room.toml", "[room]\nid = \"A\"\nlanguage = \"xx\"\n");
  try {
    settings::load(folder.path());
    FAIL() << "loaded";
  } catch (const settings::SettingsError& error) {
    EXPECT_EQ(error.problems().size(), 2U);
    EXPECT_NE(std::string(error.what()).find("room.toml:3:12: error: language"), std::string::npos)
        << error.what();
  }
}

// What the desk asks before it writes anything.
TEST(Load, AFolderIsCheckedAsItWouldBeWithChanges) {
  Folder folder;
  folder.lay("config");
  folder.write("broker.password", "p\n");
  const auto said = [&](const settings::Changes& changes) {
    std::string text;
    for (const auto& problem : settings::check(folder.path(), changes).problems)
      if (problem.severity == settings::Severity::error) text += settings::to_text(problem) + "\n";
    return text;
  };
  EXPECT_EQ(said({}), "");
  EXPECT_THAT(said({{"room.toml", "[room]\nid = \"A\"\n"}}), testing::HasSubstr("room.toml:2:6: error: "));
  EXPECT_THAT(said({{"presets/new.toml", "id ="}}), testing::HasSubstr("presets/new.toml:1:"));
  EXPECT_THAT(said({{"profiles/wirenboard-wb-mdm3.toml", std::nullopt}}), testing::HasSubstr("room.toml:"))
      << "the dimmer's profile would be gone";
  EXPECT_THAT(said({{"player.toml", "x = 1\n"}}), testing::HasSubstr("player.toml:1:1: error: "));
  EXPECT_EQ(said({{"player.toml", std::nullopt}}), "");
  EXPECT_EQ(said({}), "") << "nothing was written";
}

TEST(Load, MissingFolderIsAProblemNotACrash) { EXPECT_TRUE(settings::check("no/such/folder").has_errors()); }

}  // namespace
}  // namespace rytme::test
