// SPDX-License-Identifier: Apache-2.0
// The power goes at a seeded operation of the disk; what was not synced reaches it in part, in any order,
// torn. What the journal had called durable is there, and the file is whole. RYTME_POWER_CUTS sets how many
// (default 100).
#include <cstdlib>
#include <random>

#include <gmock/gmock.h>

#include "controller/journal/journal.hpp"
#include "controller/journal/waveform.hpp"
#include "tests/journal/journal_support.hpp"
#include "tests/support/fault_disk.hpp"

namespace rytme::journal {
namespace {

int runs() {
  const char* wanted = std::getenv("RYTME_POWER_CUTS");
  return wanted == nullptr ? 100 : std::atoi(wanted);
}

// What was appended and, of it, what the journal has called durable.
struct Told {
  std::map<std::uint64_t, const char*> urgent;  // seq -> table
  std::vector<std::uint64_t> readings, motion;  // journal sequence of each
  std::uint64_t durable{};
  std::size_t up_to_durable(const std::vector<std::uint64_t>& list) const {
    return static_cast<std::size_t>(std::upper_bound(list.begin(), list.end(), durable) - list.begin());
  }
};

// A room that lives until the power goes: groups of samples, each ended by an entry that commits at once.
class Life {
 public:
  Life(std::filesystem::path file, std::uint64_t seed, bool large)
      : file_(std::move(file)), random_(seed), large_(large) {}

  Told lived() {
    Opening opening;
    try {
      Announced announced;
      Journal journal({.file = file_}, opening);
      journal.on_progress(announced.callback());
      for (int group = 0; group < 14; ++group) {
        samples(journal);
        const std::uint64_t last = urgent(journal);
        announced.wait_for([&] {
          const Health health = journal.health();
          return health.durable_seq >= last || !health.recording_possible;
        });
        told_.durable = journal.health().durable_seq;
        if (told_.durable < last) break;
      }
    } catch (const JournalError&) {
      // The power went while the file was being made: nothing was told.
    }
    return told_;
  }

 private:
  void samples(Journal& journal) {
    for (auto left = random_() % 12; left > 0; --left) {
      told_.readings.push_back(scribe_.next_seq());
      journal.append(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 70.0, "", Quality::good}));
    }
    for (auto left = random_() % 4; left > 0; --left) {
      told_.motion.push_back(scribe_.next_seq());
      journal.append(scribe_.make(entry::Motion{"swing", motion_frame(frame_++, 20)}));
    }
    // Enough to make the WAL wrap and checkpoint.
    if (large_) journal.append(scribe_.make(entry::Event{"bulk", std::string(random_() % 1000000, 'x')}));
  }

  std::uint64_t urgent(Journal& journal) {
    const std::uint64_t seq = scribe_.next_seq();
    switch (random_() % 4) {
      case 0:
        told_.urgent[seq] = "rating";
        journal.append(scribe_.make(entry::Rating{"staff", "staff", "during", "calm", "t"}, true));
        break;
      case 1:
        told_.urgent[seq] = "access";
        journal.append(scribe_.make(entry::Access{{}, "session", "s1", "127.0.0.1", "", false}, true));
        break;
      case 2:
        told_.urgent[seq] = "session";
        scribe_.session = "s" + std::to_string(seq);
        journal.append(
            scribe_.make(entry::SessionStart{scribe_.session, "K7F", "down", 1, true, "abc", "0"}, true));
        break;
      default:
        told_.urgent[seq] = "event";
        journal.append(scribe_.make(entry::Event{"stop", "{}"}, true));
    }
    return seq;
  }

  std::filesystem::path file_;
  std::mt19937_64 random_;
  bool large_;
  Scribe scribe_;
  std::uint64_t frame_{1};
  Told told_;
};

std::size_t number(const std::filesystem::path& file, const std::string& sql) {
  return static_cast<std::size_t>(std::stoull(query(file, sql)));
}

void expect_kept(const std::filesystem::path& file, const Told& told) {
  EXPECT_EQ(query(file, "PRAGMA quick_check"), "ok");
  for (const auto& [seq, table] : told.urgent) {
    if (seq > told.durable) break;
    EXPECT_EQ(
        number(file, std::string("SELECT count(*) FROM ") + table + " WHERE seq = " + std::to_string(seq)),
        1U)
        << table << " " << seq << " had been told";
  }
  EXPECT_GE(number(file, "SELECT count(*) FROM reading"), told.up_to_durable(told.readings));
  Connection connection(file, Connection::Mode::read_only);
  Statement row = connection.prepare("SELECT data, boot FROM chunk");
  std::size_t frames = 0;
  while (row.step()) frames += decode_motion(row.blob(0), row.text(1)).size();
  EXPECT_GE(frames, told.up_to_durable(told.motion));
}

// Opens the file as the next start would, writes on, closes.
void expect_usable(const std::filesystem::path& file) {
  Opening opening;
  Announced announced;
  Journal journal({.file = file}, opening);
  EXPECT_EQ(opening.set_aside, "");
  Scribe scribe(opening.next_seq);
  journal.on_progress(announced.callback());
  journal.append(scribe.make(entry::Event{"after", "{}"}, true));
  EXPECT_TRUE(announced.wait_for([&] { return journal.health().durable_seq >= opening.next_seq; }));
}

std::uint64_t operations_of_a_whole_life(bool large) {
  const TemporaryFolder folder;
  const test::FaultDisk disk;
  Life(folder.file(), 1, large).lived();
  return disk.operations();
}

TEST(PowerLoss, WhatWasCalledDurableIsThereAndTheFileIsWhole) {
  const std::array<std::uint64_t, 2> operations{operations_of_a_whole_life(false),
                                                operations_of_a_whole_life(true)};
  int cut = 0;
  std::uint64_t lost = 0;
  for (int run = 0; run < runs() && !testing::Test::HasFailure(); ++run) {
    SCOPED_TRACE("seed " + std::to_string(run));
    const bool large = run % 4 == 0;
    const TemporaryFolder folder;
    test::FaultDisk disk;
    std::mt19937_64 random(static_cast<std::uint64_t>(run));
    disk.cut_at(1 + random() % operations[large ? 1 : 0]);
    const Told told = Life(folder.file(), static_cast<std::uint64_t>(run), large).lived();
    cut += disk.is_cut() ? 1 : 0;
    disk.settle(random());
    expect_usable(folder.file());
    if (told.durable > 0) expect_kept(folder.file(), told);
    if (!told.urgent.empty()) lost += told.urgent.rbegin()->first - told.durable;
  }
  std::cout << cut << " of " << runs() << " lives were cut; " << lost
            << " entries of them had not been told yet\n";
  EXPECT_GT(cut, runs() * 8 / 10);
}

}  // namespace
}  // namespace rytme::journal
