// SPDX-License-Identifier: Apache-2.0
// The hard ceilings as design §6 has them. Other tests compare with the constants, so that a changed one
// would change what they expect along with what they see: here each is a number.
#include "controller/room/limits.hpp"

#include <gtest/gtest.h>

namespace rytme {
namespace {

TEST(Limits, AreThoseOfTheDesign) {
  EXPECT_EQ(slew_calming_per_s, 0.20);
  EXPECT_EQ(slew_activating_per_s, 0.30);
  EXPECT_EQ(slew_ceiling_per_s, 0.60);
  EXPECT_EQ(sound_rise_db_per_s, 6.0);
  EXPECT_EQ(tempo_bpm_per_s, 2.0);
  EXPECT_EQ(tempo_share_per_s, 0.01);
  EXPECT_EQ(tempo_low_bpm, 20.0);
  EXPECT_EQ(tempo_high_bpm, 140.0);
  EXPECT_EQ(laeq_ceiling_db, 75.0);
  EXPECT_EQ(uncalibrated_volume_max, 0.4);
}

TEST(Limits, ARoomThatSaysNothingHasThem) {
  const SafetyLimits limits;
  EXPECT_EQ(limits.light_calming_per_s, 0.20);
  EXPECT_EQ(limits.light_activating_per_s, 0.30);
  EXPECT_EQ(limits.sound_rise_db_per_s, 6.0);
  EXPECT_EQ(limits.tempo_bpm_per_s, 2.0);
  EXPECT_EQ(limits.volume_max, 0.4);
}

}  // namespace
}  // namespace rytme
