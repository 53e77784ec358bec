// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/recording.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "controller/simulator/table.hpp"

namespace rytme::simulator {
namespace {

constexpr double standard_gravity = 9.80665;  // m/s²
constexpr std::size_t frame_samples = 16;
constexpr double longest_rr_ms = 60'000;  // what fits 16 bits of 1/1024 s, with room

void check_rising(const std::vector<double>& t_s, const std::string& file) {
  const auto back = std::ranges::adjacent_find(t_s, std::ranges::greater{});
  if (back == t_s.end()) return;
  throw std::runtime_error(file + ": row " + std::to_string(back - t_s.begin() + 2) + " goes back in time");
}

std::vector<std::int64_t> to_us(const std::vector<double>& t_s) {
  std::vector<std::int64_t> out;
  out.reserve(t_s.size());
  for (const double t : t_s) out.push_back(std::llround(t * 1e6));
  return out;
}

std::vector<float> scaled(const std::vector<double>& values, double factor) {
  std::vector<float> out;
  out.reserve(values.size());
  for (const double value : values) out.push_back(static_cast<float>(value * factor));
  return out;
}

Beats read_beats(const Table& table) {
  const auto& t_s = table.numbers("t_s");
  check_rising(t_s, table.file);
  Beats beats{to_us(t_s), table.numbers("rr_ms")};
  for (std::size_t i = 0; i < beats.rr_ms.size(); ++i) {
    if (beats.rr_ms[i] > 0 && beats.rr_ms[i] <= longest_rr_ms) continue;
    throw std::runtime_error(table.file + ": row " + std::to_string(i + 1) + " has no possible rr_ms");
  }
  return beats;
}

double unit_of(const Table& table) {
  const auto unit = table.notes.find("unit");
  if (unit == table.notes.end() || unit->second == "m/s2") return 1.0;
  if (unit->second == "1/64 g") return standard_gravity / 64.0;
  throw std::runtime_error(table.file + ": unit " + unit->second + " is neither 1/64 g nor m/s2");
}

// Column t_s, or evenly from t0_s and fs_hz of the # line.
std::vector<std::int64_t> sample_times(const Table& table, std::size_t count) {
  if (table.has("t_s")) {
    check_rising(table.numbers("t_s"), table.file);
    return to_us(table.numbers("t_s"));
  }
  const double t0_s = table.note("t0_s");
  const double fs_hz = table.note("fs_hz");
  if (fs_hz <= 0) throw std::runtime_error(table.file + ": fs_hz is not above 0");
  std::vector<double> t_s(count);
  for (std::size_t i = 0; i < count; ++i) t_s[i] = t0_s + static_cast<double>(i) / fs_hz;
  return to_us(t_s);
}

MotionColumns read_motion(const Table& table) {
  const double unit = unit_of(table);
  MotionColumns out;
  out.ax = scaled(table.numbers("ax"), unit);
  out.ay = scaled(table.numbers("ay"), unit);
  out.az = scaled(table.numbers("az"), unit);
  out.t_us = sample_times(table, out.ax.size());
  if (table.has("gx")) {
    out.gx = scaled(table.numbers("gx"), 1.0);
    out.gy = scaled(table.numbers("gy"), 1.0);
    out.gz = scaled(table.numbers("gz"), 1.0);
  }
  return out;
}

void add_file(const std::filesystem::path& path, Recording& recording) {
  const auto table = read_table(path);
  if (table.has("rr_ms")) {
    recording.beats = read_beats(table);
  } else if (table.has("ax")) {
    recording.motion = read_motion(table);
  } else {
    throw std::runtime_error(table.file + ": neither a column rr_ms nor ax,ay,az");
  }
}

void shift_to_zero(Recording& recording) {
  constexpr std::int64_t second = 1'000'000;
  std::int64_t first = 0;
  if (!recording.beats.t_us.empty()) first = std::min(first, recording.beats.t_us.front());
  if (!recording.motion.t_us.empty()) first = std::min(first, recording.motion.t_us.front());
  const std::int64_t offset = (-first + second - 1) / second * second;
  for (auto& t : recording.beats.t_us) t += offset;
  for (auto& t : recording.motion.t_us) t += offset;
}

class RecordedHeart : public FrameSource {
 public:
  explicit RecordedHeart(std::shared_ptr<const Recording> recording) : recording_(std::move(recording)) {}
  std::optional<std::int64_t> next_us() const override {
    const auto& t_us = recording_->beats.t_us;
    return next_ < t_us.size() ? std::optional(t_us[next_]) : std::nullopt;
  }
  std::optional<std::string> take(std::string_view boot, std::uint64_t seq) override {
    const double rr_ms = recording_->beats.rr_ms[next_];
    HeartFrame frame;
    frame.t_us = recording_->beats.t_us[next_];
    frame.bpm = static_cast<int>(std::lround(60'000.0 / rr_ms));
    frame.rr_1024 = {static_cast<std::uint16_t>(std::lround(rr_ms * 1.024))};
    ++next_;
    return heart_frame_text(frame, boot, seq);
  }

 private:
  std::shared_ptr<const Recording> recording_;
  std::size_t next_{};
};

class RecordedMotion : public FrameSource {
 public:
  explicit RecordedMotion(std::shared_ptr<const Recording> recording) : recording_(std::move(recording)) {}
  // A node sends when the last sample of the frame is taken.
  std::optional<std::int64_t> next_us() const override {
    const auto count = remaining();
    return count > 0 ? std::optional(recording_->motion.t_us[next_ + count - 1]) : std::nullopt;
  }
  std::optional<std::string> take(std::string_view boot, std::uint64_t seq) override {
    const auto count = remaining();
    auto text = motion_frame_text(recording_->motion, next_, count, boot, seq);
    next_ += count;
    return text;
  }

 private:
  std::size_t remaining() const { return std::min(frame_samples, recording_->motion.t_us.size() - next_); }

  std::shared_ptr<const Recording> recording_;
  std::size_t next_{};
};

}  // namespace

Recording read_recording(const std::filesystem::path& path) {
  Recording recording;
  if (std::filesystem::is_directory(path)) {
    for (const auto* name : {"ibi.csv", "acc_32hz.csv.gz"}) {
      if (std::filesystem::exists(path / name)) add_file(path / name, recording);
    }
  } else {
    add_file(path, recording);
  }
  if (recording.beats.t_us.empty() && recording.motion.t_us.empty()) {
    throw std::runtime_error(path.string() +
                             ": nothing to replay (ibi.csv, acc_32hz.csv.gz, or one CSV file)");
  }
  shift_to_zero(recording);
  return recording;
}

std::unique_ptr<FrameSource> recorded_heart(const std::shared_ptr<const Recording>& recording) {
  if (recording->beats.t_us.empty()) return nullptr;
  return std::make_unique<RecordedHeart>(recording);
}

std::unique_ptr<FrameSource> recorded_motion(const std::shared_ptr<const Recording>& recording) {
  if (recording->motion.t_us.empty()) return nullptr;
  return std::make_unique<RecordedMotion>(recording);
}

}  // namespace rytme::simulator
