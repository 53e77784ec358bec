// SPDX-License-Identifier: Apache-2.0
// Backups that the room makes by itself or that the desk asks for: each is `rytme backup` as a process of its
// own, so that a slow disk and a large journal hold up nothing. The loop's thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "controller/app/child.hpp"
#include "controller/room/time.hpp"
#include "controller/settings/house.hpp"

namespace rytme::app {

// Where backups without a name of their own go.
std::filesystem::path backup_folder(const settings::BackupSettings& settings,
                                    const std::filesystem::path& data);

// Whether the daily one should be made: its time of the day has passed since the last good one (0: never).
// `offset_min`: how far the local time is ahead of UTC.
bool backup_due(int daily_at_min, int offset_min, std::int64_t now_s, std::int64_t last_s);

class BackupRun {
 public:
  // Reads when the last good one was made; after that no disk is waited for.
  BackupRun(settings::BackupSettings settings, std::filesystem::path config, std::filesystem::path data);

  // False: one is being made.
  bool begin();
  // What has ended, and what is due: the daily one while `quiet`, at most once an hour where it fails.
  void look(Instant now, std::int64_t now_s, bool quiet);
  std::int64_t last_s() const { return last_s_; }   // Unix, of the last good one; 0: never
  std::uint64_t failed() const { return failed_; }  // since the start
  bool running() const { return child_.has_value(); }
  // Why the last one ended without a word of its own (a signal, a program that is gone); "": it did not.
  std::string_view broken() const { return broken_; }

 private:
  settings::BackupSettings settings_;
  std::filesystem::path config_, data_;
  std::int64_t last_s_;
  std::uint64_t failed_{};
  std::string broken_;
  std::optional<Child> child_;
  Instant next_look_{}, not_before_{};
};

}  // namespace rytme::app
