// SPDX-License-Identifier: Apache-2.0
#include "controller/room/capability.hpp"

#include <set>

#include <gtest/gtest.h>

namespace rytme {
namespace {

TEST(Capability, NamesAreUniqueAndLeadBack) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < static_cast<std::size_t>(Capability::count_); ++i) {
    const auto capability = static_cast<Capability>(i);
    EXPECT_TRUE(names.insert(name_of(capability)).second) << name_of(capability);
    EXPECT_EQ(capability_from(name_of(capability)), capability);
  }
  EXPECT_EQ(capability_from("light.brightness"), std::nullopt);
}

TEST(Capability, WhatComesFromABodyIsMarked) {
  EXPECT_TRUE(info(Capability::hr_bpm).from_body);
  EXPECT_TRUE(info(Capability::motion_frame).from_body);
  EXPECT_TRUE(info(Capability::arousal_index).from_body);
  EXPECT_FALSE(info(Capability::light_level).from_body);
}

TEST(Capability, ButtonChoicesLeadThereAndBack) {
  EXPECT_EQ(choice_name(Capability::button_action, choice_value(Capability::button_action, "long").value()),
            "long");
  EXPECT_EQ(choice_value(Capability::button_action, "double"), std::nullopt);
  EXPECT_EQ(choice_name(Capability::button_action, 7), "");
}

}  // namespace
}  // namespace rytme
