// SPDX-License-Identifier: Apache-2.0
// A command as register writes. Points of one group that are commanded together go out in one write.
#include <algorithm>
#include <optional>

#include "controller/devices/engine.hpp"
#include "controller/devices/registers.hpp"

namespace rytme::devices {
namespace {

// Registers that follow each other.
struct Run {
  const PointUse* first{};
  std::vector<std::uint16_t> words;
  unsigned end() const { return first->write_address + static_cast<unsigned>(words.size()); }
};

}  // namespace

void Devices::Engine::encode_registers(const Command& command, const std::vector<Setting>& wished,
                                       std::vector<RegisterWrite>& writes) const {
  const auto words_for = [&](const PointUse& use) -> std::optional<std::vector<std::uint16_t>> {
    if (use.device != command.device || !use.point->writable || !use.point->capability || !open(use))
      return std::nullopt;
    const auto setting = std::find_if(wished.begin(), wished.end(), [&](const Setting& item) {
      return item.capability == *use.point->capability;
    });
    return setting == wished.end() ? std::nullopt : point_words(*use.point, use.strips, *setting);
  };
  const auto send = [&](const Run& run) {
    RegisterWrite write;
    write.bus = run.first->run.bus;
    write.unit = run.first->run.unit;
    write.area = run.first->run.area;
    write.address = run.first->write_address;
    write.values = run.words;
    write.multiple = run.first->point->multiple;
    write.priority = command.origin == "stop" ? WriteClass::stop : WriteClass::command;
    write.expires = command.expires;
    write.generation = command.generation;
    writes.push_back(std::move(write));
  };
  // What lies between two commanded members keeps what it was last read to be; not known: two writes.
  const auto send_group = [&](const std::string& name) {
    std::vector<const PointUse*> members;
    for (const PointUse& use : points_)
      if (use.device == command.device && use.point->group == name) members.push_back(&use);
    std::sort(members.begin(), members.end(),
              [](const PointUse* a, const PointUse* b) { return a->write_address < b->write_address; });
    std::optional<Run> run;
    std::vector<std::uint16_t> between;
    for (const PointUse* use : members) {
      const auto words = words_for(*use);
      const bool follows = run && run->end() + between.size() == use->write_address;
      if (run && (!follows || (!words && use->words.empty()))) {
        send(*run);
        run.reset();
      }
      if (!run) between.clear();
      if (words && !run) {
        run = Run{use, *words};
      } else if (words) {
        run->words.insert(run->words.end(), between.begin(), between.end());
        run->words.insert(run->words.end(), words->begin(), words->end());
        between.clear();
      } else if (run) {
        between.insert(between.end(), use->words.begin(), use->words.end());
      }
    }
    if (run) send(*run);
  };
  std::vector<std::string> groups_done;
  for (const PointUse& use : points_) {
    const auto words = words_for(use);
    if (!words) continue;
    const std::string& group = use.point->group;
    if (group.empty()) {
      send({&use, *words});
    } else if (std::find(groups_done.begin(), groups_done.end(), group) == groups_done.end()) {
      send_group(group);
      groups_done.push_back(group);
    }
  }
}

std::optional<Setting> Devices::Engine::setting_of(std::size_t point,
                                                   const std::vector<std::uint16_t>& words) const {
  const PointUse& use = points_.at(point);
  if (!use.point->capability || words.size() != use.run.count) return std::nullopt;
  const auto& map = use.point->write_map;
  if (!map.empty()) {
    const double raw = raw_of(words.data(), use.point->type);
    const auto found = std::find_if(map.begin(), map.end(), [&](const settings::RegisterMeaning& meaning) {
      return static_cast<double>(meaning.raw) == raw;
    });
    if (found == map.end()) return std::nullopt;
    return Setting{*use.point->capability, found->number.value_or(raw), found->text};
  }
  PointValue said;
  if (point_value(*use.point, use.strips, words.data(), said) || said.value.quality != Quality::good)
    return std::nullopt;
  return Setting{*use.point->capability, said.value.number, said.text};
}

}  // namespace rytme::devices
