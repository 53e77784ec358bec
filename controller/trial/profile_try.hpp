// SPDX-License-Identifier: Apache-2.0
// `rytme profile try`: runs the examples of a fixture file through a profile, by the same code as the live
// path.
#pragma once

#include <cstdint>
#include <filesystem>
#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "controller/settings/profile.hpp"

namespace rytme::trial {

// ok: the profile reads or writes the example as expected. differs: it does something else. refused: it will
// not do it, and the reason says why that is right (a hazardous write, a format outside profiles).
enum class Verdict : std::uint8_t { ok, differs, refused };

struct Trial {
  Verdict verdict{};
  std::string name;    // the example's id
  std::string reason;  // "" when ok; else what came out instead of what was expected
};

struct ProfileTryRequest {
  std::filesystem::path config;               // settings folder whose profiles/ may be named by id
  std::string profile;                        // id, or a path to a profile file
  std::filesystem::path fixture;              // .json: messages (MQTT, BLE); .toml: registers and frames
  std::map<std::string, std::string> params;  // what is not given is taken from the example's topics
  bool json{};
};

// One line per example: ok|differs|refused<TAB>NAME<TAB>reason. Returns 0; 1: one differs; 2: profile or
// fixture cannot be read.
int profile_try(const ProfileTryRequest& request, std::ostream& out, std::ostream& err);

// The two kinds of fixture; throw std::runtime_error when the file is not of the shape.
std::vector<Trial> try_messages(const settings::Profile& profile, const ProfileTryRequest& request);
std::vector<Trial> try_registers(const settings::Profile& profile, const ProfileTryRequest& request);

}  // namespace rytme::trial
