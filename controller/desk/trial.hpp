// SPDX-License-Identifier: Apache-2.0
// New settings are taken on trial: put in place, run, and put back unless somebody who still reaches the room
// keeps them. What is to happen stands in one file that is durable before anything is changed, so that the
// next start knows what to do, however the last one ended (decisions/0060). Reads and writes files; any
// thread, one at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "controller/desk/settings_files.hpp"
#include "controller/desk/versions.hpp"

namespace rytme::desk {

struct Places {
  std::filesystem::path settings, data;
  // For tests: called after each thing that is durable.
  std::function<void()> step = [] {};
};

struct Trial {
  // writing: files are being put in place; ready: they are, and have not run; running: the room runs with
  // them; refused: they are to be put back; kept and put_back: how the last trial ended.
  enum class Phase : std::uint8_t { none, writing, ready, running, refused, kept, put_back } phase{};
  int from{}, to{};  // versions
  std::int64_t at_s{};
  std::string by;  // an account's id
  // Refused, put_back: confirm (nobody kept it), end (the room ended while it ran), busy (it was not fully in
  // place, or a session had begun), "start: what was wrong", or by_hand (the files were left as they are).
  std::string why;

  bool is_on() const { return phase == Phase::ready || phase == Phase::running; }
};

std::string_view name_of(Trial::Phase phase);

// All of these throw std::runtime_error in one line when a file cannot be read or written.

Trial last_trial(const Places& places);

// Before the settings are read at a start. Ready: it runs from here on. Anything else that did not come to
// its end is put back, unless a file is there that is neither as it was nor as it was to be: then somebody
// has taken it in hand, and it is left to them. What was changed by hand meanwhile becomes a version.
Trial begin(const Places& places, std::int64_t now_s);

// Puts `wanted` in place of what is there now. The settings have been checked; the room does not run with
// them before it starts anew. Returns the trial, ready.
struct Wish {
  Files wanted;
  std::string by;   // an account's id
  std::string why;  // applied | restored
};
Trial put_on_trial(const Places& places, const Wish& wish, std::int64_t now_s);

// The trial that runs is kept; or will be put back by the next begin(), or is put back now.
void keep(const Places& places);
void refuse(const Places& places, const std::string& why);
void put_back(const Places& places, const std::string& why, std::int64_t now_s);

}  // namespace rytme::desk
