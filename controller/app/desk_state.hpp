// SPDX-License-Identifier: Apache-2.0
// How the room is kept: backup, certificate, disk, journal; and all of it that helps somebody elsewhere, as
// one file without anything of a person. Reads files; any thread but the one that decides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/desk/trial.hpp"
#include "controller/journal/journal.hpp"
#include "controller/log/log.hpp"
#include "controller/settings/house.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

// What the running room knows.
struct StateInput {
  desk::Places places;
  std::int64_t now_s{};
  double uptime_s{};
  settings::BackupSettings backup;
  bool broker_up{}, backup_running{};
  std::string backup_broken;  // why one ended without a word of its own; "": none did
  int devices_ok{}, devices_all{};
  std::optional<double> trial_left_s;      // of new settings; nullopt: none are on trial
  std::optional<double> certificate_days;  // nullopt: the network is not served
  journal::Health journal;
};
std::string state_text(const StateInput& input);  // JSON

web::Page answer_log(const std::vector<LogLine>& lines);

struct SupportInput {
  StateInput state;
  std::string metrics;
  std::string devices;  // JSON
  std::vector<LogLine> log;
};
// A ZIP file. Throws std::runtime_error in one line.
web::Page answer_support(const SupportInput& input);

}  // namespace rytme::app
