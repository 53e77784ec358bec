// SPDX-License-Identifier: Apache-2.0
#include "controller/modbus/frame.hpp"

#include <gmock/gmock.h>

namespace rytme::modbus {
namespace {

using testing::ElementsAre;

RegisterRead read_of(RegisterArea area, std::uint16_t address, std::uint16_t count) {
  return {0, 1, area, address, count, {}};
}

RegisterWrite write_of(RegisterArea area, std::uint16_t address, std::vector<std::uint16_t> values) {
  RegisterWrite write;
  write.area = area;
  write.address = address;
  write.values = std::move(values);
  return write;
}

TEST(Frame, RequestsAsTheProtocolHasThem) {
  EXPECT_THAT(request_pdu(read_of(RegisterArea::coil, 0x13, 0x25)), ElementsAre(1, 0, 0x13, 0, 0x25));
  EXPECT_THAT(request_pdu(read_of(RegisterArea::discrete, 0xC4, 0x16)), ElementsAre(2, 0, 0xC4, 0, 0x16));
  EXPECT_THAT(request_pdu(read_of(RegisterArea::holding, 0x6B, 3)), ElementsAre(3, 0, 0x6B, 0, 3));
  EXPECT_THAT(request_pdu(read_of(RegisterArea::input, 8, 1)), ElementsAre(4, 0, 8, 0, 1));
  EXPECT_THAT(request_pdu(write_of(RegisterArea::coil, 0xAC, {1})), ElementsAre(5, 0, 0xAC, 0xFF, 0));
  EXPECT_THAT(request_pdu(write_of(RegisterArea::holding, 1, {3})), ElementsAre(6, 0, 1, 0, 3));
  EXPECT_THAT(request_pdu(write_of(RegisterArea::coil, 0x13, {1, 0, 1, 1, 0, 0, 1, 1, 1, 0})),
              ElementsAre(15, 0, 0x13, 0, 0x0A, 2, 0xCD, 0x01));
  EXPECT_THAT(request_pdu(write_of(RegisterArea::holding, 1, {0x0A, 0x0102})),
              ElementsAre(16, 0, 1, 0, 2, 4, 0, 0x0A, 1, 2));
}

TEST(Frame, AWriteOfOneMayAskForTheFunctionOfSeveral) {
  RegisterWrite write = write_of(RegisterArea::holding, 1, {3});
  EXPECT_TRUE(identifies_itself(write));
  write.multiple = true;
  EXPECT_THAT(request_pdu(write), ElementsAre(16, 0, 1, 0, 1, 2, 0, 3));
  EXPECT_FALSE(identifies_itself(write));
}

TEST(Frame, AReadIsAnsweredByAsManyBytesAsWereAskedFor) {
  const Bytes request = request_pdu(read_of(RegisterArea::holding, 0x6B, 2));
  EXPECT_EQ(reply_length(request), 6u);
  EXPECT_EQ(judge(request, Bytes{3, 4, 0, 1, 0, 2}), Answer::ok);
  EXPECT_EQ(judge(request, Bytes{4, 4, 0, 1, 0, 2}), Answer::garbled) << "another function";
  EXPECT_EQ(judge(request, Bytes{3, 2, 0, 1}), Answer::garbled) << "another length";
  EXPECT_EQ(judge(request, Bytes{3, 3, 0, 1, 0, 2}), Answer::garbled) << "says another length";
  EXPECT_EQ(judge(request, Bytes{3, 4, 0, 1, 0, 2, 0}), Answer::garbled) << "and one more";
  EXPECT_EQ(judge(request, Bytes{3}), Answer::garbled);
  EXPECT_EQ(judge(request, Bytes{}), Answer::garbled);
}

TEST(Frame, AWriteIsAnsweredByItsOwnAddressAndValue) {
  const Bytes one = request_pdu(write_of(RegisterArea::holding, 1, {3}));
  EXPECT_EQ(judge(one, Bytes{6, 0, 1, 0, 3}), Answer::ok);
  EXPECT_EQ(judge(one, Bytes{6, 0, 2, 0, 3}), Answer::garbled) << "of another register";
  EXPECT_EQ(judge(one, Bytes{6, 0, 1, 0, 4}), Answer::garbled) << "of another value";
  const Bytes several = request_pdu(write_of(RegisterArea::holding, 1, {3, 4}));
  EXPECT_EQ(judge(several, Bytes{16, 0, 1, 0, 2}), Answer::ok);
  EXPECT_EQ(judge(several, Bytes{16, 0, 1, 0, 3}), Answer::garbled) << "of another count";
}

TEST(Frame, ExceptionsByWhatToDoNext) {
  const Bytes request = request_pdu(read_of(RegisterArea::holding, 0, 1));
  const std::map<int, Answer> meanings{
      {1, Answer::refused}, {2, Answer::refused}, {3, Answer::refused},      {4, Answer::refused},
      {5, Answer::busy},    {6, Answer::busy},    {10, Answer::unreachable}, {11, Answer::unreachable},
      {0, Answer::garbled}, {99, Answer::garbled}};
  for (const auto& [code, meaning] : meanings)
    EXPECT_EQ(judge(request, Bytes{0x83, static_cast<std::uint8_t>(code)}), meaning) << code;
  EXPECT_EQ(judge(request, Bytes{0x84, 2}), Answer::garbled) << "to another function";
  EXPECT_EQ(judge(request, Bytes{0x83, 2, 0}), Answer::garbled);
}

TEST(Frame, ValuesInTheirOrder) {
  EXPECT_THAT(values_of(read_of(RegisterArea::input, 0, 2), Bytes{4, 4, 0x12, 0x34, 0xFF, 0xFE}),
              ElementsAre(0x1234, 0xFFFE));
  EXPECT_THAT(values_of(read_of(RegisterArea::coil, 0, 10), Bytes{1, 2, 0b10000101, 0b10}),
              ElementsAre(1, 0, 1, 0, 0, 0, 0, 1, 0, 1));
}

TEST(Frame, TheHeaderOfTcp) {
  const Bytes frame = tcp_frame({0x1234, 7}, Bytes{3, 0, 1, 0, 1});
  EXPECT_THAT(frame, ElementsAre(0x12, 0x34, 0, 0, 0, 6, 7, 3, 0, 1, 0, 1));
  const auto header = tcp_header(frame);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->transaction, 0x1234);
  EXPECT_EQ(header->unit, 7);
  Bytes other_protocol = frame, other_length = frame;
  other_protocol[3] = 1;
  other_length[5] = 7;
  EXPECT_FALSE(tcp_header(other_protocol));
  EXPECT_FALSE(tcp_header(other_length));
  EXPECT_FALSE(tcp_header(Bytes(frame.begin(), frame.begin() + 7)));
}

Bytes joined(Bytes first, const Bytes& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

TEST(Frame, ACutReplyFilledUpByALateOneIsNotWhole) {
  const Bytes cut{0, 90, 0, 0, 0, 23, 7, 4, 20, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88};
  const Bytes late = tcp_frame({88, 7}, Bytes{6, 0, 1, 0, 1});
  EXPECT_TRUE(tcp_header(joined(cut, late))) << "it has the length that its header says";
  EXPECT_TRUE(ends_in_another(joined(cut, late), 90));
  EXPECT_TRUE(ends_in_another(joined(cut, tcp_frame({90, 7}, Bytes{6, 0, 1, 0, 1})), 90))
      << "its own, doubled";
  EXPECT_TRUE(ends_in_another(joined(cut, tcp_frame({88, 7}, Bytes{0x83, 2})), 90)) << "a refusal";
}

TEST(Frame, ValuesThatOnlyResembleAFrameAreValues) {
  const Bytes head{0, 90, 0, 0, 0, 13, 7, 3, 10};
  EXPECT_FALSE(ends_in_another(joined(head, {0, 88, 0, 0, 0, 4, 0, 0, 0, 0}), 90)) << "function 0";
  EXPECT_FALSE(ends_in_another(joined(head, {0, 88, 0, 0, 0, 3, 7, 3, 0, 0}), 90)) << "another length";
  EXPECT_FALSE(ends_in_another(joined(head, {0, 12, 0, 0, 0, 4, 7, 3, 0, 0}), 90)) << "long ago";
  EXPECT_FALSE(ends_in_another(joined(head, {0, 91, 0, 0, 0, 4, 7, 3, 0, 0}), 90)) << "not asked yet";
  EXPECT_TRUE(ends_in_another(joined(head, {0xFF, 0xF0, 0, 0, 0, 4, 7, 3, 0, 0}), 5)) << "numbers start anew";
}

}  // namespace
}  // namespace rytme::modbus
