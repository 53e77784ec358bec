// SPDX-License-Identifier: Apache-2.0
#include "controller/review/names.hpp"

#include <gmock/gmock.h>

#include "controller/review/question.hpp"

namespace rytme::review {
namespace {

std::string refusal(const std::string& list) {
  try {
    names_from(list);
  } catch (const BadQuestion& bad) {
    return bad.field() + ": " + bad.what();
  }
  return "";
}

TEST(Names, SayWhereTheNumbersComeFrom) {
  const auto names =
      names_from("hr.bpm,light.level.commanded,light.level,motion.magnitude,motion.gyro.y,hr.rr_ms");
  ASSERT_EQ(names.size(), 6U);
  EXPECT_EQ(names[0].source, Source::reading);
  EXPECT_EQ(names[0].unit, "bpm");
  EXPECT_TRUE(names[0].sampled);
  EXPECT_EQ(names[1].source, Source::commanded);
  EXPECT_EQ(names[1].capability, "light.level");
  EXPECT_FALSE(names[1].sampled);
  EXPECT_FALSE(names[2].sampled);  // a lamp tells of changes
  EXPECT_EQ(names[3].unit, "m/s2");
  EXPECT_EQ(names[4].axis, 4U);
  EXPECT_EQ(names[4].unit, "rad/s");
  EXPECT_EQ(names[5].source, Source::beats);
}

TEST(Names, DerivedOnesAreTold) {
  const auto names = names_from("hr.mean10_bpm,hr.bpm,arousal.index");
  EXPECT_TRUE(names[0].derived);
  EXPECT_FALSE(names[1].derived);
  EXPECT_TRUE(names[2].derived);
}

TEST(Names, WhatCannotBeDrawnIsRefusedByName) {
  EXPECT_THAT(refusal("hr.bpm,hr.colour"),
              testing::HasSubstr("names: There is no series of this name: hr.colour"));
  EXPECT_THAT(refusal("player.track"), testing::HasSubstr("no numbers"));
  EXPECT_THAT(refusal("motion.frame"), testing::HasSubstr("no numbers"));
  EXPECT_THAT(refusal(""), testing::HasSubstr("At least one"));
  EXPECT_THAT(refusal("hr.bpm,"), testing::IsEmpty());
  EXPECT_EQ(names_from("hr.bpm,hr.bpm").size(), 1U);
}

}  // namespace
}  // namespace rytme::review
