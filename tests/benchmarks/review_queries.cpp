// SPDX-License-Identifier: Apache-2.0
// What each review question costs, with one session in the record and with a thousand. Each answer is
// measured to its last byte of JSON.
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
#include "tests/review/long_record.hpp"

namespace {

using namespace rytme;

constexpr double limit_ms = 50;
constexpr int runs = 60;

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
    review::LongRecord room;
    room.sessions(count - 1);
    room.the_hour();
    measure(room.close(), count, only);
  }
}
