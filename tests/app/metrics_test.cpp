// SPDX-License-Identifier: Apache-2.0
#include "controller/app/metrics.hpp"

#include <gmock/gmock.h>

#include "tests/app/simulated_room.hpp"

namespace rytme::app {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string told(MetricsInput input) {
  test::SimulatedRoom room;
  input.core = &room.core;
  return metrics_text(input);
}

TEST(Metrics, LatenessIsAHistogramThatAddsUp) {
  MetricsInput input;
  for (const double late_s : {0.0, 0.001, 0.003, 0.3, 5.0}) input.loop.add(late_s);
  const auto text = told(input);
  EXPECT_THAT(text, HasSubstr("rytme_loop_lag_seconds_bucket{le=\"0.0005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("rytme_loop_lag_seconds_bucket{le=\"0.001\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("rytme_loop_lag_seconds_bucket{le=\"0.2\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("rytme_loop_lag_seconds_bucket{le=\"1\"} 4\n"));
  EXPECT_THAT(text, HasSubstr("rytme_loop_lag_seconds_bucket{le=\"+Inf\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("rytme_loop_lag_seconds_count 5\n"));
  EXPECT_THAT(text, HasSubstr("rytme_loop_lag_seconds_sum 5.304\n"));
  EXPECT_THAT(text, HasSubstr("rytme_loop_lag_max_seconds 5\n"));
}

// An alarm must be able to tell "none" from "just made", and from "nobody watches".
TEST(Metrics, WhatThereIsNotIsNotToldAsZero) {
  const auto without = told({});
  EXPECT_THAT(without, Not(HasSubstr("rytme_backup_age_seconds")));
  EXPECT_THAT(without, Not(HasSubstr("rytme_watchdog_margin_seconds")));
  EXPECT_THAT(without, Not(HasSubstr("rytme_journal_disk_free_bytes")));
  EXPECT_THAT(without, Not(HasSubstr("rytme_tls_certificate_days_left")));
  MetricsInput input;
  input.backup_age_s = 0;
  input.watchdog_margin_s = 7.5;
  input.certificate_days = 12;
  const auto with = told(input);
  EXPECT_THAT(with, HasSubstr("rytme_backup_age_seconds 0\n"));
  EXPECT_THAT(with, HasSubstr("rytme_watchdog_margin_seconds 7.5\n"));
  EXPECT_THAT(with, HasSubstr("rytme_tls_certificate_days_left 12\n"));
}

TEST(Metrics, ADevicesErrorsAreTheDevices) {
  MetricsInput input;
  web::DeviceRow dimmer{"wall-dimmer", "light.wall", "dimmer", "lost"};
  dimmer.last_seen_s = 4.5;
  dimmer.reconnects = 2;
  dimmer.errors = {{"timeout", 7}};
  input.devices = {dimmer, {"belt", "heart.1", "belt", "unknown"}};
  const auto text = told(input);
  EXPECT_THAT(text, HasSubstr("rytme_device_age_seconds{device=\"wall-dimmer\"} 4.5\n"));
  EXPECT_THAT(text, HasSubstr("rytme_device_age_seconds{device=\"belt\"} -1\n"));
  EXPECT_THAT(text, HasSubstr("rytme_device_reconnects_total{device=\"wall-dimmer\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("rytme_device_errors_total{device=\"wall-dimmer\",kind=\"timeout\"} 7\n"));
}

TEST(Metrics, TheDiskIsTold) {
  MetricsInput input;
  input.journal.disk = journal::DiskSpace{5242880, 123456789012, 500000000000};
  const auto text = told(input);
  EXPECT_THAT(text, HasSubstr("rytme_journal_bytes 5242880\n"));
  EXPECT_THAT(text, HasSubstr("rytme_journal_disk_free_bytes 123456789012\n"));
}

}  // namespace
}  // namespace rytme::app
