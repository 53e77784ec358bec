// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/rtu_slave.hpp"

#include "firmware/core/crc.hpp"

namespace rytme::firmware {
namespace {

constexpr std::size_t checksum = 2;
constexpr std::size_t shortest_frame = 2 + checksum;
constexpr std::uint8_t everybody = 0;
constexpr std::uint8_t first_reply_function = 0x80;

}  // namespace

std::span<const std::uint8_t> RtuSlave::poll(Instant now) {
  const auto frame = receiver_.frame(now);
  counters_.spoilt = receiver_.spoilt();
  counters_.missed = receiver_.missed();
  if (frame.empty()) return {};
  if (frame.size() < shortest_frame || crc16(frame) != 0) {  // over a frame with its own checksum it is 0
    ++counters_.broken;
    return {};
  }
  // Function codes from 128 on are those of exceptions: another slave's reply, which is nothing to answer.
  if ((frame[0] != map_.unit() && frame[0] != everybody) || frame[1] >= first_reply_function) return {};
  if (now - receiver_.last_character() > patience) {
    ++counters_.late;
    return {};
  }
  return answer(frame);
}

std::span<const std::uint8_t> RtuSlave::answer(std::span<const std::uint8_t> frame) {
  ++counters_.requests;
  const auto request = frame.subspan(1, frame.size() - 1 - checksum);
  const auto answered = answer_pdu(map_, identity_, request, std::span(reply_).subspan<1, largest_pdu>());
  if (!answered.ok) ++counters_.exceptions;
  if (frame[0] == everybody) return {};
  if (answered.ok) map_.heard();
  reply_[0] = frame[0];
  const std::size_t length = 1 + answered.length;
  const auto crc = crc16(std::span(reply_).first(length));
  reply_[length] = static_cast<std::uint8_t>(crc & 0xFFU);
  reply_[length + 1] = static_cast<std::uint8_t>(crc >> 8U);
  return std::span(reply_).first(length + checksum);
}

}  // namespace rytme::firmware
