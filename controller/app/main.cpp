// SPDX-License-Identifier: Apache-2.0
// The command line: contracts §2. Each command is a function of its own; this file only reads words.
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include "controller/app/analyse.hpp"
#include "controller/app/analyse_arousal.hpp"
#include "controller/app/analyse_motion.hpp"
#include "controller/app/backup_commands.hpp"
#include "controller/app/check.hpp"
#include "controller/app/command_line.hpp"
#include "controller/app/daemon.hpp"
#include "controller/app/data_folder.hpp"
#include "controller/app/demo.hpp"
#include "controller/app/device_commands.hpp"
#include "controller/app/participant_commands.hpp"
#include "controller/app/people_commands.hpp"
#include "controller/app/session_commands.hpp"
#include "controller/app/simulate.hpp"
#include "controller/app/version.hpp"
#include "controller/trial/profile_try.hpp"

namespace {

namespace fs = std::filesystem;
using namespace rytme;
using app::command;
using app::Common;

// A number in the range; CLI::Range lets "nan" through.
CLI::Validator within(double low, double high) {
  return {[low, high](const std::string& text) {
            double value{};
            const bool good = CLI::detail::lexical_cast(text, value) && value >= low && value <= high;
            return good ? std::string() : fmt::format("{} is not a number from {} to {}", text, low, high);
          },
          fmt::format("{} to {}", low, high)};
}

void add_confirm_within(CLI::App& sub, int& seconds) {
  sub.add_option("--confirm-within", seconds, "s until new settings that nobody has confirmed go back")
      ->check(CLI::Range(1, 600));
}

void add_serve(CLI::App& app, Common& common, int& code) {
  auto* sub = command(app, common, "serve", "run the room");
  static int confirm_within_s = app::ServeOptions{}.confirm_within_s;
  add_confirm_within(*sub, confirm_within_s);
  sub->callback([&] { code = app::serve({common.config, common.data, confirm_within_s}); });
}

void add_nodes(CLI::App& sub, bool& qemu) {
  sub.add_option_function<std::string>(
         "--nodes", [&qemu](const std::string& where) { qemu = where == "qemu"; },
         "swing and dimmer: simulated, or our own firmware in QEMU on a serial line")
      ->check(CLI::IsMember({"simulated", "qemu"}));
}

void add_simulate(CLI::App& app, Common& common, int& code) {
  auto* sub = command(app, common, "simulate", "play all devices of the settings folder on broker and buses");
  static app::SimulateOptions options;
  sub->add_option("--replay", options.replay, "a recording instead of the simulated person");
  sub->add_option("--speed", options.speed, "how much faster than life heart and motion are sent")
      ->check(within(0.01, 1000));
  sub->add_option("--seed", options.seed, "of the simulated person");
  add_nodes(*sub, options.qemu);
  static std::vector<std::string> without;
  sub->add_option("--without", without, "device that is there, and is not simulated; may be repeated");
  sub->callback([&] {
    options.without = {without.begin(), without.end()};
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
      ->check(within(0.01, 1000));
  sub->add_option("--seed", options.seed, "of the simulated person");
  add_nodes(*sub, options.qemu);
  add_confirm_within(*sub, options.confirm_within_s);
  auto* limit = sub->add_option("--seconds", seconds, "end after this long")->check(within(0.001, 1e8));
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

// --where column=value, the same for every analysis.
void add_where(CLI::App& sub, app::RowFilter& filter) {
  sub.add_option_function<std::string>(
      "--where",
      [&filter](const std::string& text) {
        const auto parsed = app::parse_filter(text);
        if (!parsed) throw CLI::ValidationError("--where", "takes column=value");
        filter = *parsed;
      },
      "keep the rows with column=value");
}

void add_analyse_arousal(CLI::App& analyse, Common& common, int& code) {
  auto* arousal =
      command(analyse, common, "arousal", "the index of pulse above what calm and movement explain");
  static app::ArousalRequest request;
  static std::string baseline, place = "chest", language = "nb";
  arousal->add_option("--hr", request.hr, "CSV with t_s,hr_bpm");
  arousal->add_option("--rr", request.rr, "CSV with rr_ms and perhaps t_s");
  arousal->add_option("--acc", request.acc, "CSV with ax,ay,az, or t_s,ax,ay,az");
  arousal->add_option("--baseline", baseline, "FROM,TO: 2-5 calm minutes, seconds")->required();
  arousal->add_option("--place", place)->check(CLI::IsMember({"wrist", "chest"}));
  arousal->add_option("--language", language, "of the reasons")->check(CLI::IsMember({"nb", "en"}));
  add_where(*arousal, request.where);
  arousal->add_flag("--json", common.json, "accepted; the answer is always JSON");
  arousal->callback([&] {
    if (!app::parse_span(baseline, request.baseline_from_s, request.baseline_to_s)) {
      throw CLI::ValidationError("--baseline", "takes FROM,TO in seconds, FROM before TO");
    }
    request.place = place == "wrist" ? signals::SensorPlace::wrist : signals::SensorPlace::chest;
    request.norwegian = language == "nb";
    code = app::analyse_arousal_files(request, std::cout, std::cerr);
  });
}

void add_analyse(CLI::App& app, Common& common, int& code) {
  auto* analyse = app.add_subcommand("analyse", "run the signals over a file");
  analyse->require_subcommand(1);
  auto* heart = command(*analyse, common, "heart", "heart rate and HRV of beat intervals");
  static app::HeartRequest heart_request;
  heart->add_option("file", heart_request.file, "CSV with rr_ms and perhaps t_s")->required();
  add_where(*heart, heart_request.where);
  heart->add_flag("--json", common.json, "accepted; the answer is always JSON");
  heart->callback([&] { code = app::analyse_heart_file(heart_request, std::cout, std::cerr); });
  auto* motion = command(*analyse, common, "motion", "swing and body of a motion sensor, ten rows a second");
  static app::MotionRequest motion_request;
  motion->add_option("file", motion_request.file, "CSV with t_s,ax,ay,az and perhaps gx,gy,gz")->required();
  add_where(*motion, motion_request.where);
  motion->add_flag("--json", common.json, "accepted; the answer is always JSON");
  motion->callback([&] { code = app::analyse_motion_file(motion_request, std::cout, std::cerr); });
  add_analyse_arousal(*analyse, common, code);
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
  static app::ExportRequest request;
  static std::string file;
  auto& id = request.id;
  auto journal = [&] { return app::journal_file(common.data); };
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
  out->add_option("--format", request.format, "csv, json, edf or pdf");
  out->add_option("--separator", request.separator, "of csv: , or ; (then with decimal comma)");
  out->add_option("--out", file, "file to write; else to the terminal");
  out->callback([&, journal] {
    request.journal = journal();
    if (!file.empty()) request.file = file;
    request.terminal = ::isatty(STDOUT_FILENO) == 1;
    code = app::session_export(request, std::cout, std::cerr);
  });
}

void add_participant_export(CLI::App& app, Common& common, int& code) {
  auto* out =
      command(*app.get_subcommand("participant"), common, "export", "all that is kept about one, as a ZIP");
  static app::ParticipantExportRequest request;
  static std::string file;
  out->add_option("code", request.code, "the participant's code")->required();
  out->add_option("--out", file, "file to write");
  out->callback([&] {
    request.journal = app::journal_file(common.data);
    if (!file.empty()) request.file = file;
    request.terminal = ::isatty(STDOUT_FILENO) == 1;
    code = app::participant_export(request, std::cout, std::cerr);
  });
}

void add_people(CLI::App& app, Common& common, int& code) {
  static std::string key;
  const auto journal = [&] { return app::journal_file(common.data); };
  auto* participant = app.add_subcommand("participant", "short codes that stand for people");
  participant->require_subcommand(1);
  auto* add = command(*participant, common, "add", "make a new code");
  add->add_flag("--json", common.json, "as JSON");
  add->callback([&, journal] { code = app::participant_add(journal(), common.json, std::cout, std::cerr); });
  auto* list = command(*participant, common, "list", "the codes that are in use");
  list->add_flag("--json", common.json, "as JSON");
  list->callback(
      [&, journal] { code = app::participant_list(journal(), common.json, std::cout, std::cerr); });
  auto* erase = command(*participant, common, "erase", "a code and all its sessions, for good");
  erase->add_option("code", key, "the participant's code")->required();
  erase->callback([&, journal] { code = app::participant_erase(journal(), key, std::cout, std::cerr); });
  auto* one = command(*app.get_subcommand("session"), common, "erase", "one session, for good");
  one->add_option("id", key, "the session's id")->required();
  one->callback([&, journal] { code = app::session_erase(journal(), key, std::cout, std::cerr); });
  auto* record = app.add_subcommand("journal", "the file itself");
  record->require_subcommand(1);
  static journal::AccessFilter filter;
  auto* access = command(*record, common, "access", "who looked at what and whose, newest first");
  access->add_option("--participant", filter.participant, "only at this one, and lists of everybody's");
  access->add_option("--session", filter.session, "only at this one");
  access->add_option("--from", filter.from, "not before this day or time");
  access->add_option("--to", filter.to, "not after this day, or before this time");
  access->add_flag("--json", common.json, "as JSON");
  access->callback(
      [&, journal] { code = app::journal_access(journal(), filter, common.json, std::cout, std::cerr); });
  auto* check = command(*record, common, "verify", "whether file and access log are as they were written");
  check->add_flag("--json", common.json, "as JSON");
  check->callback([&, journal] { code = app::journal_verify(journal(), common.json, std::cout, std::cerr); });
}

void add_backup(CLI::App& app, Common& common, int& code) {
  static std::string file, new_key, key;
  auto* backup = command(app, common, "backup", "the journal, sealed for the recipient of room.toml");
  auto* to = backup->add_option("file", file, "the backup to write; without one into the folder of [backup]");
  backup->add_option("--new-key", new_key, "instead: make a key, its secret half into this file")
      ->excludes(to);
  backup->callback([&] {
    code = new_key.empty() ? app::backup(common.config, common.data, file, std::cout, std::cerr)
                           : app::backup_new_key(new_key, std::cout, std::cerr);
  });
  auto* restore = command(app, common, "restore", "a backup in the place of the journal, which is kept");
  restore->add_option("file", file, "the backup")->required();
  restore->add_option("--key", key, "the file with the secret key")->required();
  restore->callback(
      [&] { code = app::restore(file, key, app::journal_file(common.data), std::cout, std::cerr); });
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

namespace {

// A program started with a standard stream closed would get that number for the next thing it opens: its log
// would be written into a socket or a file. Standard output stays one that cannot be written to, so that it
// is told.
void hold_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(stream, F_GETFD) < 0 && errno == EBADF)
      ::open("/dev/null", stream == STDOUT_FILENO ? O_RDONLY : O_RDWR);
}

// CLI11 says that a command is required where it does not know the one that is given.
int refused(const CLI::App& cli, const CLI::ParseError& error) {
  const auto unknown = cli.remaining(true);
  if (dynamic_cast<const CLI::RequiredError*>(&error) == nullptr || unknown.empty())
    return cli.exit(error) == 0 ? 0 : 2;
  std::cerr << "There is no " << (unknown.front().starts_with('-') ? "option" : "command") << " \""
            << unknown.front() << "\" here.\nRun with --help for more information.\n";
  return 2;
}

// An answer that did not get out is none.
int answered(int code) {
  if (code == 2 || std::cout.flush()) return code;
  std::cerr << "rytme: standard output cannot be written to\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  hold_standard_streams();
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
  add_people(cli, common, code);
  add_participant_export(cli, common, code);
  add_backup(cli, common, code);
  add_device(cli, common, code);
  add_profile(cli, common, code);
  app::add_access_commands(cli, common, code);
  try {
    cli.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return answered(refused(cli, error));
  } catch (const std::exception& error) {
    std::cerr << "rytme: " << error.what() << '\n';
    return 2;
  }
  return answered(code);
}
