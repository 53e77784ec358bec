// SPDX-License-Identifier: Apache-2.0
// The slave on the line: which characters make a frame, which frame is answered, and when.
#include "firmware/core/rtu_slave.hpp"

#include <gmock/gmock.h>

#include "tests/firmware/bench.hpp"
#include "tests/firmware/table_map.hpp"

namespace rytme::firmware::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using namespace std::chrono_literals;

constexpr LineTiming timing = timing_of({115'200, Parity::none, 1, Silence::characters});

class OnTheLine : public testing::Test {
 protected:
  // From now on, one character behind the other; returns the time at its end.
  void say(const Bytes& bytes) {
    for (const auto byte : bytes) slave.take(byte, true, now += timing.character);
  }
  Bytes hear() {
    const auto reply = slave.poll(now);
    return {reply.begin(), reply.end()};
  }
  Bytes ask(const Bytes& frame) {
    now += 10ms;
    hear();
    say(frame);
    now += timing.between;
    return hear();
  }
  const Bytes question = framed(17, pdu_of(3, {1, 2}));
  const Bytes answer = framed(17, {3, 4, 0x12, 0x01, 0x12, 0x02});

  TableMap map;
  Identity identity{{"a", "b", "c", "d", "e", "f", "g"}};
  LineCounters counters;
  Instant now{};
  RtuSlave slave{map, identity, counters, timing, now};
};

TEST(LineTimes, AreThoseOfTheStandard) {
  const auto slow = timing_of({9600, Parity::even, 1, Silence::characters});  // 11 bits: 1145.8 us
  EXPECT_EQ(slow.character, 1146us);
  EXPECT_EQ(slow.within, 1719us);
  EXPECT_EQ(slow.between, 4011us);
  EXPECT_EQ(timing.character, 87us);
  EXPECT_EQ(timing.within, 131us);
  EXPECT_EQ(timing.between, 304us);
  const auto fixed = timing_of({115'200, Parity::none, 1, Silence::us1750});
  EXPECT_EQ(fixed.within, 750us);
  EXPECT_EQ(fixed.between, 1750us);
}

TEST_F(OnTheLine, AQuestionIsAnsweredBehindTheSilence) {
  now += 10ms;
  say(question);
  now += timing.between - 1us;
  EXPECT_THAT(hear(), IsEmpty());
  now += 1us;
  EXPECT_EQ(hear(), answer);
  EXPECT_THAT(hear(), IsEmpty()) << "once";
  EXPECT_EQ(counters.requests, 1u);
  EXPECT_EQ(map.heard_times, 1);
}

TEST_F(OnTheLine, TheChecksumIsThatOfTheStandard) {
  // The example of MODBUS over Serial Line V1.02, 6.2.2: 02 07 has the checksum 41 12.
  EXPECT_EQ(framed(2, {7}), (Bytes{2, 7, 0x41, 0x12}));
}

TEST_F(OnTheLine, HalfAFrameAfterTheStartIsNotTaken) {
  now += 100us;
  say(question);  // less than T3.5 after the start: who knows what stood before
  now += timing.between;
  EXPECT_THAT(hear(), IsEmpty());
  EXPECT_EQ(counters.spoilt, 1u);
  EXPECT_EQ(ask(question), answer);
}

TEST_F(OnTheLine, ASilenceWithinAFrameSpoilsIt) {
  const Bytes first(question.begin(), question.begin() + 4), rest(question.begin() + 4, question.end());
  now += 10ms;
  say(first);
  now += timing.within;
  say(rest);
  now += timing.between;
  EXPECT_EQ(hear(), answer) << "T1.5 is allowed";
  now += 10ms;
  say(first);
  now += timing.within + 1us;
  say(rest);
  now += timing.between;
  EXPECT_THAT(hear(), IsEmpty());
  EXPECT_EQ(counters.spoilt, 1u);
  EXPECT_EQ(counters.requests, 1u);
}

TEST_F(OnTheLine, TwoFramesAThreeAndAHalfCharactersApartAreTwo) {
  now += 10ms;
  say(framed(18, pdu_of(3, {1, 2})));
  now += timing.between;
  say(question);  // nobody looked between the two
  now += timing.between;
  EXPECT_EQ(hear(), answer);
  EXPECT_EQ(counters.missed, 1u);
  EXPECT_EQ(counters.spoilt, 0u);
}

TEST_F(OnTheLine, WhatWasSpoiltIsNotMissedAsWell) {
  now += 10ms;
  slave.take(17, true, now);
  slave.take(17, false, now += timing.character);
  now += timing.between;
  say(question);
  now += timing.between;
  EXPECT_EQ(hear(), answer);
  EXPECT_EQ(counters.missed, 0u);
}

TEST_F(OnTheLine, ABrokenCharacterSpoilsTheFrame) {
  now += 10ms;
  slave.take(question[0], false, now);
  say(Bytes(question.begin() + 1, question.end()));
  now += timing.between;
  EXPECT_THAT(hear(), IsEmpty());
  EXPECT_EQ(counters.spoilt, 1u);
}

TEST_F(OnTheLine, MoreThan256CharactersAreNoFrame) {
  EXPECT_THAT(ask(Bytes(257, 0x11)), IsEmpty());
  EXPECT_EQ(counters.spoilt, 1u);
  EXPECT_THAT(ask(Bytes(256, 0x11)), IsEmpty());
  EXPECT_EQ(counters.broken, 1u) << "256 are one, with a wrong checksum";
  EXPECT_EQ(ask(question), answer);
}

TEST_F(OnTheLine, EveryWrongBitIsFound) {
  for (std::size_t bit = 0; bit < question.size() * 8; ++bit) {
    Bytes wrong = question;
    wrong[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    EXPECT_THAT(ask(wrong), IsEmpty()) << bit;
  }
  EXPECT_EQ(counters.broken, question.size() * 8);
}

TEST_F(OnTheLine, ShorterThanAFrameIsNone) {
  for (const Bytes& shorter : {Bytes{17}, Bytes{17, 3}, framed(17, {})}) EXPECT_THAT(ask(shorter), IsEmpty());
  EXPECT_EQ(counters.broken, 3u);
}

TEST_F(OnTheLine, OthersAreNotAnsweredFor) {
  EXPECT_THAT(ask(framed(18, pdu_of(3, {1, 2}))), IsEmpty());
  EXPECT_THAT(ask(framed(18, {3, 4, 0, 1, 0, 2})), IsEmpty()) << "another slave's reply";
  EXPECT_EQ(counters.requests, 0u);
  EXPECT_EQ(counters.broken, 0u);
}

TEST_F(OnTheLine, WhatIsSaidToAllIsDoneAndNotAnswered) {
  EXPECT_THAT(ask(framed(0, pdu_of(6, {3, 4711}))), IsEmpty());
  EXPECT_EQ(map.words[3], 4711);
  EXPECT_THAT(ask(framed(0, pdu_of(3, {1, 2}))), IsEmpty()) << "a reading for all";
  EXPECT_THAT(ask(framed(0, pdu_of(6, {999, 1}))), IsEmpty()) << "nor with an exception";
  EXPECT_EQ(counters.requests, 3u);
  EXPECT_EQ(counters.exceptions, 1u);
  EXPECT_EQ(map.heard_times, 0) << "nobody asked this node";
}

TEST_F(OnTheLine, ARefusalIsAnExceptionAndNoSignOfAMaster) {
  EXPECT_EQ(ask(framed(17, pdu_of(3, {999, 1}))), framed(17, {0x83, 2}));
  EXPECT_EQ(ask(framed(17, {8, 0, 0, 0, 0})), framed(17, {0x88, 1}));
  EXPECT_EQ(counters.exceptions, 2u);
  EXPECT_EQ(map.heard_times, 0);
}

TEST_F(OnTheLine, FunctionsFrom128OnAreRepliesAndNoQuestions) {
  for (unsigned function = 128; function < 256; ++function)
    EXPECT_THAT(ask(framed(17, {static_cast<std::uint8_t>(function), 2})), IsEmpty());
  EXPECT_EQ(counters.requests, 0u);
  EXPECT_EQ(ask(framed(17, {127, 0})), framed(17, {0xFF, 1}));
}

TEST_F(OnTheLine, NothingIsDoneOrAnsweredLate) {
  now += 10ms;
  say(framed(17, pdu_of(6, {3, 4711})));
  now += RtuSlave::patience + 1us;
  EXPECT_THAT(hear(), IsEmpty());
  EXPECT_EQ(map.words[3], 0x1203);
  EXPECT_EQ(counters.late, 1u);
  say(framed(17, pdu_of(6, {3, 4711})));
  now += RtuSlave::patience;
  EXPECT_FALSE(hear().empty()) << "just in time";
}

// In an emulator characters come when the host likes: a frame is waited for until it is whole.
TEST(EmulatedLine, AFrameMayComeInPiecesAndIsAnsweredAsSoonAsItIsWhole) {
  const LineTiming slow{87us, 40ms, 2ms, 40ms};
  TableMap map;
  const Identity identity{{"a", "b", "c", "d", "e", "f", "g"}};
  LineCounters counters;
  Instant now{};
  RtuSlave slave(map, identity, counters, slow, now);
  const Bytes question = framed(17, pdu_of(3, {1, 2}));
  for (const Micros pause : {Micros{30ms}, Micros{50ms}}) {
    slave.poll(now += 100ms);
    for (std::size_t i = 0; i < question.size(); ++i) {
      if (i == 4) {
        EXPECT_TRUE(slave.poll(now + pause / 2).empty());
      }
      slave.take(question[i], true, now += i == 4 ? pause : Micros{1ms});
    }
    EXPECT_TRUE(slave.poll(now + 1ms).empty());
    EXPECT_EQ(slave.poll(now + 2ms).empty(), pause > 40ms) << "what pauses for too long is two frames";
    slave.poll(now + 41ms);
  }
  EXPECT_EQ(counters.requests, 1u);
  // A whole frame is followed at once by the next.
  now += 100ms;
  for (const auto byte : question) slave.take(byte, true, now += 1ms);
  now += 3ms;
  for (const auto byte : question) slave.take(byte, true, now += 1ms);
  EXPECT_FALSE(slave.poll(now + 2ms).empty());
  EXPECT_EQ(counters.missed, 2u);
}

TEST_F(OnTheLine, AChangedUnitIsStillAnsweredFromTheOldOne) {
  EXPECT_EQ(ask(framed(17, pdu_of(6, {TableMap::unit_register, 33}))),
            framed(17, pdu_of(6, {TableMap::unit_register, 33})));
  EXPECT_THAT(ask(question), IsEmpty());
  EXPECT_EQ(ask(framed(33, pdu_of(3, {1, 2}))), framed(33, {3, 4, 0x12, 0x01, 0x12, 0x02}));
}

}  // namespace
}  // namespace rytme::firmware::test
