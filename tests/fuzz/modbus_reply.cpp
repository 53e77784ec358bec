// SPDX-License-Identifier: Apache-2.0
// Replies of a slave beside the request they claim to answer, and TCP frames. Input: six bytes for the
// request (kind, address, count), the rest is the reply as it came.
#include <algorithm>
#include <cstdlib>

#include "controller/modbus/frame.hpp"

namespace {

using namespace rytme;

constexpr std::size_t request_bytes = 6;

void expect(bool holds) {
  if (!holds) std::abort();
}

// What was taken for an answer has the function and the length of one.
void judged(const modbus::Bytes& request, std::span<const std::uint8_t> reply) {
  if (modbus::judge(request, reply) != modbus::Answer::ok) return;
  expect(reply.size() == modbus::reply_length(request));
  expect(reply[0] == request[0]);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < request_bytes) return 0;
  const auto word = [&](std::size_t at) {
    return static_cast<std::uint16_t>((unsigned{data[at]} << 8U) | unsigned{data[at + 1]});
  };
  const std::span<const std::uint8_t> reply(data + request_bytes, size - request_bytes);
  const bool is_bit = (data[0] & 2U) == 0;
  RegisterRead read;
  read.area = static_cast<RegisterArea>(data[0] & 3U);
  read.address = word(2);
  const unsigned most = read.area == RegisterArea::coil || read.area == RegisterArea::discrete ? 2000U : 125U;
  read.count = static_cast<std::uint16_t>(1U + word(4) % most);
  const auto question = modbus::request_pdu(read);
  judged(question, reply);
  if (modbus::judge(question, reply) == modbus::Answer::ok)
    expect(modbus::values_of(read, reply).size() == read.count);

  RegisterWrite write;
  write.area = is_bit ? RegisterArea::coil : RegisterArea::holding;
  write.address = word(2);
  write.values.assign(1U + data[1] % 100U, word(4));
  write.multiple = (data[0] & 4U) != 0;
  judged(modbus::request_pdu(write), reply);

  if (const auto header = modbus::tcp_header(reply)) {
    const auto again = modbus::tcp_frame(*header, reply.subspan(modbus::TcpHeader::bytes));
    expect(std::equal(again.begin(), again.end(), reply.begin(), reply.end()));
  }
  if (modbus::ends_in_another(reply, word(2))) {
    expect(reply.size() > modbus::TcpHeader::bytes + 1);
  }
  return 0;
}
