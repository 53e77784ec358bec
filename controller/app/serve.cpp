// SPDX-License-Identifier: Apache-2.0
// `rytme serve`: from the folders to a room that runs, as often as its settings are taken anew.
#include <chrono>
#include <filesystem>
#include <iostream>
#include <stdexcept>
#include <utility>

#include <sodium.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include "controller/app/clock.hpp"
#include "controller/app/daemon.hpp"
#include "controller/app/device_open.hpp"
#include "controller/settings/load.hpp"

namespace rytme::app {
namespace {

// The room starts whatever the desk's own files are like.
void begin_settings(const desk::Places& places, Start& start) {
  const auto at_s = unix_s(now().wall);
  try {
    start.trial = desk::begin(places, at_s);
    start.files_hash = desk::hash_of(desk::read_files(places.settings));
  } catch (const std::runtime_error& error) {
    spdlog::error("versions of the settings: {}", error.what());
  }
}

// As often as somebody has new settings tried. What cannot start on trial is put back; without a trial it is
// thrown.
void serve_until_ended(const ServeOptions& options) {
  const desk::Places places{options.config, options.data};
  access::Sessions people;
  for (bool again = true; again;) {
    Start start{
        options.config,           options.data, std::chrono::seconds{options.confirm_within_s}, {}, "",
        std::exchange(people, {})};
    begin_settings(places, start);
    const bool on_trial = start.trial.is_on();
    try {
      Daemon daemon(settings::load(options.config), std::move(start));
      again = daemon.run();
      people = daemon.hand_over_people();
    } catch (const std::exception& error) {
      if (!on_trial) throw;
      spdlog::error("the room cannot run with the new settings, the ones before come back: {}", error.what());
      const auto at_s = unix_s(now().wall);
      desk::put_back(places, std::string("start: ") + error.what(), at_s);
    }
  }
}

}  // namespace

int serve(const ServeOptions& options) {
  start_log();
  ::umask(0077);  // the journal is for its owner alone
  if (sodium_init() < 0) {
    spdlog::critical("no random numbers on this machine");
    return 2;
  }
  try {
    std::filesystem::create_directories(options.data);
    const DataLock lock = take_lock(options.data, "serve");
    serve_until_ended(options);
    return 0;
  } catch (const settings::SettingsError& error) {
    spdlog::critical("settings in {} have errors:", options.config.string());
    for (const auto& problem : error.problems()) std::cerr << settings::to_text(problem) << '\n';
  } catch (const std::exception& error) {
    spdlog::critical("{}", error.what());
  }
  return 2;
}

}  // namespace rytme::app
