// SPDX-License-Identifier: Apache-2.0
// What each review question costs, with one session in the record and with a thousand. The record is made by
// the real writer in simulated time: sessions of 3 to 15 minutes of eight people, and one of an hour with
// five series at 4 Hz and a seat at 100 Hz on six axes. Each answer is measured to its last byte of JSON.
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <functional>
#include <random>

#include "controller/journal/reader.hpp"
#include "controller/review/json.hpp"
#include "tests/benchmarks/table.hpp"
#include "tests/journal/journal_support.hpp"

namespace {

using namespace rytme;
using std::chrono::milliseconds;

constexpr double limit_ms = 50;
constexpr int runs = 60;

class Room {
 public:
  Room()
      : journal_({.file = folder_.file(), .queue_bytes = std::size_t{1} << 30U, .formula_version = "hrv-2"},
                 opening_) {
    journal_.on_progress(announced_.callback());
  }

  void sessions(int count) {
    for (int i = 0; i < count; ++i) {
      const std::array<const char*, 3> activities{"hammock", "ball", "bubbles"};
      const int minutes = 3 + static_cast<int>(random_() % 13);
      start("s" + std::to_string(i), "P" + std::to_string(i % 8 + 1),
            i % 3 == 0 ? "regulate-up" : "regulate-down");
      keep(entry::Rating{"participant", "staff", "before", i % 5 == 0 ? "fear" : "alarm", "tablet"});
      keep(entry::Event{"activity", std::string(R"({"id":")") + activities[random_() % 3] + "\"}"});
      minutes_of(minutes, i % 20 == 0, 1);
      keep(entry::Rating{"participant", "staff", "after", i % 4 == 0 ? "alarm" : "attentive", "tablet"});
      end();
      if (i % 20 == 19) wait_until_durable();
    }
  }
  void the_hour() {
    start("hour", "P1", "regulate-down");
    minutes_of(60, true, 4);
    end();
    keep(entry::Access{}, true);
    wait_until_durable();
  }
  std::filesystem::path close() {
    journal_.close();
    return folder_.file();
  }

 private:
  template <typename What>
  void keep(What what, bool urgent = false) {
    journal_.append(scribe_.make(std::move(what), urgent));
  }
  void start(const std::string& id, const std::string& participant, const std::string& preset) {
    scribe_.session = id;
    frame_.stamp.boot = id;
    keep(entry::SessionStart{id, participant, preset, 1, true, "abc", "0.1.0"}, true);
  }
  void end() {
    keep(entry::SessionEnd{scribe_.session, "finished"}, true);
    scribe_.session = "";
    scribe_.move_on(std::chrono::hours{2});
  }
  void minutes_of(int minutes, bool moving, int hz) {
    for (int second = 0; second < minutes * 60; ++second) {
      if (second == 0) keep(entry::Event{"phase", R"({"phase":"arrive"})"});
      if (second == 60) keep(entry::Event{"phase", R"({"phase":"lead"})"});
      if (second == minutes * 60 - 60) keep(entry::Event{"phase", R"({"phase":"close"})"});
      if (second % 10 == 0) light(second);
      heart();
      if (moving) seat();
      for (int k = 0; k < hz; ++k) {
        values();
        scribe_.move_on(milliseconds{1000 / hz - 10});
      }
    }
  }
  void values() {
    const double bpm = 80 + noise_(random_);
    for (const auto capability : {Capability::hr_bpm, Capability::hr_mean10_bpm, Capability::hr_rmssd60_ms,
                                  Capability::arousal_index, Capability::motion_amplitude_deg})
      keep(entry::Value{"belt", capability, std::round(bpm * 10) / 10, "", Quality::good});
  }
  void light(int second) {
    keep(entry::Commanded{"lamp", Capability::light_level, 0.3 + 0.001 * (second % 100), "", 900, "preset"});
    keep(entry::Confirmed{scribe_.next_seq() - 1, 0.3, std::nullopt});
    keep(entry::Commanded{"player", Capability::player_bpm, 70, "", 0, "preset"});
  }
  void heart() {
    ++frame_.stamp.seq;
    auto sample = journal::heart_frame(frame_.stamp.seq, {static_cast<std::uint16_t>(780 + random_() % 50)});
    sample.stamp.boot = frame_.stamp.boot;
    keep(entry::Heart{"belt", sample});
  }
  // A second of a swing in five frames of a sensor with 8192 steps per g.
  void seat() {
    frame_.step_us = {10000};
    for (int k = 0; k < 5; ++k) {
      for (auto* axis : {&frame_.ax, &frame_.ay, &frame_.az, &frame_.gx, &frame_.gy, &frame_.gz})
        axis->clear();
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
  void wait_until_durable() {
    const std::uint64_t last = scribe_.next_seq() - 1;
    // The last entry may not be urgent and then waits for its batch: an urgent one behind it does not.
    keep(entry::Access{}, true);
    while (journal_.health().durable_seq < last)
      announced_.wait_for([&] { return journal_.health().durable_seq >= last; });
  }

  journal::TemporaryFolder folder_;
  journal::Opening opening_;
  journal::Announced announced_;
  journal::Journal journal_;
  journal::Scribe scribe_;
  MotionFrame frame_;
  double seat_s_{};
  std::mt19937 random_{1};
  std::normal_distribution<double> noise_{0, 4};
};

using Question = std::function<std::size_t(journal::Reader&)>;

template <typename Ask>
Question of_review(Ask ask) {
  return [ask](journal::Reader& reader) {
    std::size_t bytes = 0;
    reader.ask([&](journal::Connection& connection) { bytes = review::to_json(ask(connection)).size(); });
    return bytes;
  };
}

Question series_of(const std::string& names, std::size_t points) {
  return of_review([names, points](journal::Connection& connection) {
    return *review::series(connection, "hour", {review::names_from(names), {}, {}, points});
  });
}

const std::vector<std::pair<std::string, Question>>& questions() {
  static const std::vector<std::pair<std::string, Question>> all{
      {"sessions, all", [](journal::Reader& reader) { return to_json(reader.sessions({})).size(); }},
      {"sessions of one participant",
       [](journal::Reader& reader) {
         return to_json(reader.sessions({"P1", "", ""})).size();
       }},
      {"five series at 4 Hz, 60 min, 1000 points",
       series_of("hr.bpm,hr.mean10_bpm,hr.rmssd60_ms,arousal.index,motion.amplitude_deg", 1000)},
      {"the same, 4000 points",
       series_of("hr.bpm,hr.mean10_bpm,hr.rmssd60_ms,arousal.index,motion.amplitude_deg", 4000)},
      {"pulse, index, light, tempo, motion at 100 Hz",
       series_of("hr.bpm,arousal.index,light.level.commanded,player.bpm.commanded,motion.magnitude", 1000)},
      {"motion magnitude at 100 Hz, 60 min", series_of("motion.magnitude", 1000)},
      {"motion, three axes and magnitude",
       series_of("motion.accel.x,motion.accel.y,motion.accel.z,motion.magnitude", 1000)},
      {"RR, 60 min", series_of("hr.rr_ms", 1000)},
      {"summary: before, during, after, band",
       of_review([](journal::Connection& connection) { return *review::summary(connection, "hour"); })},
      {"last 12 sessions aligned, pulse and index", of_review([](journal::Connection& connection) {
         return review::aligned(connection, "P1", {review::names_from("hr.bpm,arousal.index"), 12, 200});
       })},
      {"activities and presets, changes",
       of_review([](journal::Connection& connection) { return review::changes(connection, "P1"); })},
      {"calm-pulse history",
       of_review([](journal::Connection& connection) { return review::calm_pulses(connection, "P1", 50); })}};
  return all;
}

// Processor time of this thread: what others do on the machine is not in it.
double cpu_ms() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

void measure(const std::filesystem::path& file, int sessions, const std::string& only) {
  for (const auto& [name, question] : questions()) {
    if (name.find(only) == std::string::npos) continue;
    std::vector<double> took_ms;
    std::vector<double> worked_ms;
    std::size_t bytes = 0;
    for (int i = 0; i < runs; ++i) {
      journal::Reader reader(file);  // nothing is remembered from one to the next
      const double worked = cpu_ms();
      const auto begin = std::chrono::steady_clock::now();
      bytes = question(reader);
      took_ms.push_back(
          std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count());
      worked_ms.push_back(cpu_ms() - worked);
    }
    const double p99 = bench::quantile(took_ms, 0.99);
    std::printf("| %-45s | %5d | %8.2f | %8.2f | %8.2f | %7zu | %s |\n", name.c_str(), sessions,
                bench::quantile(worked_ms, 0.5), bench::quantile(took_ms, 0.5), p99, bytes / 1024,
                p99 <= limit_ms ? "yes" : "NO");
    std::fflush(stdout);
  }
}

}  // namespace

// benchmark_review [part of a question's name]
int main(int count_of_words, char** words) {
  const std::string only = count_of_words > 1 ? words[1] : "";
  std::printf("| %-45s | %5s | %8s | %8s | %8s | %7s | %s |\n", "question", "n", "cpu ms", "p50 ms", "p99 ms",
              "KiB", "<= 50 ms");
  std::printf("|---|---|---|---|---|---|---|\n");
  for (const int count : {1, 1000}) {
    Room room;
    room.sessions(count - 1);
    room.the_hour();
    measure(room.close(), count, only);
  }
}
