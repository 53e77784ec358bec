// SPDX-License-Identifier: Apache-2.0
#include "tests/journal/journal_support.hpp"

#include <bit>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace rytme::journal {

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "rytme-journal-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() { std::filesystem::remove_all(path_); }

void Scribe::move_on(std::chrono::steady_clock::duration by) {
  at_.steady += by;
  at_.wall += std::chrono::duration_cast<std::chrono::microseconds>(by);
}

std::function<void()> Announced::callback() {
  return [this] {
    const std::lock_guard guard(mutex_);
    ++count_;
    told_.notify_all();
  };
}

bool Announced::wait_for(const std::function<bool()>& condition) {
  std::unique_lock lock(mutex_);
  return told_.wait_for(lock, std::chrono::seconds{20}, condition);
}

void Announced::wait_briefly() {
  std::unique_lock lock(mutex_);
  told_.wait_for(lock, std::chrono::milliseconds{50}, [before = count_, this] { return count_ != before; });
}

HeartSample heart_frame(std::uint64_t seq, std::vector<std::uint16_t> rr) {
  HeartSample frame;
  frame.stamp = {"9f2c", seq, static_cast<std::int64_t>(seq) * 1000000};
  frame.bpm = 72;
  frame.contact = Contact::yes;
  frame.rr_count = static_cast<std::uint8_t>(rr.size());
  std::copy(rr.begin(), rr.end(), frame.rr_1024.begin());
  return frame;
}

MotionFrame motion_frame(std::uint64_t seq, std::size_t samples) {
  MotionFrame frame;
  frame.stamp = {"9f2c", seq, static_cast<std::int64_t>(seq) * 200000};
  frame.step_us = {10000};
  for (std::size_t i = 0; i < samples; ++i) {
    const double phase =
        0.02 * (static_cast<double>(seq) * static_cast<double>(samples) + static_cast<double>(i));
    frame.ax.push_back(static_cast<float>(std::round(400 * std::sin(phase)) * 9.80665 / 4096));
    frame.ay.push_back(static_cast<float>(std::round(90 * std::cos(phase)) * 9.80665 / 4096));
    frame.az.push_back(static_cast<float>(9.80665));
    frame.gx.push_back(static_cast<float>(std::round(1000 * std::cos(phase)) / 1000));
    frame.gy.push_back(0.0F);
    frame.gz.push_back(-0.0F);
  }
  return frame;
}

namespace {
bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](float x, float y) {
    return std::bit_cast<std::uint32_t>(x) == std::bit_cast<std::uint32_t>(y);
  });
}

}  // namespace

bool same(const MotionFrame& a, const MotionFrame& b) {
  return a.stamp.boot == b.stamp.boot && a.stamp.seq == b.stamp.seq && a.stamp.t_us == b.stamp.t_us &&
         a.step_us == b.step_us && same_bits(a.ax, b.ax) && same_bits(a.ay, b.ay) && same_bits(a.az, b.az) &&
         same_bits(a.gx, b.gx) && same_bits(a.gy, b.gy) && same_bits(a.gz, b.gz);
}

bool same(const HeartSample& a, const HeartSample& b) {
  const auto bits = [](const HeartSample& frame) {
    return frame.bpm ? std::optional(std::bit_cast<std::uint64_t>(*frame.bpm)) : std::nullopt;
  };
  return a.stamp.boot == b.stamp.boot && a.stamp.seq == b.stamp.seq && a.stamp.t_us == b.stamp.t_us &&
         bits(a) == bits(b) && a.contact == b.contact && a.rr_count == b.rr_count && a.rr_1024 == b.rr_1024;
}

std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file, std::ios::binary).rdbuf();
  return text.str();
}

std::string query(const std::filesystem::path& file, const std::string& sql) {
  Connection connection(file, Connection::Mode::read_only);
  Statement row = connection.prepare(sql);
  std::string answer;
  while (row.step()) {
    if (!answer.empty()) answer += '\n';
    for (int column = 0; column < row.columns(); ++column)
      answer += (column > 0 ? "|" : "") + (row.is_null(column) ? std::string("null") : row.text(column));
  }
  return answer;
}

}  // namespace rytme::journal
