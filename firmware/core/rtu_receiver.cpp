// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/rtu_receiver.hpp"

#include "firmware/core/crc.hpp"

namespace rytme::firmware {

void RtuReceiver::take(std::uint8_t byte, bool good, Instant at) {
  const Micros silent = at - last_ - timing_.character;
  last_ = at;
  if (has_ended(silent)) {
    if (length_ > 0 && !bad_) ++missed_;
    begin();
  } else if (!heard_silence_ || (length_ > 0 && silent > timing_.within)) {
    bad_ = true;
  }
  if (!good || length_ == bytes_.size())
    bad_ = true;
  else
    bytes_[length_++] = byte;
}

std::span<const std::uint8_t> RtuReceiver::frame(Instant now) {
  if (!has_ended(now - last_)) return {};
  heard_silence_ = true;
  if (!is_pending()) return {};
  const std::size_t length = bad_ ? 0 : length_;
  if (bad_) ++spoilt_;
  begin();
  return {bytes_.data(), length};
}

bool RtuReceiver::has_ended(Micros silent) const {
  if (silent < timing_.between) return false;
  return silent >= timing_.unfinished || crc16(std::span(bytes_).first(length_)) == 0;
}

void RtuReceiver::begin() {
  heard_silence_ = true;
  length_ = 0;
  bad_ = false;
}

}  // namespace rytme::firmware
