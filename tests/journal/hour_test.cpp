// SPDX-License-Identifier: Apache-2.0
// A full room for an hour of simulated time through the real writer, while ten viewers page through the file:
// how large the file gets, how long the log, how long a read. RYTME_MINUTES sets the length (default 6).
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <iostream>
#include <thread>

#include <gmock/gmock.h>
#include <poll.h>

#include "controller/journal/frames.hpp"
#include "controller/journal/journal.hpp"
#include "tests/journal/journal_support.hpp"
#include "tests/journal/recordings.hpp"

namespace rytme::journal {
namespace {

using std::chrono::milliseconds;

int minutes() {
  const char* wanted = std::getenv("RYTME_MINUTES");
  return wanted == nullptr ? 6 : std::atoi(wanted);
}

// Swings with the noise of a real sensor, on the steps of an LSM6 at 2 g and 250 deg/s; each node its own
// recording.
class Nodes {
 public:
  Nodes() {
    for (auto& recording : motion_recordings())
      if (recording.name.starts_with("synthetic")) tracks_.push_back(samples_of(recording));
  }
  bool empty() const { return tracks_.empty(); }
  // 20 samples, 200 ms.
  MotionFrame frame(std::size_t node, std::uint64_t seq) const {
    const auto& track = tracks_[node % tracks_.size()];
    MotionFrame frame;
    frame.stamp = {"9f2c", seq, static_cast<std::int64_t>(seq) * 200000};
    frame.step_us = {10000};
    for (std::size_t i = 0; i < 20; ++i) {
      const auto& sample = track[(seq * 20 + i + node * 777) % track.size()];
      std::size_t axis = 0;
      for (auto* column : {&frame.ax, &frame.ay, &frame.az, &frame.gx, &frame.gy, &frame.gz})
        column->push_back(sample[axis++]);
    }
    return frame;
  }

 private:
  using Track = std::vector<std::array<float, 6>>;
  static Track samples_of(const MotionRecording& recording) {
    constexpr double acceleration = 61e-6 * 9.80665, rotation = 8.75e-3 * 3.14159265358979323846 / 180;
    const auto on = [](double step, float value) {
      return static_cast<float>(std::round(double{value} / step) * step);
    };
    Track track;
    for (const MotionFrame& frame : recording.frames)
      for (std::size_t i = 0; i < frame.ax.size(); ++i)
        track.push_back({on(acceleration, frame.ax[i]), on(acceleration, frame.ay[i]),
                         on(acceleration, frame.az[i]), on(rotation, frame.gx[i]), on(rotation, frame.gy[i]),
                         on(rotation, frame.gz[i])});
    return track;
  }
  std::vector<Track> tracks_;
};

// One that pages by key, looks at ten seconds of a swing and lists, again and again.
class Viewer {
 public:
  explicit Viewer(const std::filesystem::path& file) : thread_([this, file] { run(file); }) {}
  ~Viewer() { end(); }
  void end() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
  }
  double longest_ms() const { return longest_ms_; }
  int reads() const { return reads_; }

 private:
  void run(const std::filesystem::path& file) {
    Connection connection(file, Connection::Mode::read_only);
    std::int64_t after = 0;
    while (!over_) {
      const auto from = std::chrono::steady_clock::now();
      connection.execute("BEGIN");
      Statement page =
          connection.prepare("SELECT seq, value FROM reading WHERE seq > ?1 ORDER BY seq LIMIT 500");
      page.with(after);
      for (after = 0; page.step();) after = page.integer(0);
      page.reset();
      const std::int64_t newest = connection.ask_integer("SELECT max(mono_end_us) FROM chunk");
      motion_between(connection, "s1", "swing1", {newest - 10000000, newest});
      connection.end_reading();
      const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - from;
      longest_ms_ = std::max(longest_ms_, took.count());
      ++reads_;
      ::poll(nullptr, 0, 10);  // a person's pace would be a hundred times slower
    }
  }
  std::atomic<bool> over_{false};
  double longest_ms_{};
  int reads_{};
  std::thread thread_;
};

class HourTest : public testing::Test {
 protected:
  void SetUp() override {
    if (nodes_.empty()) GTEST_SKIP() << "no reference data";
    hearts_ = heart_recordings();
    journal_.on_progress(announced_.callback());
    scribe_.session = "s1";
    append(entry::SessionStart{"s1", "K7F", "regulate-down", 1, true, "abc", "0.1.0"});
  }
  template <typename What>
  void append(What what, bool urgent = false) {
    JournalEntry entry = scribe_.make(std::move(what), urgent);
    entry.at.steady = begin_ + std::chrono::seconds{second_};
    entry.at.wall = WallTime{std::chrono::seconds{1760000000 + second_}};
    journal_.append(std::move(entry));
  }
  // All that a second of a full room brings: 4 motion nodes, 2 wearables with their derived values, 20
  // devices.
  void second() {
    for (std::size_t node = 0; node < 4; ++node)
      for (std::uint64_t part = 0; part < 5; ++part)
        append(entry::Motion{"swing" + std::to_string(node),
                             nodes_.frame(node, static_cast<std::uint64_t>(second_) * 5 + part)});
    for (std::size_t strap = 0; strap < 2; ++strap) wearable(strap);
    for (int device = 0; device < 20; ++device) {
      const std::string id = "device" + std::to_string(device);
      if ((second_ + device) % 10 == 0)
        append(entry::Value{id, Capability::light_level, 0.3 + 0.01 * static_cast<double>(second_ % 7), "",
                            Quality::good});
      if ((second_ + device) % 30 == 0) {
        append(entry::Commanded{id, Capability::light_level, 0.4, "", 900, "preset"});
        append(entry::Confirmed{scribe_.next_seq() - 1, 0.4, std::nullopt});
      }
    }
    append(entry::Event{"phase", "{}"}, true);
    ++second_;
    const std::uint64_t last = scribe_.next_seq() - 1;
    ASSERT_TRUE(announced_.wait_for([&] { return journal_.health().durable_seq >= last; }));
  }
  void wearable(std::size_t strap) {
    const auto& beats = hearts_[strap + 5].frames;
    HeartSample sample = beats[static_cast<std::size_t>(second_) % beats.size()];
    sample.stamp.seq = static_cast<std::uint64_t>(second_);
    sample.stamp.t_us = second_ * 1000000;
    const std::string id = "strap" + std::to_string(strap);
    append(entry::Heart{id, sample});
    for (const auto capability : {Capability::hr_bpm, Capability::hr_rmssd60_ms})
      append(entry::Value{id, capability, *sample.bpm + 0.25, "", Quality::good});
  }
  std::uintmax_t log_size() const { return std::filesystem::file_size(folder_.file().string() + "-wal"); }

  Nodes nodes_;
  std::vector<HeartRecording> hearts_;
  TemporaryFolder folder_;
  Opening opening_;
  Announced announced_;
  Journal journal_{{.file = folder_.file()}, opening_};
  Scribe scribe_;
  Instant begin_{std::chrono::seconds{5000}};
  std::int64_t second_{};
};

TEST_F(HourTest, AFullRoomFitsAndTheLogStaysShortWhileTenViewersPage) {
  second();
  std::vector<std::unique_ptr<Viewer>> viewers;
  for (int i = 0; i < 10; ++i) viewers.push_back(std::make_unique<Viewer>(folder_.file()));
  std::uintmax_t longest_log = 0;
  while (second_ < minutes() * 60) {
    second();
    longest_log = std::max(longest_log, log_size());
  }
  double longest_ms = 0;
  int reads = 0;
  for (auto& viewer : viewers) {
    viewer->end();
    longest_ms = std::max(longest_ms, viewer->longest_ms());
    reads += viewer->reads();
  }
  journal_.close();
  const double megabytes = static_cast<double>(std::filesystem::file_size(folder_.file())) / 1e6;
  const double per_hour = megabytes * 60 / minutes();
  std::cout << minutes() << " min of a full room: " << megabytes << " MB, " << per_hour
            << " MB an hour; longest log " << static_cast<double>(longest_log) / 1e6 << " MB; " << reads
            << " reads, the longest " << longest_ms << " ms\n"
            << query(folder_.file(),
                     "SELECT 'motion', sum(length(data)) * 1.0 / sum(samples) / 6 FROM chunk WHERE stream = "
                     "'motion'")
            << " bytes per axis value\n";
  EXPECT_LE(per_hour, 20);
  EXPECT_LE(longest_log, 16U << 20U);
  EXPECT_LE(longest_ms, 1000);
  EXPECT_EQ(query(folder_.file(), "PRAGMA quick_check"), "ok");
}

}  // namespace
}  // namespace rytme::journal
