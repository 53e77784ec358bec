// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/entry_queue.hpp"

#include <gmock/gmock.h>

#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

constexpr std::size_t room_for_ten = 10 * sizeof(JournalEntry);

class EntryQueueTest : public testing::Test {
 protected:
  bool sample() {
    return queue_.push(scribe_.make(entry::Value{"belt", Capability::hr_bpm, 70.0, "", Quality::good}));
  }
  bool command() {
    return queue_.push(scribe_.make(entry::Commanded{"lamp", Capability::light_level, 0.3, "", 0, "preset"}));
  }
  bool rating() { return queue_.push(scribe_.make(entry::Rating{"staff", "staff", "during", "calm", "t"})); }
  template <typename Push>
  int until_full(Push push) {
    int taken = 0;
    while (push()) ++taken;
    return taken;
  }
  // The data of every journal_gap there is, each with its sequence.
  std::vector<std::string> gaps() {
    std::vector<std::string> told;
    for (const JournalEntry& entry : queue_.take(SIZE_MAX))
      if (const auto* event = std::get_if<entry::Event>(&entry.what))
        told.push_back(std::to_string(entry.seq) + " " + event->data);
    return told;
  }

  Scribe scribe_;
  EntryQueue queue_{room_for_ten};
};

TEST_F(EntryQueueTest, SamplesGiveWayToCommandsAndThoseToRatings) {
  EXPECT_EQ(until_full([&] { return sample(); }), 10);
  EXPECT_EQ(until_full([&] { return command(); }), 5);
  EXPECT_EQ(until_full([&] { return rating(); }), 5);
  EXPECT_EQ(queue_.dropped_of(Worth::sample), 1U);
  EXPECT_EQ(queue_.dropped_of(Worth::fact), 1U);
  EXPECT_EQ(queue_.dropped_of(Worth::essential), 1U);
  EXPECT_LE(queue_.bytes(), 2 * room_for_ten);
}

TEST_F(EntryQueueTest, WhatWasTakenCountsUntilItIsOnTheDisk) {
  until_full([&] { return sample(); });
  EXPECT_EQ(queue_.take(SIZE_MAX).size(), 10U);
  EXPECT_FALSE(sample());
  queue_.done(room_for_ten);
  EXPECT_TRUE(sample());
}

TEST_F(EntryQueueTest, OneGapIsToldWhereTheFirstWouldHaveStoodThoughCommandsWentOn) {
  until_full([&] { return sample(); });  // 11 is lost
  command();
  sample();  // 13
  command();
  sample();  // 15
  queue_.done(queue_.take(3 * sizeof(JournalEntry)).size() * sizeof(JournalEntry));
  sample();
  EXPECT_THAT(gaps(), testing::ElementsAre("11 {\"dropped\":3,\"last_seq\":15}"));
}

TEST_F(EntryQueueTest, AGapIsToldEvenWhenNothingFollows) {
  until_full([&] { return sample(); });
  queue_.take(SIZE_MAX);
  EXPECT_TRUE(queue_.empty());
  queue_.done(room_for_ten);
  EXPECT_FALSE(queue_.empty());
  EXPECT_EQ(gaps().size(), 1U);
}

TEST_F(EntryQueueTest, ABacklogIsTakenInPiecesInOrder) {
  for (int i = 0; i < 10; ++i) sample();
  std::uint64_t next = 1;
  while (!queue_.empty()) {
    const auto piece = queue_.take(3 * sizeof(JournalEntry));
    EXPECT_LE(piece.size(), 3U);
    for (const JournalEntry& entry : piece) EXPECT_EQ(entry.seq, next++);
    queue_.done(piece.size() * sizeof(JournalEntry));
    if (next > 10) break;
  }
  EXPECT_EQ(next, 11U);
}

TEST_F(EntryQueueTest, AFrameWeighsItsSamples) {
  const auto small = bytes_of(scribe_.make(entry::Motion{"swing", motion_frame(1, 4)}));
  const auto large = bytes_of(scribe_.make(entry::Motion{"swing", motion_frame(1, 256)}));
  EXPECT_GE(large, small + 200 * 6 * sizeof(float));
}

}  // namespace
}  // namespace rytme::journal
