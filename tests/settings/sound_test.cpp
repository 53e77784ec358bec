// SPDX-License-Identifier: Apache-2.0
// How loud the room may get, and limits that settings lower.
#include <cmath>

#include <gtest/gtest.h>

#include "controller/settings/load.hpp"
#include "tests/support/folder.hpp"

namespace rytme::test {
namespace {

settings::House with(const std::string& more) {
  Folder folder;
  folder.write("room.toml", "[room]\nid = \"rom1\"\n" + more);
  return settings::load(folder.path());
}

TEST(Sound, UncalibratedIsSaidAndCapped) {
  const auto house = with("");
  EXPECT_FALSE(house.sound.calibration);
  EXPECT_EQ(house.limits.volume_max, uncalibrated_volume_max);
}

TEST(Sound, ACalibrationTurnsDecibelsIntoACap) {
  const auto house = with(
      "[sound]\nlaeq_max_db = 70\ncalibration = { date = 2026-11-02, device = \"class 2\", db_a_at_full = 90 "
      "}\n");
  ASSERT_TRUE(house.sound.calibration);
  EXPECT_EQ(house.sound.calibration->date, "2026-11-02");
  EXPECT_NEAR(90 + 20 * std::log10(house.limits.volume_max), 70, 1e-9);
}

TEST(Sound, AQuietRoomMayUseItsWholeScale) {
  const auto house =
      with("[sound]\ncalibration = { date = 2026-11-02, device = \"class 2\", db_a_at_full = 68 }\n");
  EXPECT_EQ(house.limits.volume_max, 1);
}

TEST(Limits, AreLoweredBySettings) {
  const auto house = with(
      "[limits]\nlight_calming_per_s = 0.1\nlight_activating_per_s = 0.2\nsound_rise_db_per_s = 3\n"
      "tempo_bpm_per_s = 1\n");
  EXPECT_EQ(house.limits.light_calming_per_s, 0.1);
  EXPECT_EQ(house.limits.light_activating_per_s, 0.2);
  EXPECT_EQ(house.limits.sound_rise_db_per_s, 3);
  EXPECT_EQ(house.limits.tempo_bpm_per_s, 1);
}

}  // namespace
}  // namespace rytme::test
