// SPDX-License-Identifier: Apache-2.0
// Faults that somebody knows of and does not want to be told again until tomorrow. The telling alone is
// silent: what the room does about the fault stays as it is. silenced.json in the data folder. Pure but for
// the file.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "controller/room/time.hpp"
#include "controller/safety/ladder.hpp"

namespace rytme::app {

struct Silence {
  std::string fault;   // a rung's name
  std::string device;  // id, "" = the room
  WallTime until{};
};

// What asks people to do something at once is always told.
bool may_be_silent(const safety::Rung& rung);

// 2026-12-01T05:00:00Z
std::string iso_text(WallTime at);

// Local 06:00 of the day after: the morning shift is told again.
WallTime tomorrow_morning(WallTime now);

class Silences {
 public:
  // An absent file is none. Throws std::runtime_error when it is there and cannot be understood.
  static Silences load(const std::filesystem::path& data);
  // The file's content, to be written by whoever may wait for a disk.
  std::string text() const;
  static std::filesystem::path file(const std::filesystem::path& data);

  void put(Silence silence);
  void end(const std::string& fault, const std::string& device);
  // True: one of them is over.
  bool expire(WallTime now);

  std::optional<WallTime> until(const std::string& fault, const std::string& device) const;
  const std::vector<Silence>& all() const { return all_; }

 private:
  static constexpr std::size_t most = 256;
  std::vector<Silence> all_;
};

}  // namespace rytme::app
