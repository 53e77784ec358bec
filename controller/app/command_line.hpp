// SPDX-License-Identifier: Apache-2.0
// What the parts of the command line share.
#pragma once

#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>

namespace rytme::app {

struct Common {
  std::filesystem::path config{std::filesystem::exists("/etc/rytme") ? "/etc/rytme" : "config"};
  std::filesystem::path data{"data"};
  bool json{};
};

inline CLI::App* command(CLI::App& parent, Common& common, const std::string& name, const std::string& what) {
  auto* sub = parent.add_subcommand(name, what);
  sub->add_option("--config", common.config, "settings folder");
  sub->add_option("--data", common.data, "where the journal and all state lives");
  return sub;
}

// `rytme user`, `rytme tablet`, `rytme tls`.
void add_access_commands(CLI::App& app, Common& common, int& code);

}  // namespace rytme::app
