// SPDX-License-Identifier: Apache-2.0
// Each function as the Application Protocol has it, and each way to get it wrong.
#include "firmware/core/slave_pdu.hpp"

#include <string>

#include <gmock/gmock.h>

#include "tests/firmware/bench.hpp"
#include "tests/firmware/table_map.hpp"

namespace rytme::firmware::test {
namespace {

using testing::ElementsAre;

class Pdu : public testing::Test {
 protected:
  Bytes ask(const Bytes& request) {
    std::array<std::uint8_t, largest_pdu> reply{};
    const auto answered = answer_pdu(map, identity, request, reply);
    EXPECT_EQ(answered.ok, (reply[0] & 0x80U) == 0);
    return {reply.begin(), reply.begin() + static_cast<std::ptrdiff_t>(answered.length)};
  }
  TableMap map;
  Identity identity{{"Maker", "P1", "1.0", "https://m.example", "Product", "Model", "App"}};
};

TEST_F(Pdu, ReadsBits) {
  EXPECT_THAT(ask(pdu_of(1, {0, 10})), ElementsAre(1, 2, 0b0100'1001, 0b10));
  EXPECT_THAT(ask(pdu_of(2, {3, 8})), ElementsAre(2, 1, 0b0100'1001));
  EXPECT_THAT(ask(pdu_of(1, {39, 1})), ElementsAre(1, 1, 1));
}

TEST_F(Pdu, ReadsRegisters) {
  EXPECT_THAT(ask(pdu_of(3, {0x6B, 3})), ElementsAre(3, 6, 0x12, 0x6B, 0x12, 0x6C, 0x12, 0x6D));
  EXPECT_THAT(ask(pdu_of(4, {8, 1})), ElementsAre(4, 2, 0x34, 8));
  EXPECT_EQ(ask(pdu_of(3, {0, 125})).size(), 252u);
}

TEST_F(Pdu, WritesOne) {
  EXPECT_EQ(ask(pdu_of(5, {7, 0xFF00})), pdu_of(5, {7, 0xFF00}));
  EXPECT_EQ(map.coils[7], 1);
  EXPECT_EQ(ask(pdu_of(5, {7, 0})), pdu_of(5, {7, 0}));
  EXPECT_EQ(map.coils[7], 0);
  EXPECT_EQ(ask(pdu_of(6, {7, 3})), pdu_of(6, {7, 3}));
  EXPECT_EQ(map.words[7], 3);
}

TEST_F(Pdu, WritesSeveral) {
  EXPECT_EQ(ask({15, 0, 0x13, 0, 0x0A, 2, 0xCD, 0x01}), pdu_of(15, {0x13, 0x0A}));
  EXPECT_THAT(std::vector(map.coils.begin() + 0x13, map.coils.begin() + 0x1D),
              ElementsAre(1, 0, 1, 1, 0, 0, 1, 1, 1, 0));
  EXPECT_EQ(ask(write_pdu(1, {0x0A, 0x0102})), pdu_of(16, {1, 2}));
  EXPECT_EQ(map.words[1], 0x0A);
  EXPECT_EQ(map.words[2], 0x0102);
}

// The example of 6.16: 0x12, AND 0xF2, OR 0x25 gives 0x17.
TEST_F(Pdu, WritesMasked) {
  map.words[4] = 0x12;
  EXPECT_EQ(ask(pdu_of(22, {4, 0xF2, 0x25})), pdu_of(22, {4, 0xF2, 0x25}));
  EXPECT_EQ(map.words[4], 0x17);
}

TEST_F(Pdu, WritesAndThenReads) {
  Bytes request = pdu_of(23, {3, 3, 4, 2});
  request.insert(request.end(), {4, 0, 0xAA, 0, 0xBB});
  EXPECT_THAT(ask(request), ElementsAre(23, 6, 0x12, 3, 0, 0xAA, 0, 0xBB));
}

TEST_F(Pdu, WhatCannotBeReadIsNotWrittenEither) {
  Bytes request = pdu_of(23, {129, 2, 4, 1});
  request.insert(request.end(), {2, 0, 0xAA});
  EXPECT_THAT(ask(request), ElementsAre(0x97, 2));
  EXPECT_EQ(map.writes, 0);
}

TEST_F(Pdu, WriteAndReadTellsWhichOfThemFailed) {
  Bytes fails = pdu_of(23, {3, 1, TableMap::fails_when_written, 1});
  fails.insert(fails.end(), {2, 0, 1});
  EXPECT_THAT(ask(fails), ElementsAre(0x97, 4));
  Bytes hides = pdu_of(23, {3, 1, TableMap::hides_all, 1});
  hides.insert(hides.end(), {2, 0, 1});
  EXPECT_THAT(ask(hides), ElementsAre(0x97, 2));
}

TEST_F(Pdu, CountsOutsideTheirRangeAreIllegalValues) {
  EXPECT_THAT(ask(pdu_of(1, {0, 0})), ElementsAre(0x81, 3));
  EXPECT_THAT(ask(pdu_of(2, {0, 2001})), ElementsAre(0x82, 3));
  EXPECT_THAT(ask(pdu_of(3, {0, 0})), ElementsAre(0x83, 3));
  EXPECT_THAT(ask(pdu_of(4, {0, 126})), ElementsAre(0x84, 3));
  EXPECT_THAT(ask(pdu_of(5, {0, 1})), ElementsAre(0x85, 3));
  EXPECT_THAT(ask({15, 0, 0, 0, 0, 0, 0}), ElementsAre(0x8F, 3));
  Bytes many = pdu_of(15, {0, 1969});
  many.push_back(247);
  many.resize(many.size() + 247);
  EXPECT_THAT(ask(many), ElementsAre(0x8F, 3));
  EXPECT_THAT(ask({16, 0, 0, 0, 0, 0}), ElementsAre(0x90, 3));
  EXPECT_THAT(ask(write_pdu(0, Words(124, 1))), ElementsAre(0x90, 3));
  Bytes both = pdu_of(23, {0, 0, 0, 1});
  both.insert(both.end(), {2, 0, 1});
  EXPECT_THAT(ask(both), ElementsAre(0x97, 3));
  both = pdu_of(23, {0, 126, 0, 1});
  both.insert(both.end(), {2, 0, 1});
  EXPECT_THAT(ask(both), ElementsAre(0x97, 3));
  EXPECT_EQ(map.writes, 0);
}

TEST_F(Pdu, AddressesThatAreNotThereAreIllegalAddresses) {
  EXPECT_THAT(ask(pdu_of(1, {40, 1})), ElementsAre(0x81, 2));
  EXPECT_THAT(ask(pdu_of(1, {0, 126})), ElementsAre(0x81, 2));
  EXPECT_THAT(ask(pdu_of(2, {0, 2000})), ElementsAre(0x82, 2));
  EXPECT_THAT(ask(pdu_of(3, {129, 2})), ElementsAre(0x83, 2));
  EXPECT_THAT(ask(pdu_of(4, {0xFFFF, 2})), ElementsAre(0x84, 2));
  EXPECT_THAT(ask(pdu_of(5, {40, 0})), ElementsAre(0x85, 2));
  EXPECT_THAT(ask(pdu_of(6, {130, 0})), ElementsAre(0x86, 2));
  Bytes many = pdu_of(15, {0, 1968});
  many.push_back(246);
  many.resize(many.size() + 246);
  EXPECT_THAT(ask(many), ElementsAre(0x8F, 2));
  EXPECT_THAT(ask({15, 0, 39, 0, 2, 1, 3}), ElementsAre(0x8F, 2));
  EXPECT_THAT(ask(write_pdu(130, {1})), ElementsAre(0x90, 2));
  EXPECT_THAT(ask(pdu_of(22, {130, 0, 0})), ElementsAre(0x96, 2));
  EXPECT_THAT(ask(pdu_of(22, {TableMap::fails_when_written, 0, 0})), ElementsAre(0x96, 4));
  EXPECT_EQ(map.writes, 0);
}

TEST_F(Pdu, FunctionsThatItDoesNotHaveAreSaidSo) {
  for (unsigned function = 0; function < 128; ++function) {
    if ((function >= 1 && function <= 6) || function == 15 || function == 16 || function == 22 ||
        function == 23 || function == 43)
      continue;
    EXPECT_THAT(ask({static_cast<std::uint8_t>(function), 0, 0, 0, 1}), ElementsAre(function | 0x80U, 1));
  }
}

// One byte too few or too many, for every function.
TEST_F(Pdu, ALengthThatDoesNotFitIsAnIllegalValue) {
  const std::vector<Bytes> right{pdu_of(1, {0, 1}),
                                 pdu_of(2, {0, 1}),
                                 pdu_of(3, {0, 1}),
                                 pdu_of(4, {0, 1}),
                                 pdu_of(5, {0, 0}),
                                 pdu_of(6, {0, 0}),
                                 {15, 0, 0, 0, 9, 2, 0, 0},
                                 write_pdu(0, {1, 2}),
                                 pdu_of(22, {0, 0, 0}),
                                 {23, 0, 0, 0, 1, 0, 0, 0, 1, 2, 0, 1},
                                 {43, 14, 1, 0}};
  for (const auto& request : right) {
    EXPECT_EQ(ask(request)[0], request[0]) << "is right";
    for (std::size_t length = 2; length < request.size() + 3; ++length) {
      if (length == request.size()) continue;
      Bytes wrong = request;
      wrong.resize(length);
      EXPECT_THAT(ask(wrong), ElementsAre(request[0] | 0x80U, 3)) << int{request[0]} << " of " << length;
    }
    EXPECT_EQ(ask({request[0]})[0], request[0] | 0x80U);
  }
}

TEST_F(Pdu, ABytecountThatDoesNotFitIsAnIllegalValue) {
  EXPECT_THAT(ask({15, 0, 0, 0, 9, 1, 0, 0}), ElementsAre(0x8F, 3));
  EXPECT_THAT(ask({16, 0, 0, 0, 1, 3, 0, 0}), ElementsAre(0x90, 3));
  EXPECT_THAT(ask({23, 0, 0, 0, 1, 0, 0, 0, 1, 4, 0, 1}), ElementsAre(0x97, 3));
}

std::string text_at(const Bytes& reply, std::size_t at) {
  const auto first = reply.begin() + static_cast<std::ptrdiff_t>(at) + 2;
  return {first, first + reply[at + 1]};
}

TEST_F(Pdu, SaysWhatItIs) {
  const auto basic = ask({43, 14, 1, 0});
  EXPECT_THAT(Bytes(basic.begin(), basic.begin() + 7), ElementsAre(43, 14, 1, 0x82, 0, 0, 3));
  EXPECT_EQ(text_at(basic, 7), "Maker");
  const auto all = ask({43, 14, 2, 0});
  EXPECT_EQ(all[6], 7);
  EXPECT_EQ(ask({43, 14, 3, 0})[6], 7) << "more than it has: as much as it has";
  const auto rest = ask({43, 14, 2, 5});
  EXPECT_EQ(rest[6], 2);
  EXPECT_EQ(text_at(rest, 7), "Model");
  EXPECT_EQ(ask({43, 14, 1, 5})[6], 3) << "an object it does not have: from the first on";
  const auto one = ask({43, 14, 4, 2});
  EXPECT_THAT(Bytes(one.begin(), one.begin() + 7), ElementsAre(43, 14, 4, 0x82, 0, 0, 1));
  EXPECT_EQ(text_at(one, 7), "1.0");
}

TEST_F(Pdu, SaysItInPartsWhereItDoesNotFit) {
  const std::string longer(120, 'x');
  identity.objects[3] = identity.objects[4] = longer;
  const auto first = ask({43, 14, 2, 0});
  EXPECT_EQ(first[4], 0xFF);
  EXPECT_EQ(first[5], 4) << "where it goes on";
  EXPECT_EQ(first[6], 4);
  const auto rest = ask({43, 14, 2, 4});
  EXPECT_EQ(rest[4], 0);
  EXPECT_EQ(rest[6], 3);
  EXPECT_EQ(text_at(rest, 7), longer);
}

TEST_F(Pdu, IdentityAskedForWrongly) {
  EXPECT_THAT(ask({43, 13, 1, 0}), ElementsAre(0xAB, 1)) << "another interface";
  EXPECT_THAT(ask({43, 14, 0, 0}), ElementsAre(0xAB, 3));
  EXPECT_THAT(ask({43, 14, 5, 0}), ElementsAre(0xAB, 3));
  EXPECT_THAT(ask({43, 14, 4, 7}), ElementsAre(0xAB, 2));
}

}  // namespace
}  // namespace rytme::firmware::test
