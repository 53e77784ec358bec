// SPDX-License-Identifier: Apache-2.0
// Frames out of the characters of a serial line: what silence separates. The state diagram of MODBUS over
// Serial Line V1.02, 2.5.1.1: after the start nothing is heard until the line was silent for T3.5; a silence
// of more than T1.5 within a frame, a broken character or one character too many spoils it. The time is an
// argument. Main loop only.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "firmware/core/line_timing.hpp"

namespace rytme::firmware {

class RtuReceiver {
 public:
  static constexpr std::size_t largest_frame = 256;

  RtuReceiver(const LineTiming& timing, Instant now) : timing_(timing), last_(now) {}

  // `at`: the end of the character, not before the one before. `good`: parity and stop bit were right.
  void take(std::uint8_t byte, bool good, Instant at);

  // The frame that silence has ended, once; empty: none has. Valid until the next take().
  std::span<const std::uint8_t> frame(Instant now);

  // The end of the last character, and how long after it nothing has come.
  Instant last_character() const { return last_; }
  // Something came that is no frame: too short a silence, a broken character, too long.
  std::uint32_t spoilt() const { return spoilt_; }
  // Frames that another began behind before anybody had asked for them.
  std::uint32_t missed() const { return missed_; }

 private:
  void begin();
  bool is_pending() const { return length_ > 0 || bad_; }
  bool has_ended(Micros silent) const;

  LineTiming timing_;
  Instant last_;
  std::array<std::uint8_t, largest_frame> bytes_{};
  std::size_t length_{};
  bool bad_{};
  bool heard_silence_{};
  std::uint32_t spoilt_{};
  std::uint32_t missed_{};
};

}  // namespace rytme::firmware
