// SPDX-License-Identifier: Apache-2.0
// The other files of a settings folder as TOML. The first byte says which: r room, p preset, a activities, t
// tokens.
#include <toml++/toml.h>

#include "controller/settings/readers.hpp"
#include "tests/fuzz/room_under_fuzz.hpp"

namespace {

using namespace rytme;
using settings::Report;

void read_whole_room(const toml::table& table, Report& report) {
  settings::House house;
  house.profiles = fuzz::profiles();
  settings::TableReader reader(table, report, "room.toml");
  if (const auto* room = reader.table("room")) house.room = settings::read_room(*room, report);
  if (const auto* broker = reader.table("broker")) settings::read_broker(*broker, report, "tests/fuzz");
  if (const auto* home = reader.table("home_assistant")) settings::read_home_assistant(*home, report);
  if (const auto* web = reader.table("web")) settings::read_web(*web, report, {});
  house.buses = settings::read_buses(reader);
  house.devices = settings::read_devices(reader, house);
  reader.finish();
}

void read(char kind, const toml::table& table, Report& report) {
  settings::WebSettings web;
  switch (kind) {
    case 'p':
      settings::read_preset(table, report, 45);
      break;
    case 'a':
      settings::read_activities(table, report);
      break;
    case 't':
      settings::read_tokens(table, report, web);
      break;
    default:
      read_whole_room(table, report);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::vector<settings::Problem> problems;
  Report report("x.toml", problems);
  try {
    read(static_cast<char>(data[0]), toml::parse(text), report);
  } catch (const toml::parse_error&) {
    return 0;
  }
  for (const auto& problem : problems) fuzz::must(!problem.text.empty());
  return 0;
}
