// SPDX-License-Identifier: Apache-2.0
#include "controller/player_app/library_watch.hpp"

#include <chrono>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

#include <spdlog/spdlog.h>

namespace rytme::player_app {
namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds period{5};

player::Library read_library(const fs::path& file) {
  try {
    auto library = player::load_library(file);
    spdlog::info("music library: {} tracks", library.tracks.size());
    return library;
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return {};
  }
}

}  // namespace

struct LibraryWatch::Shared {
  fs::path file;
  Told told;
  std::mutex mutex;
  std::condition_variable ended;
  bool ends{};  // under mutex, as is each call of told

  void watch();
  bool wait();
};

void LibraryWatch::Shared::watch() {
  std::optional<fs::file_time_type> written;
  player::Library library;
  std::optional<bool> was_there;
  do {
    std::error_code none;
    const auto now_written = fs::last_write_time(file, none);
    const bool other = written != now_written;
    if (other) library = read_library(file);
    written = now_written;
    const bool there = library.tracks.empty() || fs::is_directory(library.folder, none);
    if (was_there.value_or(true) != there)
      there ? spdlog::info("the music library is there") : spdlog::warn("the music library is gone");
    if (other || was_there != there) {
      const std::scoped_lock lock(mutex);
      if (!ends) told(library, there);
    }
    was_there = there;
  } while (wait());
}

bool LibraryWatch::Shared::wait() {
  std::unique_lock lock(mutex);
  return !ended.wait_for(lock, period, [this] { return ends; });
}

LibraryWatch::LibraryWatch(fs::path file, Told told) : shared_(std::make_shared<Shared>()) {
  shared_->file = std::move(file);
  shared_->told = std::move(told);
  // Detached: whoever ends does not wait for a disk.
  std::thread([shared = shared_] { shared->watch(); }).detach();
}

LibraryWatch::~LibraryWatch() {
  const std::scoped_lock lock(shared_->mutex);
  shared_->ends = true;
  shared_->ended.notify_all();
}

}  // namespace rytme::player_app
