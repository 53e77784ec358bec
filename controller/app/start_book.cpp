// SPDX-License-Identifier: Apache-2.0
#include "controller/app/start_book.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <utility>

#include <spdlog/spdlog.h>

namespace rytme::app {
namespace {

namespace fs = std::filesystem;

constexpr double window_s = 60;
constexpr std::size_t too_many = 5;

std::string content_of(const fs::path& file) {
  std::ifstream in(file);
  std::string text;
  std::getline(in, text, '\0');
  return text;
}

std::string boot_id() {
  std::ifstream in("/proc/sys/kernel/random/boot_id");
  std::string id;
  in >> id;
  return id.empty() ? "unknown" : id;
}

}  // namespace

std::vector<PastStart> of_late(std::vector<PastStart> starts) {
  if (starts.empty()) return starts;
  const PastStart last = starts.back();
  std::erase_if(starts, [&](const PastStart& one) {
    const double ago_s = last.steady_s - one.steady_s;
    return one.boot != last.boot || ago_s < 0 || ago_s > window_s;
  });
  return starts;
}

std::vector<PastStart> starts_in(std::string_view text) {
  std::vector<PastStart> starts;
  std::istringstream lines{std::string(text)};
  std::string line, how;
  while (std::getline(lines, line)) {
    PastStart one;
    std::istringstream words(line);
    if (words >> one.boot >> one.steady_s >> how) starts.push_back({one.boot, one.steady_s, how == "opened"});
  }
  return starts;
}

std::string text_of(const std::vector<PastStart>& starts) {
  std::ostringstream out;
  out.precision(3);
  for (const auto& one : starts)
    out << one.boot << ' ' << std::fixed << one.steady_s << (one.opened ? " opened\n" : " started\n");
  return out.str();
}

StartBook::StartBook(const fs::path& data, Instant now) : file_(data / "starts") {
  starts_ = starts_in(content_of(file_));
  starts_.push_back({boot_id(), std::chrono::duration<double>(now.time_since_epoch()).count(), false});
  starts_ = of_late(std::move(starts_));
  write();
}

bool StartBook::is_crash_loop() const { return starts_.size() >= too_many; }

bool StartBook::never_opened() const { return std::ranges::none_of(starts_, &PastStart::opened); }

void StartBook::opened() {
  starts_.back().opened = true;
  write();
}

void StartBook::ends() {
  std::error_code error;
  fs::remove(file_, error);
}

// Not synced: a controller that crashes leaves it to the kernel, and after a power cut it counts for nothing.
void StartBook::write() const {
  const fs::path other = file_.string() + ".new";
  std::error_code error;
  {
    std::ofstream out(other, std::ios::trunc);
    out << text_of(starts_);
    if (!out.flush()) error = std::make_error_code(std::errc::io_error);
  }
  if (!error) fs::rename(other, file_, error);
  if (error) spdlog::warn("starts are not counted: {} cannot be written", file_.string());
}

}  // namespace rytme::app
