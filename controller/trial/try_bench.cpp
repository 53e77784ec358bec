// SPDX-License-Identifier: Apache-2.0
#include "controller/trial/try_bench.hpp"

#include <algorithm>
#include <cstdlib>

#include "controller/settings/modbus_rules.hpp"

namespace rytme::trial {
namespace {

using Params = std::map<std::string, std::string>;

constexpr std::size_t most_devices = 4096;

// What a param may be: every channel and every choice; of the rest one value.
std::vector<std::string> values_of(const settings::ProfileParam& param) {
  if (!param.choices.empty()) return param.choices;
  if (param.name == "channel" && param.integer) {
    std::vector<std::string> all;
    for (auto channel = param.min; channel <= param.max && all.size() < 256; ++channel)
      all.push_back(std::to_string(channel));
    return all;
  }
  if (param.default_value) return {*param.default_value};
  return {param.integer ? std::to_string(param.min) : "x"};
}

std::vector<Params> all_params(const settings::Profile& profile, std::uint8_t unit, const Params& given) {
  std::vector<Params> all{{}};
  for (const auto& param : profile.params) {
    std::vector<std::string> values = values_of(param);
    if (param.name == "unit") values = {std::to_string(unit)};
    if (const auto said = given.find(param.name); said != given.end() && param.name != "unit")
      values = {said->second};
    std::vector<Params> next;
    for (const auto& so_far : all)
      for (const auto& value : values) {
        if (next.size() >= most_devices) break;
        next.push_back(so_far);
        next.back()[param.name] = value;
      }
    all = std::move(next);
  }
  return all;
}

// The words with which a deciding point says `value`.
std::vector<std::uint16_t> words_saying(const settings::ModbusPoint& point, const std::string& value) {
  double number = std::strtod(value.c_str(), nullptr);
  if (value == "true") number = 1;
  for (const auto& meaning : point.read_map)
    if (meaning.text == value || meaning.number == number) return {static_cast<std::uint16_t>(meaning.raw)};
  const double raw = (number - point.scaling.offset) / point.scaling.scale;
  const auto whole = static_cast<std::uint64_t>(raw < 0 ? 0 : raw);
  std::vector<std::uint16_t> words(settings::words_in(point.type));
  for (std::size_t i = 0; i < words.size() && i < 4; ++i)
    words[point.type.big_word_first ? words.size() - 1 - i : i] =
        static_cast<std::uint16_t>((whole >> (16U * i)) & 0xFFFFU);
  return words;
}

}  // namespace

TryBench::TryBench(const settings::Profile& profile, std::uint8_t unit, const Params& given) {
  house_.profiles.push_back(profile);
  settings::BusSettings bus;
  bus.id = "try";
  house_.buses.push_back(bus);
  for (auto& params : all_params(profile, unit, given)) {
    settings::DeviceSettings device;
    device.id = "device" + std::to_string(house_.devices.size());
    device.place = "environment.try";
    device.params = std::move(params);
    device.bus = 0;
    house_.devices.push_back(std::move(device));
  }
  points_ = fresh({}).points();
}

devices::Devices& TryBench::fresh(const Modes& modes) {
  devices_ = std::make_unique<devices::Devices>(house_);
  std::vector<Decoded> ignored;
  for (const auto& point : points_) {
    const auto mode = modes.find(point.point->id);
    if (mode == modes.end()) continue;
    RegisterBlock block{point.read, BusOutcome::ok, words_saying(*point.point, mode->second), {}};
    devices_->decode(block, ignored);
  }
  return *devices_;
}

std::vector<Modes> TryBench::modes_for(const std::vector<std::size_t>& points) const {
  std::vector<Modes> all{{}};
  for (const std::size_t index : points) {
    Modes modes;
    for (const auto& condition : points_[index].point->when)
      if (!condition.of_param && !condition.any_of.empty()) modes[condition.name] = condition.any_of.front();
    if (!modes.empty() && std::find(all.begin(), all.end(), modes) == all.end())
      all.push_back(std::move(modes));
  }
  return all;
}

}  // namespace rytme::trial
