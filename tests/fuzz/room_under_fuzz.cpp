// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/room_under_fuzz.hpp"

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "controller/settings/load.hpp"
#include "controller/settings/readers.hpp"

namespace rytme::fuzz {
namespace {

void check_one(const Reading& reading) {
  if (info(reading.capability).kind == ValueKind::text) {
    must(reading.text.size() <= (reading.capability == Capability::player_offered ? 8192 : 256));
    return;
  }
  must(reading.quality == Quality::unknown ? std::isnan(reading.value) : std::isfinite(reading.value));
  const bool is_share =
      reading.capability == Capability::light_level || reading.capability == Capability::player_volume;
  if (is_share && reading.quality != Quality::unknown) must(reading.value >= 0);
}

void check_one(const HeartSample& sample) {
  must(sample.rr_count <= HeartSample::max_rr);
  must(!sample.bpm || (std::isfinite(*sample.bpm) && *sample.bpm > 0));
}

void check_one(const MotionFrame& frame) {
  const auto count = frame.ax.size();
  must(count > 0 && count <= MotionFrame::max_samples);
  must(frame.ay.size() == count && frame.az.size() == count);
  must(frame.gx.empty() || frame.gx.size() == count);
  must(frame.gy.size() == frame.gx.size() && frame.gz.size() == frame.gx.size());
  must(frame.step_us.size() == 1 || frame.step_us.size() + 1 == count);
  for (const auto* axis : {&frame.ax, &frame.ay, &frame.az, &frame.gx, &frame.gy, &frame.gz})
    for (const float value : *axis) must(std::isfinite(value));
  for (const auto step : frame.step_us) must(step > 0);
  must(frame.stamp.boot.size() <= 15 && frame.stamp.t_us >= 0);
}

std::vector<settings::Profile> read_all() {
  std::vector<settings::Profile> all = settings::check("config").house.profiles;
  if (all.empty()) {
    std::cerr << "no profiles in config/profiles: run from the project's root\n";
    std::exit(2);
  }
  for (const auto& entry : std::filesystem::directory_iterator("tests/fuzz/profiles")) {
    std::vector<settings::Problem> problems;
    settings::Report report(entry.path().string(), problems);
    all.push_back(settings::read_profile(toml::parse_file(entry.path().string()), report));
    for (const auto& problem : problems) std::cerr << settings::to_text(problem) << '\n';
    must(problems.empty());
  }
  return all;
}

}  // namespace

void must(bool true_) {
  if (!true_) std::abort();
}

const std::vector<settings::Profile>& profiles() {
  static const std::vector<settings::Profile> all = read_all();
  return all;
}

settings::House room_with(const settings::Profile& profile) {
  settings::House house;
  house.profiles = {profile};
  house.buses.resize(1);
  settings::DeviceSettings device;
  device.id = "device";
  device.place = "environment.x";
  for (const auto& param : profile.params)
    device.params[param.name] =
        param.default_value.value_or(param.integer ? std::to_string(param.min) : profile.id);
  if (profile.transport == settings::ProfileTransport::modbus) device.bus = BusIndex{0};
  house.devices = {device};
  return house;
}

void check(const std::vector<Decoded>& decoded) {
  must(decoded.size() <= 1000);
  for (const auto& item : decoded) std::visit([](const auto& value) { check_one(value); }, item);
}

}  // namespace rytme::fuzz
