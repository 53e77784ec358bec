// SPDX-License-Identifier: Apache-2.0
#include "tests/review/long_record.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <utility>

namespace rytme::review {

using std::chrono::milliseconds;

LongRecord::LongRecord(std::filesystem::path file)
    : file_(file.empty() ? folder_.file() : std::move(file)),
      journal_({.file = file_, .queue_bytes = std::size_t{1} << 30U, .formula_version = "hrv-2"}, opening_) {
  journal_.on_progress(announced_.callback());
}

void LongRecord::sessions(int count) {
  for (int i = 0; i < count; ++i) {
    const std::array<const char*, 3> activities{"hammock", "ball", "bubbles"};
    const int minutes = 3 + static_cast<int>(random_() % 13);
    start("s" + std::to_string(i), "P" + std::to_string(i % 8 + 1),
          i % 3 == 0 ? "regulate-up" : "regulate-down");
    keep(entry::Rating{"participant", "staff", "before", i % 5 == 0 ? "fear" : "alarm", "tablet"});
    keep(entry::Event{"activity", std::string(R"({"id":")") + activities[random_() % 3] + "\"}"});
    silent_ = i % 10 == 3;
    minutes_of(minutes, i % 20 == 0, 1);
    silent_ = false;
    keep(entry::Rating{"participant", "staff", "after", i % 4 == 0 ? "alarm" : "attentive", "tablet"});
    end();
    if (i % 20 == 19) wait_until_durable();
  }
}

void LongRecord::the_hour() {
  start("hour", "P1", "regulate-down");
  minutes_of(60, true, 4);
  end();
  keep(entry::Access{}, true);
  wait_until_durable();
}

std::filesystem::path LongRecord::close() {
  journal_.close();
  return file_;
}

void LongRecord::start(const std::string& id, const std::string& participant, const std::string& preset) {
  scribe_.session = id;
  frame_.stamp.boot = id;
  keep(entry::SessionStart{id, participant, preset, 1, true, "abc", "0.1.0"}, true);
}

void LongRecord::end() {
  keep(entry::SessionEnd{scribe_.session, "finished"}, true);
  scribe_.session = "";
  scribe_.move_on(std::chrono::hours{2});
}

void LongRecord::minutes_of(int minutes, bool moving, int hz) {
  for (int second = 0; second < minutes * 60; ++second) {
    if (second == 0) keep(entry::Event{"phase", R"({"phase":"arrive"})"});
    if (second == 60) keep(entry::Event{"phase", R"({"phase":"lead"})"});
    if (second == minutes * 60 - 60) keep(entry::Event{"phase", R"({"phase":"close"})"});
    if (second % 10 == 0) light(second);
    heart();
    if (moving) seat();
    for (int k = 0; k < hz; ++k) {
      if (!silent_ || second < 60 || second >= 90) values();
      scribe_.move_on(milliseconds{1000 / hz - 10});
    }
  }
}

void LongRecord::values() {
  // Five that differ, so that a page that takes one for another shows it.
  const double bpm = 80 + noise_(random_);
  const std::array<std::pair<Capability, double>, 5> all{
      {{Capability::hr_bpm, bpm},
       {Capability::hr_mean10_bpm, 79 + 0.5 * (bpm - 80)},
       {Capability::hr_rmssd60_ms, std::max(5.0, 40 - (bpm - 80))},
       {Capability::arousal_index, std::clamp((bpm - 70) / 8, 0.0, 4.0)},
       {Capability::motion_amplitude_deg, std::max(0.0, 15 + (bpm - 80) / 2)}}};
  for (const auto& [capability, value] : all)
    keep(entry::Value{"belt", capability, std::round(value * 10) / 10, "", Quality::good});
}

void LongRecord::light(int second) {
  keep(entry::Commanded{"lamp", Capability::light_level, 0.3 + 0.001 * (second % 100), "", 900, "preset"});
  keep(entry::Confirmed{scribe_.next_seq() - 1, 0.3, std::nullopt});
  keep(entry::Commanded{"player", Capability::player_bpm, 70, "", 0, "preset"});
}

void LongRecord::heart() {
  ++frame_.stamp.seq;
  auto sample = journal::heart_frame(frame_.stamp.seq, {static_cast<std::uint16_t>(780 + random_() % 50)});
  sample.stamp.boot = frame_.stamp.boot;
  keep(entry::Heart{"belt", sample});
}

// A second of a swing in five frames of a sensor with 8192 steps per g.
void LongRecord::seat() {
  frame_.step_us = {10000};
  for (int k = 0; k < 5; ++k) {
    for (auto* axis : {&frame_.ax, &frame_.ay, &frame_.az, &frame_.gx, &frame_.gy, &frame_.gz}) axis->clear();
    for (int i = 0; i < 20; ++i) {
      const double swing = std::sin(2 * 3.14159 * 0.35 * (seat_s_ += 0.01));
      const auto step = [&](double value, double width) {
        return static_cast<float>(std::round((value + 0.005 * noise_(random_)) / width) * width);
      };
      frame_.ax.push_back(step(2 * swing, 9.80665 / 8192));
      frame_.ay.push_back(step(0, 9.80665 / 8192));
      frame_.az.push_back(step(9.8, 9.80665 / 8192));
      frame_.gx.push_back(step(swing, 0.001));
      frame_.gy.push_back(step(0, 0.001));
      frame_.gz.push_back(step(0, 0.001));
    }
    ++frame_.stamp.seq;
    frame_.stamp.t_us = static_cast<std::int64_t>(seat_s_ * 1e6);
    keep(entry::Motion{"seat", frame_});
  }
}

void LongRecord::wait_until_durable() {
  const std::uint64_t last = scribe_.next_seq() - 1;
  // The last entry may not be urgent and then waits for its batch: an urgent one behind it does not.
  keep(entry::Access{}, true);
  while (journal_.health().durable_seq < last)
    announced_.wait_for([&] { return journal_.health().durable_seq >= last; });
}

}  // namespace rytme::review
