// SPDX-License-Identifier: Apache-2.0
// The command line: contracts §2. Each command is a function of its own; this file only reads words.
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "controller/app/analyse.hpp"
#include "controller/app/analyse_motion.hpp"
#include "controller/app/check.hpp"
#include "controller/app/daemon.hpp"
#include "controller/app/demo.hpp"
#include "controller/app/device_commands.hpp"
#include "controller/app/session_commands.hpp"
#include "controller/app/simulate.hpp"
#include "controller/app/version.hpp"
#include "controller/trial/profile_try.hpp"

namespace {

namespace fs = std::filesystem;
using namespace rytme;

struct Common {
  fs::path config{fs::exists("/etc/rytme") ? "/etc/rytme" : "config"};
  fs::path data{"data"};
  bool json{};
};

CLI::App* command(CLI::App& parent, Common& common, const std::string& name, const std::string& what) {
  auto* sub = parent.add_subcommand(name, what);
  sub->add_option("--config", common.config, "settings folder");
  sub->add_option("--data", common.data, "where the journal and all state lives");
  return sub;
}

void add_serve(CLI::App& app, Common& common, int& code) {
  command(app, common, "serve", "run the room")->callback([&] {
    code = app::serve({common.config, common.data});
  });
}

void add_simulate(CLI::App& app, Common& common, int& code) {
  auto* sub = command(app, common, "simulate", "play all devices of the settings folder on broker and buses");
  static app::SimulateOptions options;
  sub->add_option("--replay", options.replay, "a recording instead of the simulated person");
  sub->add_option("--speed", options.speed, "how much faster than life heart and motion are sent")
      ->check(CLI::Range(0.01, 1000.0));
  sub->add_option("--seed", options.seed, "of the simulated person");
  sub->callback([&] {
    options.config = common.config;
    code = app::simulate(options);
  });
}

void add_demo(CLI::App& app, Common& common, int& code) {
  auto* sub = command(app, common, "demo", "broker, simulated devices and controller together");
  static app::DemoOptions options;
  static double seconds = 0;
  sub->add_option("--port", options.port, "of the page; 0 = any free one")->check(CLI::Range(0, 65535));
  sub->add_option("--replay", options.replay, "a recording instead of the simulated person");
  sub->add_option("--speed", options.speed, "how much faster than life heart and motion are sent")
      ->check(CLI::Range(0.01, 1000.0));
  sub->add_option("--seed", options.seed, "of the simulated person");
  auto* limit = sub->add_option("--seconds", seconds, "end after this long")->check(CLI::PositiveNumber);
  sub->callback([&, limit] {
    options.config = common.config;
    options.data = common.data;
    if (limit->count() > 0) options.seconds = seconds;
    code = app::demo(options);
  });
}

void add_check(CLI::App& app, Common& common, int& code) {
  auto* sub = command(app, common, "check", "read the settings folder and tell every problem");
  sub->add_flag("--json", common.json, "as JSON");
  sub->callback([&] { code = app::check_settings(common.config, common.data, common.json, std::cout); });
}

void add_analyse(CLI::App& app, Common& common, int& code) {
  auto* analyse = app.add_subcommand("analyse", "run the signals over a file");
  analyse->require_subcommand(1);
  auto* heart = command(*analyse, common, "heart", "heart rate and HRV of beat intervals");
  static app::HeartRequest request;
  static std::string where;
  heart->add_option("file", request.file, "CSV with rr_ms and perhaps t_s")->required();
  heart->add_option("--where", where, "keep the rows with column=value");
  heart->add_flag("--json", common.json, "accepted; the answer is always JSON");
  heart->callback([&] {
    if (const auto equals = where.find('='); equals != std::string::npos) {
      request.where_column = where.substr(0, equals);
      request.where_value = where.substr(equals + 1);
    } else if (!where.empty()) {
      throw CLI::ValidationError("--where", "takes column=value");
    }
    code = app::analyse_heart_file(request, std::cout, std::cerr);
  });
  auto* motion = command(*analyse, common, "motion", "swing and body of a motion sensor, ten rows a second");
  static std::string motion_file;
  motion->add_option("file", motion_file, "CSV with t_s,ax,ay,az and perhaps gx,gy,gz")->required();
  motion->add_flag("--json", common.json, "accepted; the answer is always JSON");
  motion->callback([&] { code = app::analyse_motion_file(motion_file, std::cout, std::cerr); });
}

void add_device(CLI::App& app, Common& common, int& code) {
  auto* device = app.add_subcommand("device", "the room's devices");
  device->require_subcommand(1);
  static app::DeviceRequest request;
  using Command = int (*)(const app::DeviceRequest&, std::ostream&, std::ostream&);
  const auto add = [&](const char* name, const char* what, Command carry_out, bool one) {
    auto* sub = command(*device, common, name, what);
    if (one) sub->add_option("id", request.id, "the device's id")->required();
    sub->add_flag("--json", common.json, "as JSON");
    sub->callback([&common, &code, carry_out] {
      request.config = common.config;
      request.data = common.data;
      request.json = common.json;
      code = carry_out(request, std::cout, std::cerr);
    });
  };
  add("list", "all of them, and what each does without the controller", app::device_list, false);
  add("commission", "write a device's setup and read it back", app::device_commission, true);
  add("test", "a slow fade of one light, read back", app::device_test, true);
}

void add_session(CLI::App& app, Common& common, int& code) {
  auto* session = app.add_subcommand("session", "the journal's sessions");
  session->require_subcommand(1);
  static std::string id, format = "json", file;
  auto journal = [&] { return common.data / "journal.sqlite"; };
  auto* list = command(*session, common, "list", "all of them");
  list->add_flag("--json", common.json, "as JSON");
  list->callback([&, journal] { code = app::session_list(journal(), common.json, std::cout, std::cerr); });
  auto* show = command(*session, common, "show", "one of them");
  show->add_option("id", id, "the session's id")->required();
  show->add_flag("--json", common.json, "as JSON");
  show->callback(
      [&, journal] { code = app::session_show(journal(), id, common.json, std::cout, std::cerr); });
  auto* out = command(*session, common, "export", "everything one session holds");
  out->add_option("id", id, "the session's id")->required();
  out->add_option("--format", format, "csv or json");
  out->add_option("--out", file, "file to write; else to the terminal");
  out->callback([&, journal] {
    code = app::session_export(journal(), id, format,
                               file.empty() ? std::nullopt : std::optional<fs::path>(file), std::cout,
                               std::cerr);
  });
}

void add_profile(CLI::App& app, Common& common, int& code) {
  auto* profile = app.add_subcommand("profile", "device profiles");
  profile->require_subcommand(1);
  auto* sub = command(*profile, common, "try", "run the examples of a fixture through a profile");
  static trial::ProfileTryRequest request;
  static std::vector<std::string> params;
  sub->add_option("profile", request.profile, "its id, or a file")->required();
  sub->add_option("fixture", request.fixture, ".json: messages; .toml: registers")->required();
  sub->add_option("--param", params, "name=value; else taken from the examples' topics")
      ->expected(1)
      ->take_all();
  sub->add_flag("--json", common.json, "as JSON");
  sub->callback([&] {
    for (const auto& param : params) {
      const auto equals = param.find('=');
      if (equals == std::string::npos) throw CLI::ValidationError("--param", "takes name=value");
      request.params[param.substr(0, equals)] = param.substr(equals + 1);
    }
    request.config = common.config;
    request.json = common.json;
    code = trial::profile_try(request, std::cout, std::cerr);
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App cli(
      "Rytme: controls light and music in a sensory regulation room and keeps a record of each session.",
      "rytme");
  cli.set_version_flag("--version", app::software_version);
  cli.require_subcommand(1);
  Common common;
  if (const char* state = std::getenv("STATE_DIRECTORY"); state != nullptr) common.data = state;
  int code = 0;
  add_serve(cli, common, code);
  add_simulate(cli, common, code);
  add_demo(cli, common, code);
  add_check(cli, common, code);
  add_analyse(cli, common, code);
  add_session(cli, common, code);
  add_device(cli, common, code);
  add_profile(cli, common, code);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return cli.exit(error) == 0 ? 0 : 2;
  }
  return code;
}
