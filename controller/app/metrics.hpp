// SPDX-License-Identifier: Apache-2.0
// Prometheus text of what the daemon counts. No code, pulse or session id of anybody. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/app/core.hpp"
#include "controller/app/lags.hpp"
#include "controller/journal/journal.hpp"
#include "controller/modbus/bus.hpp"
#include "controller/mqtt/client.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

struct MetricsInput {
  double uptime_s{};
  Lags loop;  // delays of due wake-ups since the start
  // The least that was left of the service manager's patience since the start; nullopt: it does not watch.
  std::optional<double> watchdog_margin_s;
  const Core* core{};
  mqtt::Counters mqtt;
  bool broker_up{};
  std::map<std::string, modbus::Counters> buses;
  journal::Health journal;
  web::Counters web;
  std::uint64_t wrong_log_ins{};             // since the start
  std::size_t log_ins{};                     // people logged in now
  std::optional<double> certificate_days{};  // until it ends; nullopt: there is none
  std::optional<double> backup_age_s;        // of the last good one; nullopt: there is none
  std::uint64_t backups_failed{};            // since the start
  std::vector<web::DeviceRow> devices;
};

std::string metrics_text(const MetricsInput& input);

}  // namespace rytme::app
