// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/player_judge.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

namespace rytme::test {
namespace {

// Design §6. Volume goes in steps of 0.2 s, tempo in steps of 1 s; on the way to the player two steps may
// come nearer to each other by what the network varies.
constexpr double rise_db_per_s = 6.0;
constexpr double rise_step_db = 6.0 * 0.2;
constexpr double quiet_db = -40.0;
constexpr double network_s = 0.5;  // what the controller sends before it notices that nothing comes back
constexpr double barely = 0.0105;  // of amplitude: nobody hears a tempo in it
constexpr double remembered_s = 8.0;
constexpr double lowest_bpm = 20, highest_bpm = 140;
constexpr double tempo_step_s = 1.0;
constexpr double delivered_bpm = 80;
constexpr double rounding = 1e-6;

double tempo_per_s(double bpm) { return std::min(2.0, 0.01 * bpm); }

double number(std::string_view text) {
  double value = std::nan("");
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

void PlayerJudge::told(std::string_view property, std::string_view value, Instant now) {
  const bool before = has_tempo();
  if (property == "play") playing_ = value == "true";
  if (property == "mute") muted_ = value == "true";
  if (property == "volume") volume_ = number(value) / 100;
  if (!(volume_ >= 0 && volume_ <= 1)) report_("sound", fmt::format("volume {}", value));
  if (property == "bpm") bpm_ = number(value);
  if (!(bpm_ >= lowest_bpm && bpm_ <= highest_bpm)) report_("tempo", fmt::format("{} BPM", bpm_));
  loud(now);
  if (has_tempo() && !before) tempi_.begin(bpm_, now);
  if (has_tempo() && before) tempo(now);
}

bool PlayerJudge::has_tempo() const { return audible() && volume_ > barely; }

void PlayerJudge::restarted(Instant now) {
  playing_ = muted_ = false;
  volume_ = 0;
  bpm_ = delivered_bpm;
  loud(now);
}

// No louder than 6 dB/s from any moment of the last seconds; silence counts as -40 dB.
void PlayerJudge::loud(Instant now) {
  const double db = audible() ? std::max(quiet_db, 20 * std::log10(volume_)) : quiet_db;
  loudness_.until(now);
  for (const auto& before : loudness_.points()) {
    const double time_s = seconds_between(before.at, now);
    if (db <= before.value + rise_db_per_s * (time_s + network_s) + rise_step_db + rounding) continue;
    report_("sound", fmt::format("{:.1f} dB, {:.2f} s after {:.1f} dB", db, time_s, before.value));
    break;
  }
  loudness_.add(db, now);
}

void PlayerJudge::tempo(Instant now) {
  tempi_.until(now);
  for (const auto& before : tempi_.points()) {
    const double time_s = seconds_between(before.at, now);
    const double most =
        tempo_per_s(std::max(before.value, bpm_)) * (time_s + tempo_step_s + network_s) + rounding;
    if (std::abs(bpm_ - before.value) <= most) continue;
    report_("tempo", fmt::format("{:.2f} BPM, {:.2f} s after {:.2f}", bpm_, time_s, before.value));
    break;
  }
  tempi_.add(bpm_, now);
}

void HeldValues::begin(double value, Instant now) {
  points_.clear();
  points_.push_back({now, value});
}

void HeldValues::until(Instant now) {
  if (points_.empty()) return;
  points_.push_back({now, points_.back().value});
  while (seconds_between(points_.front().at, now) > remembered_s) points_.pop_front();
}

}  // namespace rytme::test
