// SPDX-License-Identifier: Apache-2.0
// A maintainer's questions about the settings, answered from the folder and its versions: JSON, or an RFC
// 9457 problem. Reads and writes files; throws std::runtime_error in one line when that fails. Any thread but
// the one that decides.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include <boost/json/value.hpp>

#include "controller/desk/trial.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

// What the running room adds.
struct DeskNow {
  desk::Places places;
  std::int64_t now_s{};
  std::string started_with;      // hash of the files that it runs with
  std::optional<double> left_s;  // of the trial that is on
  double confirm_within_s{};     // of one that would begin now
  std::string by;                // who asks: an account's id
};

web::Page answer_settings(const DeskNow& now);
web::Page answer_settings_file(const DeskNow& now, const std::string& name);
web::Page answer_check(const DeskNow& now, const web::Texts& files);
web::Page answer_versions(const DeskNow& now);
web::Page answer_diff(const DeskNow& now, const std::string& from, const std::string& to);

// New settings put on trial, for which the room has to start anew; or why not.
struct PutOnTrial {
  web::Page page;
  bool ready{};
};
PutOnTrial put_on_trial(const DeskNow& now, const web::DeskQuestion& question);

// The last trial, or null; `left_s`: of the one that is on.
boost::json::value trial_json(const desk::Places& places, std::optional<double> left_s);

// What of it may leave the room: versions without their texts.
std::string versions_text(const desk::Places& places);

}  // namespace rytme::app
