// SPDX-License-Identifier: Apache-2.0
// Every register fixture of the reference data against the shipped profile of that device, and against
// profiles that are wrong in one thing.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>

#include <gtest/gtest.h>
#include <stdlib.h>
#include <toml++/toml.h>

#include "controller/settings/load.hpp"
#include "controller/settings/modbus_rules.hpp"
#include "controller/trial/modbus_frame.hpp"
#include "controller/trial/profile_try.hpp"
#include "controller/trial/try_bench.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

namespace fs = std::filesystem;
using settings::Profile;
using trial::Verdict;

// Fixture files are named by the maker's model; so are the profiles.
std::string profile_id(const fs::path& fixture) {
  static const std::map<std::string, std::string> others{{"eastron_sdm630_sdm72v2", "eastron-sdm630"}};
  std::string stem = fixture.stem();
  if (const auto other = others.find(stem); other != others.end()) return other->second;
  std::replace(stem.begin(), stem.end(), '_', '-');
  return stem;
}

const Profile& shipped(const std::string& id) {
  static const settings::House house = settings::load("config");
  for (const auto& profile : house.profiles)
    if (profile.id == id) return profile;
  throw std::runtime_error("no shipped profile " + id);
}

std::vector<fs::path> fixtures() {
  std::vector<fs::path> all;
  for (const auto& entry : fs::directory_iterator(shared("devices/modbus")))
    if (entry.path().extension() == ".toml") all.push_back(entry.path());
  std::sort(all.begin(), all.end());
  return all;
}

std::vector<trial::Trial> tried(const Profile& profile, const fs::path& fixture) {
  trial::ProfileTryRequest request;
  request.fixture = fixture;
  return trial::try_registers(profile, request);
}

long count(const std::vector<trial::Trial>& trials, Verdict verdict) {
  return std::count_if(trials.begin(), trials.end(),
                       [&](const auto& trial) { return trial.verdict == verdict; });
}

TEST(TryRegisters, EveryExampleOfEveryFixtureIsReadWrittenOrRefusedWithAReason) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  long ok = 0;
  long refused = 0;
  for (const auto& fixture : fixtures()) {
    const auto trials = tried(shipped(profile_id(fixture)), fixture);
    EXPECT_GT(trials.size(), 2U) << fixture;
    for (const auto& trial : trials) {
      EXPECT_NE(trial.verdict, Verdict::differs)
          << fixture.filename() << " " << trial.name << ": " << trial.reason;
      EXPECT_TRUE(trial.verdict != Verdict::refused || !trial.reason.empty()) << trial.name;
    }
    ok += count(trials, Verdict::ok);
    refused += count(trials, Verdict::refused);
  }
  EXPECT_GT(ok, 4 * refused);
}

// The same profile with one thing wrong must not pass, whichever device it is.
using Spoil = void (*)(Profile&);

void expect_caught(Spoil spoil, bool (*concerns)(const Profile&)) {
  int concerned = 0;
  for (const auto& fixture : fixtures()) {
    Profile profile = shipped(profile_id(fixture));
    if (!concerns(profile)) continue;
    ++concerned;
    spoil(profile);
    EXPECT_GT(count(tried(profile, fixture), Verdict::differs), 0) << fixture.filename();
  }
  EXPECT_GT(concerned, 2);
}

TEST(TryRegisters, AWrongAddressIsCaught) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  expect_caught(
      [](Profile& profile) {
        for (auto& point : profile.points) point.read_address += 7000, point.write_address += 7000;
      },
      [](const Profile&) { return true; });
}

TEST(TryRegisters, AWrongScaleIsCaught) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  expect_caught(
      [](Profile& profile) {
        for (auto& point : profile.points) point.scaling.scale *= 1.01;
      },
      [](const Profile& profile) {
        return std::any_of(profile.points.begin(), profile.points.end(),
                           [](const auto& point) { return point.scaling.scale != 1; });
      });
}

TEST(TryRegisters, AWrongWordOrderIsCaught) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  expect_caught(
      [](Profile& profile) {
        for (auto& point : profile.points) point.type.big_word_first = !point.type.big_word_first;
      },
      [](const Profile& profile) {
        return std::any_of(profile.points.begin(), profile.points.end(), [](const auto& point) {
          return settings::words_in(point.type) > 1 && point.type.kind != settings::PointKind::ascii;
        });
      });
}

TEST(TryRegisters, AnErrorWordThatIsNotKnownIsCaught) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  expect_caught(
      [](Profile& profile) {
        for (auto& point : profile.points) {
          point.invalid.clear();
          point.scaling.raw_max.reset();
        }
      },
      [](const Profile& profile) {
        return std::any_of(profile.points.begin(), profile.points.end(),
                           [](const auto& point) { return !point.invalid.empty(); });
      });
}

TEST(TryRegisters, AMissingPointIsCaught) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  expect_caught([](Profile& profile) { profile.points.pop_back(); },
                [](const Profile& profile) { return profile.points.size() > 1; });
}

TEST(TryRegisters, AMissingSetupIsCaught) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  expect_caught([](Profile& profile) { profile.setup.clear(); },
                [](const Profile& profile) {
                  return profile.setup.size() > 1 || profile.id == "wirenboard-wb-mr6c-v3";
                });
}

// What the fixtures say in prose only ("relay8 on", "channel 1 level 0.5"), as commands; the bytes are
// theirs.
struct Meant {
  const char* fixture;
  const char* frame;
  std::map<std::string, std::string> params;
  std::vector<Setting> settings;
};

trial::Bytes bytes_in(const std::string& fixture, const std::string& frame) {
  const auto table = toml::parse_file(shared("devices/modbus/" + fixture + ".toml").string());
  for (const auto& item : *table["frame"].as_array())
    if ((*item.as_table())["id"].value_or<std::string>("") == frame)
      return trial::bytes_from((*item.as_table())["request"].value_or<std::string>("")).value();
  throw std::runtime_error("no frame " + frame + " in " + fixture);
}

TEST(TryRegisters, WhatTheFixturesSayInProseIsWhatGoesOut) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  const std::vector<Meant> all{
      {"waveshare_rtu_relay_8ch", "on1", {{"channel", "1"}}, {{Capability::relay_on, 1, {}}}},
      {"waveshare_rtu_relay_8ch", "off1", {{"channel", "1"}}, {{Capability::relay_on, 0, {}}}},
      {"waveshare_rtu_relay_8ch", "on2", {{"channel", "2"}}, {{Capability::relay_on, 1, {}}}},
      {"waveshare_rtu_relay_8ch", "on8", {{"channel", "8"}}, {{Capability::relay_on, 1, {}}}},
      {"lctech_modbus_8r", "on8", {{"channel", "8"}}, {{Capability::relay_on, 1, {}}}},
      {"waveshare_analog_output_8ch_b",
       "set_5v",
       {{"channel", "1"}, {"output", "voltage"}},
       {{Capability::analog_voltage_v, 5, {}}}},
      {"waveshare_analog_output_8ch_b",
       "set_5v",
       {{"channel", "1"}, {"output", "light"}},
       {{Capability::light_level, 0.5, {}}}},
      {"wirenboard_wb_mao4", "set_5v", {{"channel", "1"}}, {{Capability::analog_voltage_v, 5, {}}}},
      {"wirenboard_wb_mao4", "set_50", {{"channel", "1"}}, {{Capability::light_level, 0.5, {}}}},
      {"wirenboard_wb_mdm2", "off", {{"channel", "1"}}, {{Capability::light_level, 0, {}}}},
      {"wirenboard_wb_mdm3", "set60", {{"channel", "1"}}, {{Capability::light_level, 0.6, {}}}},
      {"wirenboard_wb_led",
       "write_hsv",
       {{"output", "rgb"}},
       {{Capability::light_level, 0.5, {}},
        {Capability::light_hue_deg, 30, {}},
        {Capability::light_sat, 0.8, {}}}},
      {"ecodim_dali_gw2",
       "dev0_set",
       {{"target", "lamp"}, {"channel", "0"}},
       {{Capability::light_level, 127.0 / 254, {}}}},
      {"ddl24", "white", {{"output", "white"}}, {{Capability::light_level, 0.4, {}}}},
  };
  for (const auto& meant : all) {
    const auto wanted = bytes_in(meant.fixture, meant.frame);
    trial::TryBench bench(shipped(profile_id(meant.fixture)), wanted[0], meant.params);
    Command command;
    command.settings = meant.settings;
    std::vector<std::string> sent;
    for (const auto& write : bench.fresh({}).encode(command).writes)
      sent.push_back(trial::hex_of(trial::frame_of(write, trial::Framing::rtu)));
    EXPECT_NE(std::find(sent.begin(), sent.end(), trial::hex_of(wanted)), sent.end())
        << meant.fixture << " " << meant.frame << ": " << testing::PrintToString(sent);
  }
}

TEST(TryRegisters, AFixtureOfAnotherShapeIsNamed) {
  std::string name = (fs::temp_directory_path() / "rytme-fixture-XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  const fs::path file = fs::path(name) / "f.toml";
  std::ofstream(file) << "format = \"other\"\n";
  EXPECT_THROW(tried(shipped("xy-md0x"), file), std::runtime_error);
  std::ofstream(file) << "format = \n";
  EXPECT_THROW(tried(shipped("xy-md0x"), file), std::runtime_error);
  // A misspelt table is no example, and nothing tried is no pass.
  std::ofstream(file) << "format = \"srr-modbus-fixture-1\"\n[[points]]\nid = \"a\"\n";
  EXPECT_THROW(tried(shipped("xy-md0x"), file), std::runtime_error);
  fs::remove_all(name);
}

// Hazards are refused whatever a fixture calls them, and broken examples are no pass.
TEST(TryRegisters, HazardsAndBrokenFrames) {
  std::string name = (fs::temp_directory_path() / "rytme-fixture-XXXXXX").string();
  ASSERT_NE(mkdtemp(name.data()), nullptr);
  const fs::path file = fs::path(name) / "f.toml";
  const auto frame = [](const std::string& id, trial::Bytes bytes, bool spoil = false) {
    const auto crc = trial::crc_of(bytes, bytes.size());
    bytes.push_back(static_cast<std::uint8_t>(crc & 0xFFU));
    bytes.push_back(static_cast<std::uint8_t>((crc >> 8U) ^ (spoil ? 1U : 0U)));
    return "[[frame]]\nid = \"" + id + "\"\nrequest = \"" + trial::hex_of(bytes) + "\"\n";
  };
  std::ofstream(file) << "format = \"srr-modbus-fixture-1\"\n"
                      << frame("toggle", {1, 5, 0, 3, 0x55, 0}) << frame("everybody", {0, 5, 0, 0, 0xFF, 0})
                      << frame("all_by_mask", {1, 15, 0, 0, 0, 8, 1, 0x05})
                      << frame("crc", {1, 5, 0, 0, 0xFF, 0}, true)
                      << frame("nowhere", {1, 5, 0x03, 0xE7, 0xFF, 0})
                      << frame("function", {1, 0x2B, 14, 1, 0, 0});
  std::map<std::string, Verdict> verdicts;
  for (const auto& trial : tried(shipped("lctech-modbus-8r"), file)) verdicts[trial.name] = trial.verdict;
  EXPECT_EQ(verdicts.at("toggle"), Verdict::refused);
  EXPECT_EQ(verdicts.at("everybody"), Verdict::refused);
  EXPECT_EQ(verdicts.at("all_by_mask"), Verdict::ok);  // eight channels, each by itself
  EXPECT_EQ(verdicts.at("crc"), Verdict::differs);
  EXPECT_EQ(verdicts.at("nowhere"), Verdict::differs);
  EXPECT_EQ(verdicts.at("function"), Verdict::refused);
  fs::remove_all(name);
}

}  // namespace
}  // namespace rytme::test
