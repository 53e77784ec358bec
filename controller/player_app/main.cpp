// SPDX-License-Identifier: Apache-2.0
// The command line of rytme-player: contracts §2. Each command is a function of its own; this file only reads
// words.
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>

#include <CLI/CLI.hpp>

#include "controller/log/log.hpp"
#include "controller/player_app/import.hpp"
#include "controller/player_app/render.hpp"
#include "controller/player_app/serve.hpp"

namespace {

namespace fs = std::filesystem;
using namespace rytme;

struct Common {
  fs::path config{fs::exists("/etc/rytme") ? "/etc/rytme" : "config"};
  fs::path data{"data"};
};

CLI::App* command(CLI::App& app, Common& common, const std::string& name, const std::string& what) {
  auto* sub = app.add_subcommand(name, what);
  sub->add_option("--config", common.config, "settings folder");
  sub->add_option("--data", common.data, "where the measured library lives");
  return sub;
}

void add_import(CLI::App& app, Common& common, int& code) {
  auto* sub = command(app, common, "import", "measure tempo and loudness of a folder of music");
  static fs::path folder;
  sub->add_option("DIR", folder, "the music")->required();
  sub->callback([&] { code = player_app::import_music(folder, common.data, std::cout); });
}

void add_tap(CLI::App& app, Common& common, int& code) {
  auto* sub =
      command(app, common, "tap", "say or tap a track's tempo, where the measured one is twice or half");
  static std::string id;
  static double bpm = 0;
  sub->add_option("ID", id, "as import names it")->required();
  auto* said = sub->add_option("--bpm", bpm, "said instead of tapped")->check(CLI::Range(20.0, 300.0));
  sub->callback([&, said] {
    const auto named = said->count() > 0 ? std::optional(bpm) : std::nullopt;
    code = player_app::tap(id, named, common.data, std::cin, std::cout);
  });
}

void add_render(CLI::App& app, Common& common) {
  auto* sub = command(app, common, "render", "what it would play, into a WAV file");
  static player_app::RenderOptions options;
  sub->add_option("FILE", options.out, "48 kHz, stereo, 24 bits")->required();
  sub->add_option("--seconds", options.seconds)->check(CLI::Range(0.1, 3600.0));
  sub->add_option("--cap", options.cap_dbfs, "highest true peak, dBFS")->check(CLI::Range(-40.0, -3.0));
  sub->add_option("WISHES", options.wishes,
                  "[SECONDS:]NAME=VALUE: play, source, track, bpm, phase, volume, mute; for example "
                  "source=drum bpm=100 volume=60 play=true 20:bpm=60");
  sub->callback([&] {
    options.data = common.data;
    player_app::render(options);
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Rytme's music player");
  app.require_subcommand(1);
  Common common;
  if (const char* state = std::getenv("STATE_DIRECTORY")) common.data = state;
  int code = 0;
  start_log();
  command(app, common, "serve", "play what the room asks for")->callback([&] {
    code = player_app::serve({common.config, common.data});
  });
  add_import(app, common, code);
  add_tap(app, common, code);
  add_render(app, common);
  try {
    app.parse(argc, argv);
    return code;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    std::cerr << "rytme-player: " << error.what() << '\n';
    return 2;
  }
}
