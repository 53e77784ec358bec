// SPDX-License-Identifier: Apache-2.0
// Rows per second that become durable, and what append() costs the logic thread.
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <string>

#include <benchmark/benchmark.h>

#include "controller/journal/journal.hpp"

namespace {

using rytme::Capability;
using rytme::Instant;
using rytme::JournalEntry;
using rytme::Quality;
using rytme::WallTime;
namespace entry = rytme::entry;
namespace journal = rytme::journal;

// A journal in a folder of its own, and a wait until a number is durable.
class Ingest {
 public:
  Ingest() {
    std::string name = (std::filesystem::temp_directory_path() / "rytme-ingest-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    folder_ = name;
    journal_ = std::make_unique<journal::Journal>(
        journal::Options{.file = folder_ / "journal.db", .queue_bytes = std::size_t{8} << 30U}, opening_);
    journal_->on_progress([this] {
      const std::lock_guard guard(mutex_);
      told_.notify_all();
    });
  }
  ~Ingest() {
    journal_.reset();
    std::filesystem::remove_all(folder_);
  }
  Ingest(const Ingest&) = delete;
  Ingest& operator=(const Ingest&) = delete;

  template <typename What>
  void append(What what, bool urgent) {
    const std::chrono::microseconds at{static_cast<std::int64_t>(++seq_) * 1000};
    journal_->append({seq_, {Instant{at}, WallTime{at}}, "s1", urgent, std::move(what)});
  }
  void wait_until_durable() {
    std::unique_lock lock(mutex_);
    while (journal_->health().durable_seq < seq_) told_.wait_for(lock, std::chrono::milliseconds{1});
  }
  std::uint64_t commits() const { return journal_->health().commits; }

 private:
  std::filesystem::path folder_;
  journal::Opening opening_;
  std::mutex mutex_;
  std::condition_variable told_;
  std::uint64_t seq_{};
  std::unique_ptr<journal::Journal> journal_;
};

entry::Value reading() { return {"belt", Capability::hr_bpm, 72.0, "", Quality::good}; }

// Batches of so many rows, the last one urgent.
void rows_durable(benchmark::State& state) {
  Ingest ingest;
  for (auto _ : state) {
    for (std::int64_t i = 1; i < state.range(0); ++i) ingest.append(reading(), false);
    ingest.append(entry::Event{"phase", "{}"}, true);
    ingest.wait_until_durable();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(rows_durable)->Arg(1)->Arg(200)->Arg(20000)->UseRealTime()->Unit(benchmark::kMillisecond);

// What the logic thread pays for one row while the writer is at work.
void append_cost(benchmark::State& state) {
  Ingest ingest;
  for (auto _ : state) ingest.append(reading(), false);
  ingest.append(entry::Event{"phase", "{}"}, true);
  ingest.wait_until_durable();
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(append_cost)->Iterations(500000);

// A second of a swing with 100 samples on six axes in five frames, and its growing chunk.
void motion_second(benchmark::State& state) {
  Ingest ingest;
  rytme::MotionFrame frame;
  frame.stamp.boot = "9f2c";
  frame.step_us = {10000};
  for (int i = 0; i < 20; ++i) {
    const auto value = static_cast<float>((i * 7919 % 400) * 0.0001);
    for (auto* axis : {&frame.ax, &frame.ay, &frame.az, &frame.gx, &frame.gy, &frame.gz})
      axis->push_back(value);
  }
  for (auto _ : state) {
    for (int i = 0; i < 5; ++i) {
      ++frame.stamp.seq;
      frame.stamp.t_us += 200000;
      ingest.append(entry::Motion{"swing", frame}, false);
    }
    ingest.append(entry::Event{"phase", "{}"}, true);
    ingest.wait_until_durable();
  }
}
BENCHMARK(motion_second)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
