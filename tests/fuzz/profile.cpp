// SPDX-License-Identifier: Apache-2.0
// A device profile as TOML. One without errors is put to work: it takes some messages and blocks, and a
// command.
#include <toml++/toml.h>

#include "controller/settings/readers.hpp"
#include "tests/fuzz/room_under_fuzz.hpp"

namespace {

using namespace rytme;

void command(devices::Devices& room) {
  Command command;
  command.transition = std::chrono::milliseconds{1500};
  for (const auto& output : room.outputs()) {
    command.device = output.device;
    for (const auto capability : output.capabilities) command.settings.push_back({capability, 0.25, "word"});
  }
  if (command.settings.empty()) return;
  for (const auto& publish : room.encode(command).publishes) fuzz::must(!publish.retain && publish.qos <= 2);
}

void listen(devices::Devices& room) {
  std::vector<Decoded> out;
  for (const auto& [topic, latest_wins, tells_retained] : room.subscriptions())
    for (const char* payload : {"", "12.5", "ON", "1,2,3", "1648", R"({"state":"ON","a":[1,{"b":true}]})"}) {
      room.decode(MqttMessage{topic, payload, false, {}}, out);
      fuzz::check(out);
      room.give_back(out);
    }
  for (const auto& poll : room.polls()) {
    fuzz::must(poll.count > 0);
    room.decode(RegisterBlock{poll, BusOutcome::ok, std::vector<std::uint16_t>(poll.count, 0x7FC0), {}}, out);
    fuzz::check(out);
    room.give_back(out);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::vector<settings::Problem> problems;
  settings::Report report("profile.toml", problems);
  settings::Profile profile;
  try {
    profile = settings::read_profile(toml::parse(std::string_view(reinterpret_cast<const char*>(data), size)),
                                     report);
  } catch (const toml::parse_error&) {
    return 0;
  }
  for (const auto& problem : problems) {
    fuzz::must(problem.line >= 0 && problem.column >= 0 && !problem.text.empty());
    if (problem.severity == settings::Severity::error) return 0;
  }
  const settings::House house = fuzz::room_with(profile);
  devices::Devices room(house);
  room.refreshes();
  listen(room);
  command(room);
  return 0;
}
