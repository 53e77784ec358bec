// SPDX-License-Identifier: Apache-2.0
// Every register fixture of the reference data against the shipped profile of that device.
#include <algorithm>
#include <filesystem>
#include <map>

#include <gtest/gtest.h>

#include "controller/app/profile_try.hpp"
#include "controller/settings/load.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

namespace fs = std::filesystem;

// Fixture files are named by the maker's model; so are the profiles.
std::string profile_id(const fs::path& fixture) {
  static const std::map<std::string, std::string> others{{"eastron_sdm630_sdm72v2", "eastron-sdm630"}};
  std::string stem = fixture.stem();
  if (const auto other = others.find(stem); other != others.end()) return other->second;
  std::replace(stem.begin(), stem.end(), '_', '-');
  return stem;
}

const settings::Profile& shipped(const std::string& id) {
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

TEST(TryRegisters, EveryExampleOfEveryFixtureIsReadWrittenOrRefusedWithAReason) {
  if (!shared_available()) GTEST_SKIP() << "no reference data";
  std::map<app::Verdict, int> count;
  for (const auto& fixture : fixtures()) {
    app::ProfileTryRequest request;
    request.fixture = fixture;
    const auto trials = app::try_registers(shipped(profile_id(fixture)), request);
    EXPECT_GT(trials.size(), 2U) << fixture;
    for (const auto& trial : trials) {
      ++count[trial.verdict];
      EXPECT_NE(trial.verdict, app::Verdict::differs) << fixture.filename() << " " << trial.name << ": " << trial.reason;
      EXPECT_TRUE(trial.verdict != app::Verdict::refused || !trial.reason.empty()) << trial.name;
      if (getenv("SHOW_TRIALS"))
        std::printf("%s\t%d\t%s\t%s\n", fixture.filename().c_str(), static_cast<int>(trial.verdict), trial.name.c_str(), trial.reason.c_str());
    }
  }
  EXPECT_GT(count[app::Verdict::ok], 4 * count[app::Verdict::refused]);
}

}  // namespace
}  // namespace rytme::test
