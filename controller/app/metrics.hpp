// SPDX-License-Identifier: Apache-2.0
// Prometheus text of what the daemon counts. No code, pulse or session id of anybody. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/app/core.hpp"
#include "controller/journal/journal.hpp"
#include "controller/modbus/bus.hpp"
#include "controller/mqtt/client.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

struct MetricsInput {
  double uptime_s{};
  double loop_lag_max_s{};  // worst delay of a due wake-up since the last scrape
  const Core* core{};
  mqtt::Counters mqtt;
  bool broker_up{};
  std::map<std::string, modbus::Counters> buses;
  journal::Health journal;
  web::Counters web;
  std::uint64_t wrong_log_ins{};               // since the start
  std::size_t log_ins{};                       // people logged in now
  std::optional<double> certificate_days{};    // until it ends; nullopt: there is none
  std::map<std::string, double> device_age_s;  // by device id; -1: never heard
};

std::string metrics_text(const MetricsInput& input);

}  // namespace rytme::app
