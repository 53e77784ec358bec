// SPDX-License-Identifier: Apache-2.0
#include "controller/app/backup_run.hpp"

#include <gtest/gtest.h>

namespace rytme::app {
namespace {

constexpr std::int64_t day = 86400, hour = 3600;
constexpr std::int64_t midnight = 20000 * day;  // UTC
constexpr int half_past_three = 210;

TEST(BackupDue, OnceADayAfterItsTime) {
  const std::int64_t at = midnight + half_past_three * 60;
  EXPECT_FALSE(backup_due(half_past_three, 0, at - 1, at - day));  // the one of yesterday is the last
  EXPECT_TRUE(backup_due(half_past_three, 0, at, at - day));
  EXPECT_FALSE(backup_due(half_past_three, 0, at + 1, at + 1));  // made
  EXPECT_FALSE(backup_due(half_past_three, 0, at + day - 1, at + 1));
  EXPECT_TRUE(backup_due(half_past_three, 0, at + day, at + 1));
}

TEST(BackupDue, WhatWasNeverMadeOrWasMissedIsMadeUpFor) {
  EXPECT_TRUE(backup_due(half_past_three, 0, midnight, 0));
  EXPECT_TRUE(
      backup_due(half_past_three, 0, midnight + 20 * hour, midnight - 20 * hour));  // was off at 03:30
}

TEST(BackupDue, ByTheLocalClock) {
  const std::int64_t at = midnight + half_past_three * 60 - 2 * hour;  // 03:30 where it is two hours later
  EXPECT_FALSE(backup_due(half_past_three, 120, at - 1, at - day));
  EXPECT_TRUE(backup_due(half_past_three, 120, at, at - day));
  EXPECT_FALSE(backup_due(half_past_three, 120, at + 1, at));
}

TEST(BackupFolder, IsThatOfTheSettingsOrBesideTheJournal) {
  settings::BackupSettings settings;
  EXPECT_EQ(backup_folder(settings, "/var/lib/rytme"), "/var/lib/rytme/backups");
  settings.folder = "/mnt/usb";
  EXPECT_EQ(backup_folder(settings, "/var/lib/rytme"), "/mnt/usb");
}

}  // namespace
}  // namespace rytme::app
