// SPDX-License-Identifier: Apache-2.0
#include "tests/app/fault_room.hpp"

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <stdexcept>

#include "controller/settings/load.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {
namespace {

settings::House house_of(Folder& folder, const std::string& tables) {
  for (const char* part : {"profiles", "presets"})
    std::filesystem::copy(std::filesystem::path("config") / part, folder.path() / part);
  folder.write("room.toml", "[room]\nid = \"faults\"\n" + tables);
  return settings::load(folder.path());
}

app::CoreOptions options() {
  return {1, "test", [number = 0]() mutable { return "session-" + std::to_string(++number); }};
}

}  // namespace

FaultRoom::FaultRoom(const std::string& tables)
    : house_(house_of(folder_, tables)), core_(house_, options()) {
  core_.broker_link(true, "", now_, effects_);
  keep();
}

void FaultRoom::keep() {
  for (auto& message : effects_.publishes) sent_.push_back({now_.steady, std::move(message)});
  for (auto& entry : effects_.entries) entries_.push_back(std::move(entry));
  effects_.clear();
}

Answer FaultRoom::ask(Request request) {
  auto answer =
      core_.ask({std::move(request), {}, "test", now_.steady + std::chrono::seconds{2}}, now_, effects_);
  keep();
  return answer;
}

void FaultRoom::hear(const std::string& topic, const std::string& payload, bool retained) {
  core_.receive(MqttMessage{topic, payload, retained, now_.steady}, now_, effects_);
  keep();
}

void FaultRoom::hear(const RegisterBlock& block) {
  core_.receive(block, now_, effects_);
  keep();
}

void FaultRoom::run(double seconds) {
  const auto end = now_.steady + rytme::seconds(seconds);
  const auto step_to = [&](Instant when) {
    now_.wall += std::chrono::duration_cast<std::chrono::microseconds>(when - now_.steady);
    now_.steady = when;
  };
  while (core_.next_wake() <= end) {
    step_to(std::max(core_.next_wake(), now_.steady + std::chrono::microseconds{100}));
    core_.wake(now_, effects_);
    keep();
  }
  if (end > now_.steady) step_to(end);
}

std::vector<FaultRoom::Sent> FaultRoom::sent(const std::string& topic) const {
  std::vector<Sent> some;
  std::copy_if(sent_.begin(), sent_.end(), std::back_inserter(some),
               [&](const Sent& row) { return row.message.topic == topic; });
  return some;
}

std::size_t FaultRoom::events(const std::string& kind) const {
  return static_cast<std::size_t>(
      std::count_if(entries_.begin(), entries_.end(), [&](const JournalEntry& row) {
        const auto* event = std::get_if<entry::Event>(&row.what);
        return event != nullptr && event->kind == kind;
      }));
}

std::vector<double> FaultRoom::values(Capability capability) const {
  std::vector<double> all;
  for (const auto& row : entries_)
    if (const auto* value = std::get_if<entry::Value>(&row.what);
        value != nullptr && value->capability == capability)
      all.push_back(value->value.value_or(std::numeric_limits<double>::quiet_NaN()));
  return all;
}

std::size_t FaultRoom::confirmed() const {
  return static_cast<std::size_t>(std::count_if(
      entries_.begin(), entries_.end(),
      [](const JournalEntry& row) { return std::holds_alternative<entry::Confirmed>(row.what); }));
}

bool FaultRoom::ever_retained() const {
  return std::any_of(sent_.begin(), sent_.end(), [](const Sent& row) {
    const bool own = row.message.topic.starts_with("homie/5/rytme-") ||
                     row.message.topic.starts_with("homeassistant/device/rytme-");
    return row.message.retain && !own;
  });
}

boost::json::object shared_fault(const std::string& id) {
  std::ifstream file(shared("devices/faults/faults_open.json"));
  std::ostringstream content;
  content << file.rdbuf();
  const auto root = boost::json::parse(content.str());
  for (const auto& fault : root.at("faults").as_array())
    if (fault.at("id").as_string() == boost::json::string_view(id)) return fault.as_object();
  throw std::runtime_error("there is no fault " + id);
}

}  // namespace rytme::test
