// SPDX-License-Identifier: Apache-2.0
// Four outputs that say what they are on the second serial port, and wires that are told over it. A line
// whenever an output changed, at most every 10 ms: "MILLISECONDS L0 L1 L2 L3", hexadecimal. Letters in: s
// stop opens, S closes, m mute closes, M opens. Main loop only.
#pragma once

#include "firmware/boards/mps2_an385/board.hpp"

namespace rytme::firmware::mps2 {

class SerialOutputs final : public DimmerOutputs {
 public:
  explicit SerialOutputs(Mps2Board& board) : board_(board) {}

  void set(const Levels& levels, Instant at) override {
    levels_ = levels;
    board_.keep(levels);
    if (levels == said_ || at - said_at_ < Micros(10'000) || board_.second_port().is_sending()) return;
    said_ = levels;
    said_at_ = at;
    say(static_cast<std::uint32_t>(at.count() / 1000));
  }
  Levels read_back() override { return levels_; }
  DimmerInputs inputs() override {
    while (const auto character = board_.second_port().receive(board_.now())) {
      if (character->byte == 's' || character->byte == 'S') wires_.stop_open = character->byte == 's';
      if (character->byte == 'm' || character->byte == 'M') wires_.mute = character->byte == 'm';
    }
    return wires_;
  }
  Levels before_start() override { return board_.kept(); }

 private:
  void say(std::uint32_t milliseconds) {
    length_ = 0;
    hex(milliseconds, 8);
    for (const auto level : said_) {
      text_[length_++] = ' ';
      hex(level, 4);
    }
    text_[length_++] = '\n';
    board_.second_port().send(std::span(text_).first(length_));
  }
  void hex(std::uint32_t value, unsigned digits) {
    while (digits-- > 0)
      text_[length_++] = static_cast<std::uint8_t>("0123456789abcdef"[(value >> (4 * digits)) & 0xFU]);
  }

  Mps2Board& board_;
  Levels levels_{};
  Levels said_{};
  Instant said_at_{};
  DimmerInputs wires_;
  std::array<std::uint8_t, 32> text_{};
  std::size_t length_{};
};

}  // namespace rytme::firmware::mps2
