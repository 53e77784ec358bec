// SPDX-License-Identifier: Apache-2.0
#include "controller/app/backup_run.hpp"

#include <chrono>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include "controller/app/backup_commands.hpp"
#include "controller/journal/wall_time.hpp"

namespace rytme::app {
namespace {

constexpr std::int64_t day_s = 86400;
constexpr std::chrono::seconds between_looks{1};
constexpr std::chrono::hours between_tries{1};
constexpr int command_says_why = 2;  // its exit code when it has noted what was wrong

}  // namespace

std::filesystem::path backup_folder(const settings::BackupSettings& settings,
                                    const std::filesystem::path& data) {
  return settings.folder.empty() ? data / "backups" : std::filesystem::path(settings.folder);
}

bool backup_due(int daily_at_min, int offset_min, std::int64_t now_s, std::int64_t last_s) {
  const std::int64_t local_s = now_s + std::int64_t{offset_min} * 60;
  std::int64_t due_s = local_s - local_s % day_s + std::int64_t{daily_at_min} * 60;
  if (due_s > local_s) due_s -= day_s;
  return last_s + std::int64_t{offset_min} * 60 < due_s;
}

BackupRun::BackupRun(settings::BackupSettings settings, std::filesystem::path config,
                     std::filesystem::path data)
    : settings_(std::move(settings)),
      config_(std::move(config)),
      data_(std::move(data)),
      last_s_(last_backup_s(data_)) {}

bool BackupRun::begin() {
  if (child_) return false;
  Child child("backup", {std::filesystem::read_symlink("/proc/self/exe").string(), "backup", "--config",
                         config_.string(), "--data", data_.string()});
  child.start();
  broken_.clear();
  child_.emplace(std::move(child));
  return true;
}

void BackupRun::look(Instant now, std::int64_t now_s, bool quiet) {
  if (now < next_look_) return;
  next_look_ = now + between_looks;
  if (child_) {
    const auto end = child_->look();
    if (!end) return;
    child_.reset();
    if (!end->by_signal && end->code == 0) {
      last_s_ = now_s;
      not_before_ = now;
      spdlog::info("backup: made");
    } else {
      ++failed_;
      if (end->by_signal || end->code != command_says_why)
        broken_ = fmt::format("ended by {} {}", end->by_signal ? "signal" : "exit", end->code);
      spdlog::error("backup: failed{}{}", broken_.empty() ? "" : ", ", broken_);
    }
  }
  if (!settings_.daily_at_min || !quiet || now < not_before_) return;
  const auto offset_min = static_cast<int>(journal::local_offset_min(now_s * 1'000'000));
  if (!backup_due(*settings_.daily_at_min, offset_min, now_s, last_s_)) return;
  not_before_ = now + between_tries;
  try {
    begin();
  } catch (const std::system_error& error) {
    ++failed_;
    spdlog::error("backup: {}", error.what());
  }
}

}  // namespace rytme::app
