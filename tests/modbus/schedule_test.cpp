// SPDX-License-Identifier: Apache-2.0
// The order of a bus under a simulated clock.
#include "controller/modbus/schedule.hpp"

#include <gtest/gtest.h>

namespace rytme::modbus {
namespace {

using namespace std::chrono_literals;

const Instant t0 = Instant{} + 1h;

RegisterRead poll(std::uint8_t unit, std::uint16_t address, std::chrono::milliseconds period) {
  return {0, unit, RegisterArea::holding, address, 1, period};
}

RegisterWrite write(std::uint8_t unit, std::uint16_t address, std::uint64_t tag,
                    WriteClass priority = WriteClass::command) {
  return {0, unit, RegisterArea::holding, address, {static_cast<std::uint16_t>(tag)}, priority, t0 + 60s,
          1, tag};
}

// "w7" a write with tag 7, "r1:40" a read of unit 1 at 40, "-" nothing.
std::string text(const std::optional<Schedule::Job>& job) {
  if (!job) return "-";
  if (const auto* write = std::get_if<RegisterWrite>(&*job)) return "w" + std::to_string(write->tag);
  const auto& read = std::get<RegisterRead>(*job);
  return "r" + std::to_string(read.unit) + ":" + std::to_string(read.address);
}

// Takes the next job and ends it.
std::string run(Schedule& schedule, Instant now, BusOutcome outcome = BusOutcome::ok) {
  const auto job = schedule.next(now);
  if (job) std::visit([&](const auto& one) { schedule.finished(one, outcome, now); }, *job);
  return text(job);
}

TEST(Schedule, StopsBeforeCommandsBeforePolls) {
  Schedule schedule({poll(1, 40, 500ms)}, t0);
  schedule.add(write(1, 10, 1));
  schedule.add(write(1, 11, 2, WriteClass::stop));
  schedule.add(write(1, 12, 3));
  EXPECT_EQ(run(schedule, t0), "w2");
  EXPECT_EQ(run(schedule, t0), "w1");
  EXPECT_EQ(run(schedule, t0), "w3");
  EXPECT_EQ(run(schedule, t0), "r1:40");
  EXPECT_EQ(run(schedule, t0), "-");
}

TEST(Schedule, TheInputOfAWallStopIsReadBeforeCommandsAndOtherPolls) {
  auto input = poll(2, 0, 50ms);
  input.ahead = true;
  Schedule schedule({poll(1, 40, 500ms), input}, t0);
  for (std::uint64_t tag = 1; tag <= 3; ++tag) schedule.add(write(1, static_cast<std::uint16_t>(tag), tag));
  schedule.add(write(1, 20, 9, WriteClass::stop));
  EXPECT_EQ(run(schedule, t0), "w9");
  EXPECT_EQ(run(schedule, t0), "r2:0");
  EXPECT_EQ(run(schedule, t0 + 60ms), "w1") << "on a slow line something else gets its turn";
  EXPECT_EQ(run(schedule, t0 + 60ms), "r2:0");
  EXPECT_EQ(run(schedule, t0 + 70ms), "w2");
  EXPECT_EQ(run(schedule, t0 + 80ms), "w3");
  EXPECT_EQ(run(schedule, t0 + 90ms), "r1:40");
  EXPECT_EQ(run(schedule, t0 + 95ms), "-");
  EXPECT_EQ(run(schedule, t0 + 100ms), "r2:0");
}

TEST(Schedule, PollsKeepTheirOwnAbsoluteTimes) {
  Schedule schedule({poll(1, 40, 500ms), poll(1, 41, 200ms)}, t0);
  EXPECT_EQ(run(schedule, t0), "r1:40");
  EXPECT_EQ(run(schedule, t0 + 30ms), "r1:41");
  EXPECT_EQ(schedule.wake_at(), t0 + 200ms);
  EXPECT_EQ(run(schedule, t0 + 199ms), "-");
  EXPECT_EQ(run(schedule, t0 + 230ms), "r1:41");
  EXPECT_EQ(schedule.wake_at(), t0 + 400ms) << "a late poll must not shift the next";
  EXPECT_EQ(run(schedule, t0 + 1030ms), "r1:41");
  EXPECT_EQ(run(schedule, t0 + 1030ms), "r1:40");
  EXPECT_EQ(run(schedule, t0 + 1030ms), "-") << "missed polls must not be made up for";
  EXPECT_EQ(schedule.wake_at(), t0 + 1200ms);
}

TEST(Schedule, TheLatestValueOfARegisterWins) {
  Schedule schedule({}, t0);
  schedule.add(write(1, 10, 1));
  schedule.add(write(1, 11, 2));
  schedule.add(write(2, 10, 3));
  EXPECT_TRUE(schedule.add(write(1, 10, 4)));
  const auto dropped = schedule.take_dropped();
  ASSERT_EQ(dropped.size(), 1u);
  EXPECT_EQ(dropped[0].tag, 1u);
  EXPECT_FALSE(dropped[0].done);
  EXPECT_EQ(run(schedule, t0), "w4") << "keeps the place of the older one";
  EXPECT_EQ(run(schedule, t0), "w2");
  EXPECT_EQ(run(schedule, t0), "w3");
  EXPECT_EQ(schedule.counters().superseded, 1u);
}

TEST(Schedule, ABlockReplacesWhatItCoversAndOnlyThat) {
  Schedule schedule({}, t0);
  schedule.add(write(1, 9, 1));
  schedule.add(write(1, 10, 2));
  schedule.add(write(1, 11, 3));
  schedule.add(write(1, 12, 4));
  RegisterWrite block = write(1, 10, 5);
  block.values = {1, 2};
  schedule.add(block);
  schedule.add(write(1, 11, 6));
  std::string order;
  for (int i = 0; i < 4; ++i) order += run(schedule, t0);
  EXPECT_EQ(order, "w1w5w4w6");
  EXPECT_EQ(schedule.counters().superseded, 2u);
}

TEST(Schedule, AStopReplacesACommandAndNeverTheOtherWayRound) {
  Schedule schedule({}, t0);
  schedule.add(write(1, 10, 1));
  schedule.add(write(1, 10, 2, WriteClass::stop));
  schedule.add(write(1, 10, 3));
  EXPECT_EQ(run(schedule, t0), "w2");
  EXPECT_EQ(run(schedule, t0), "w3");
  EXPECT_EQ(run(schedule, t0), "-");
}

TEST(Schedule, NothingLateGoesOut) {
  Schedule schedule({}, t0);
  RegisterWrite late = write(1, 10, 1);
  late.expires = t0 + 5s;
  schedule.add(late);
  EXPECT_EQ(schedule.wake_at(), Instant{}) << "no back-off: at once";
  EXPECT_EQ(run(schedule, t0 + 5s), "-");
  const auto dropped = schedule.take_dropped();
  ASSERT_EQ(dropped.size(), 1u);
  EXPECT_FALSE(dropped[0].done);
  EXPECT_EQ(schedule.counters().expired, 1u);
}

TEST(Schedule, AStopDropsOlderCommands) {
  Schedule schedule({}, t0);
  RegisterWrite setup = write(1, 8, 3);
  setup.generation = 0;
  RegisterWrite newer = write(1, 10, 2);
  newer.generation = 2;
  schedule.add(write(1, 11, 1));
  schedule.add(setup);
  schedule.drop_before(2);
  EXPECT_FALSE(schedule.add(write(1, 12, 9)));
  EXPECT_TRUE(schedule.add(newer));
  EXPECT_EQ(run(schedule, t0), "w3");
  EXPECT_EQ(run(schedule, t0), "w2");
  EXPECT_EQ(schedule.counters().dropped, 2u);
  ASSERT_EQ(schedule.take_dropped().size(), 1u);
}

TEST(Schedule, IsBounded) {
  Schedule schedule({}, t0);
  for (std::uint16_t i = 0; i < 256; ++i) EXPECT_TRUE(schedule.add(write(1, i, i)));
  EXPECT_FALSE(schedule.add(write(1, 300, 300)));
  EXPECT_TRUE(schedule.add(write(1, 7, 301))) << "a newer value of a waiting register has its place";
}

TEST(Schedule, RefusesWhatModbusCannotWrite) {
  Schedule schedule({}, t0);
  RegisterWrite bad = write(1, 10, 1);
  bad.area = RegisterArea::input;
  EXPECT_FALSE(schedule.add(bad));
  bad.area = RegisterArea::holding;
  bad.values.clear();
  EXPECT_FALSE(schedule.add(bad));
  bad.values.assign(124, 0);
  EXPECT_FALSE(schedule.add(bad));
}

// A dead slave beside a healthy one that is polled every 100 ms; a timeout and the quiet after it take 400
// ms.
TEST(Schedule, ADeadSlaveCostsOneTimeoutPerBackoff) {
  Schedule schedule({poll(1, 40, 100ms), poll(9, 40, 100ms)}, t0);
  Instant now = t0;
  int healthy = 0, dead = 0;
  while (now < t0 + 60s) {
    const auto job = schedule.next(now);
    if (!job) {
      now = schedule.wake_at();
      continue;
    }
    const auto& read = std::get<RegisterRead>(*job);
    now += read.unit == 1 ? 10ms : 400ms;
    schedule.finished(read, read.unit == 1 ? BusOutcome::ok : BusOutcome::stale, now);
    ++(read.unit == 1 ? healthy : dead);
  }
  EXPECT_GE(healthy, 500) << "of 600";
  EXPECT_GE(dead, 10) << "it is still asked";
  EXPECT_LE(dead, 20);
}

TEST(Schedule, ASlaveThatAnswersAgainIsPolledAsBefore) {
  Schedule schedule({poll(9, 40, 100ms)}, t0);
  Instant now = t0;
  for (int i = 0; i < 12; ++i) {
    now = std::max(now, schedule.wake_at());
    ASSERT_EQ(run(schedule, now, BusOutcome::stale), "r9:40");
  }
  EXPECT_FALSE(schedule.any_answers());
  const Instant back = schedule.wake_at();
  EXPECT_LE(back - now, 5s);
  ASSERT_EQ(run(schedule, back), "r9:40");
  EXPECT_TRUE(schedule.any_answers());
  EXPECT_LE(schedule.wake_at() - back, 100ms);
}

TEST(Schedule, AStopIsTriedOnADeadSlaveButBehindTheLiving) {
  Schedule schedule({poll(9, 40, 100ms)}, t0);
  run(schedule, t0, BusOutcome::stale);
  run(schedule, t0 + 100ms, BusOutcome::stale);
  const Instant now = t0 + 110ms;
  schedule.add(write(9, 10, 1, WriteClass::stop));
  schedule.add(write(1, 10, 2, WriteClass::stop));
  schedule.add(write(9, 11, 3));
  EXPECT_EQ(run(schedule, now), "w2");
  EXPECT_EQ(run(schedule, now, BusOutcome::stale), "w1");
  EXPECT_EQ(run(schedule, now), "-") << "the second try, and commands, wait for the back-off";
  EXPECT_GT(schedule.wake_at(), now);
  EXPECT_EQ(run(schedule, schedule.wake_at()), "w1");
}

TEST(Schedule, AWriteWithoutAGoodAnswerIsTriedThreeTimes) {
  Schedule schedule({}, t0);
  schedule.add(write(1, 10, 1));
  Instant now = t0;
  int tries = 0;
  std::optional<WriteResult> result;
  while (!result && tries < 9) {
    now = std::max(now, schedule.wake_at());
    const auto job = schedule.next(now);
    ASSERT_TRUE(job);
    ++tries;
    result = schedule.finished(std::get<RegisterWrite>(*job), BusOutcome::retry, now);
  }
  EXPECT_EQ(tries, 3);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, BusOutcome::retry);
  EXPECT_EQ(result->done, now);
}

TEST(Schedule, AFailedWriteGivesWayToANewerValue) {
  Schedule schedule({}, t0);
  schedule.add(write(1, 10, 1));
  const auto job = schedule.next(t0);
  schedule.add(write(1, 10, 2));
  const auto result = schedule.finished(std::get<RegisterWrite>(*job), BusOutcome::stale, t0);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->tag, 1u);
  EXPECT_EQ(run(schedule, t0), "w2");
  EXPECT_EQ(run(schedule, t0), "-");
}

TEST(Schedule, AFloodOfCommandsDoesNotBlindTheRoom) {
  Schedule schedule({poll(1, 40, 100ms)}, t0);
  int polls = 0;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    const Instant now = t0 + i * 10ms;
    schedule.add(write(1, static_cast<std::uint16_t>(i % 2), i));
    polls += run(schedule, now) == "r1:40" ? 1 : 0;
  }
  EXPECT_GE(polls, 9);
}

TEST(Schedule, AWriteThatBreaksTheBusAgainAndAgainIsGivenUp) {
  Schedule schedule({}, t0);
  schedule.add(write(1, 10, 1));
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(schedule.bus_lost(*schedule.next(t0), t0));
  const auto result = schedule.bus_lost(*schedule.next(t0), t0);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->outcome, BusOutcome::gone);
  EXPECT_EQ(run(schedule, t0), "-");
}

TEST(Schedule, WhileTheBusIsGoneDuePollsAreToldAndMoveOn) {
  Schedule schedule({poll(1, 40, 100ms), poll(1, 41, 500ms)}, t0);
  EXPECT_EQ(schedule.skip_due(t0).size(), 2u);
  EXPECT_EQ(schedule.skip_due(t0 + 50ms).size(), 0u);
  EXPECT_EQ(schedule.skip_due(t0 + 120ms).size(), 1u);
}

// On a serial line a late reply of a slave must not meet a request to the same slave that it could answer.
TEST(Schedule, OnlyTheSlaveThatFailedIsLeftInQuiet) {
  Schedule schedule({poll(1, 40, 100ms), poll(2, 40, 100ms)}, t0, 200ms);
  EXPECT_EQ(run(schedule, t0, BusOutcome::stale), "r1:40");
  EXPECT_EQ(run(schedule, t0), "r2:40");
  EXPECT_EQ(run(schedule, t0 + 100ms), "r2:40");
  EXPECT_EQ(run(schedule, t0 + 199ms), "-");
  EXPECT_EQ(schedule.wake_at(), t0 + 200ms);
  EXPECT_EQ(run(schedule, t0 + 200ms), "r1:40");
}

TEST(Schedule, NothingButAStopIsSaidOnALineInQuiet) {
  Schedule schedule({poll(1, 40, 100ms)}, t0, 200ms);
  schedule.keep_line_quiet(t0 + 200ms);
  RegisterWrite block = write(1, 20, 2, WriteClass::stop);
  block.values = {1, 2};
  schedule.add(block);
  schedule.add(write(1, 10, 1, WriteClass::stop));
  schedule.add(write(1, 12, 3));
  EXPECT_EQ(run(schedule, t0), "w1") << "its reply repeats address and value";
  EXPECT_EQ(run(schedule, t0 + 199ms), "-") << "the reply to a block repeats no value";
  EXPECT_EQ(run(schedule, t0 + 200ms), "w2");
  EXPECT_EQ(run(schedule, t0 + 200ms), "w3");
  EXPECT_EQ(run(schedule, t0 + 200ms), "r1:40");
}

TEST(Schedule, AStopThatIsAnsweredDoesNotEndTheQuietOfItsSlave) {
  Schedule schedule({poll(1, 40, 100ms)}, t0, 200ms);
  EXPECT_EQ(run(schedule, t0, BusOutcome::stale), "r1:40");
  schedule.add(write(1, 10, 1, WriteClass::stop));
  EXPECT_EQ(run(schedule, t0 + 10ms), "w1");
  EXPECT_EQ(run(schedule, t0 + 150ms), "-");
  EXPECT_EQ(run(schedule, t0 + 200ms), "r1:40");
}

TEST(Schedule, WhatWasWrittenIsReadSoonWhereTheWriteAsksForIt) {
  Schedule schedule({poll(1, 10, 10s), poll(1, 40, 10s)}, t0);
  for (const char* first : {"r1:10", "r1:40"}) EXPECT_EQ(run(schedule, t0), first);
  RegisterWrite verified = write(1, 10, 1);
  verified.verify_after = 300ms;
  schedule.add(verified);
  EXPECT_EQ(run(schedule, t0 + 1s), "w1");
  EXPECT_EQ(run(schedule, t0 + 1299ms), "-");
  EXPECT_EQ(run(schedule, t0 + 1300ms), "r1:10");
  EXPECT_EQ(run(schedule, t0 + 1300ms), "-");
}

// Its timeout begins when the others have just been read and have their whole period ahead.
TEST(Schedule, ADeadSlaveIsAskedBehindARoundOfTheLiving) {
  Schedule schedule({poll(1, 40, 100ms), poll(2, 40, 100ms), poll(9, 40, 100ms)}, t0);
  Instant now = t0;
  std::map<int, Instant> last;
  std::chrono::nanoseconds longest{};
  int dead = 0;
  while (now < t0 + 60s) {
    const auto job = schedule.next(now);
    if (!job) {
      now = std::max(now, schedule.wake_at());
      continue;
    }
    const auto& read = std::get<RegisterRead>(*job);
    now += read.unit == 9 ? 100ms : 4ms;
    schedule.finished(read, read.unit == 9 ? BusOutcome::stale : BusOutcome::ok, now);
    dead += read.unit == 9 ? 1 : 0;
    if (read.unit == 9 || now < t0 + 1s) continue;
    if (last.contains(read.unit))
      longest = std::max<std::chrono::nanoseconds>(longest, now - last[read.unit]);
    last[read.unit] = now;
  }
  EXPECT_LE(longest, 120ms) << "its timeout and the two polls";
  EXPECT_GE(dead, 12);
}

TEST(Schedule, ADeadSlaveIsAskedThoughTheLivingAreReadSeldom) {
  Schedule schedule({poll(1, 40, 60s), poll(9, 40, 100ms)}, t0);
  EXPECT_EQ(run(schedule, t0), "r1:40");
  Instant now = t0;
  for (int i = 0; i < 5; ++i) {
    now = std::max(now, schedule.wake_at());
    ASSERT_LT(now, t0 + 20s);
    EXPECT_EQ(run(schedule, now, BusOutcome::stale), "r9:40");
  }
}

TEST(Schedule, WhatIsAskedOnceComesBehindAllElseAndNotNever) {
  Schedule schedule({poll(1, 40, 10ms)}, t0);
  schedule.ask_once({poll(7, 0, 0ms), poll(8, 0, 0ms)});
  schedule.add(write(1, 10, 1));
  EXPECT_EQ(schedule.wake_at(), Instant{});
  EXPECT_EQ(run(schedule, t0), "w1");
  EXPECT_EQ(run(schedule, t0), "r1:40");
  EXPECT_EQ(run(schedule, t0, BusOutcome::stale), "r7:0");
  std::string busy;  // a poll is due every time
  for (int i = 1; i <= 6; ++i) busy += run(schedule, t0 + i * 10ms) + " ";
  EXPECT_EQ(busy, "r1:40 r1:40 r1:40 r1:40 r8:0 r1:40 ");
  EXPECT_EQ(run(schedule, t0 + 61ms), "-");
  schedule.ask_once({poll(7, 0, 0ms), poll(8, 0, 0ms)});
  schedule.ask_once({});
  EXPECT_EQ(run(schedule, t0 + 62ms), "-") << "taken back";
}

}  // namespace
}  // namespace rytme::modbus
