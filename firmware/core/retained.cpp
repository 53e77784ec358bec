// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/retained.hpp"

#include <array>

#include "firmware/core/crc.hpp"

namespace rytme::firmware {
namespace {

constexpr std::uint32_t marked = 0x5259544D;  // RYTM

}  // namespace

void Retained::begin() {
  if (mark_ == marked && checksum_ == checksum()) {
    ++starts_;
  } else {
    chance_ = static_cast<std::uint16_t>(checksum() ^ checksum_ ^ mark_);
    mark_ = marked;
    starts_ = 0;
    levels_ = {};
  }
  checksum_ = checksum();
}

void Retained::keep(const Levels& levels) {
  levels_ = levels;
  checksum_ = checksum();
}

std::uint16_t Retained::checksum() const {
  std::uint16_t crc = 0xFFFF;
  for (const unsigned word : {unsigned{starts_}, unsigned{levels_[0]}, unsigned{levels_[1]},
                              unsigned{levels_[2]}, unsigned{levels_[3]}, unsigned{chance_}}) {
    const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(word >> 8U),
                                            static_cast<std::uint8_t>(word)};
    crc = crc16(bytes, crc);
  }
  return crc;
}

}  // namespace rytme::firmware
