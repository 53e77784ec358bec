// SPDX-License-Identifier: Apache-2.0
// The Bluetooth notification 0x2A37: the input once as the hex text that a gateway sends, once as the bytes
// behind it.
#include <array>

#include "controller/devices/heart.hpp"
#include "tests/fuzz/room_under_fuzz.hpp"

namespace {

void decode(std::string_view hex, bool is_hex) {
  rytme::HeartSample sample;
  rytme::devices::Notification frame;
  const auto refused = rytme::devices::decode_2a37(hex, sample, frame);
  if (!refused) rytme::fuzz::check({sample});
  if (is_hex && hex.size() >= 8 && hex.size() <= 128) rytme::fuzz::must(!refused || hex.size() < 14);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  decode({reinterpret_cast<const char*>(data), size}, false);
  constexpr std::array digits{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'B', 'c', 'D', 'e', 'F'};
  std::string hex;
  for (std::size_t i = 0; i < size; ++i) {
    hex += digits.at(data[i] >> 4U);
    hex += digits.at(data[i] & 15U);
  }
  decode(hex, true);
  return 0;
}
