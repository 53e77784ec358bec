// SPDX-License-Identifier: Apache-2.0
// kill -9 of a writing process at random instants: nothing that was called durable is lost, at most 2 s of
// the rest.
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <random>

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "controller/journal/journal.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

// What the child has told before it died.
struct Shared {
  std::atomic<std::uint64_t> durable_seq;
  std::atomic<std::int64_t> first_mono_us;  // of the first entry of this life
  std::atomic<std::int64_t> appended_mono_us;
};

class SharedMemory {
 public:
  SharedMemory()
      : memory_(::mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0)),
        told_(new (memory_) Shared{}) {}
  ~SharedMemory() { ::munmap(memory_, sizeof(Shared)); }
  SharedMemory(const SharedMemory&) = delete;
  SharedMemory& operator=(const SharedMemory&) = delete;
  Shared& told() { return *told_; }

 private:
  void* memory_;
  Shared* told_;
};

// RYTME_KILLS, else so many that the run stays short; the controller as a whole is killed in
// tests/end_to_end.
int kills() {
  const char* wanted = std::getenv("RYTME_KILLS");
  return wanted == nullptr ? 10 : std::atoi(wanted);
}

std::int64_t micros(Instant at) {
  return std::chrono::duration_cast<std::chrono::microseconds>(at.time_since_epoch()).count();
}

Now now() {
  return {std::chrono::steady_clock::now(),
          std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now())};
}

// A room in session: 1 heart frame and 2 motion frames in 100 ms, a reading every ms, a rating now and then.
[[noreturn]] void live(const std::filesystem::path& file, Shared& told) {
  Opening opening;
  Journal journal({.file = file}, opening);
  journal.on_progress([&] { told.durable_seq = journal.health().durable_seq; });
  Scribe scribe(opening.next_seq);
  scribe.session = "s1";
  const auto append = [&](JournalEntry entry) {
    entry.at = now();
    told.appended_mono_us = micros(entry.at.steady);
    if (told.first_mono_us == 0) told.first_mono_us = told.appended_mono_us.load();
    journal.append(std::move(entry));
  };
  for (std::uint64_t tick = 0;; ++tick) {
    append(scribe.make(entry::Value{"belt", Capability::hr_bpm, 70.0, "", Quality::good}));
    if (tick % 100 == 0) append(scribe.make(entry::Heart{"belt", heart_frame(tick, {800})}));
    if (tick % 50 == 0) append(scribe.make(entry::Motion{"swing", motion_frame(tick, 10)}));
    if (tick % 1500 == 1499)
      append(scribe.make(entry::Rating{"staff", "staff", "during", "calm", "t"}, true));
    told.durable_seq = journal.health().durable_seq;
    ::poll(nullptr, 0, 1);  // the pace of the room
  }
}

TEST(Kill, NothingDurableIsLostAndAtMostTwoSecondsOfTheRest) {
  TemporaryFolder folder;
  std::mt19937 random(20261121);
  std::int64_t worst_us = 0;
  for (int run = 0; run < kills(); ++run) {
    SharedMemory memory;
    const pid_t child = ::fork();
    if (child == 0) live(folder.file(), memory.told());
    ASSERT_GT(child, 0);
    ::poll(nullptr, 0, static_cast<int>(700 + random() % 1500));  // the random instant
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);

    const std::uint64_t durable = memory.told().durable_seq;
    EXPECT_EQ(query(folder.file(), "PRAGMA quick_check"), "ok");
    ASSERT_GT(durable, 0U);
    // As many rows and frames as the largest number: there is no hole, and nothing durable is missing.
    const std::string largest =
        "max((SELECT max(seq) FROM reading), (SELECT coalesce(max(seq), 0) FROM rating), "
        "(SELECT max(seq_end) FROM chunk))";
    EXPECT_EQ(query(folder.file(),
                    "SELECT (SELECT count(*) FROM reading) + (SELECT count(*) FROM rating) + "
                    "(SELECT sum(frames) FROM chunk) - " +
                        largest),
              "0");
    EXPECT_GE(std::stoull(query(folder.file(), "SELECT " + largest)), durable);
    const std::int64_t kept_us = std::stoll(query(folder.file(), "SELECT max(mono_us) FROM reading"));
    // A life that was killed before its first commit lost no more than itself.
    const std::int64_t since_us = std::max(kept_us, memory.told().first_mono_us.load());
    worst_us = std::max(worst_us, memory.told().appended_mono_us - since_us);
  }
  std::cout << "most that was lost in " << kills() << " kills: " << worst_us / 1000 << " ms\n";
  EXPECT_LE(worst_us, 2000000);
  Opening opening;
  Journal journal({.file = folder.file()}, opening);
  EXPECT_TRUE(opening.unclean);
  EXPECT_EQ(opening.set_aside, "");
}

}  // namespace
}  // namespace rytme::journal
