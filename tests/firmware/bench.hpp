// SPDX-License-Identifier: Apache-2.0
// A node without a board: a clock that the test moves, a line whose characters take their time, a memory that
// can lose power, and a master that asks.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <optional>
#include <stdexcept>
#include <vector>

#include "firmware/core/board.hpp"
#include "firmware/core/crc.hpp"

namespace rytme::firmware::test {

using Bytes = std::vector<std::uint8_t>;
using Words = std::vector<std::uint16_t>;

inline Bytes framed(std::uint8_t unit, Bytes pdu) {
  pdu.insert(pdu.begin(), unit);
  const auto crc = crc16(pdu);
  pdu.push_back(static_cast<std::uint8_t>(crc & 0xFFU));
  pdu.push_back(static_cast<std::uint8_t>(crc >> 8U));
  return pdu;
}

inline Bytes pdu_of(std::uint8_t function, std::initializer_list<unsigned> words) {
  Bytes pdu{function};
  for (const auto word : words) {
    pdu.push_back(static_cast<std::uint8_t>(word >> 8U));
    pdu.push_back(static_cast<std::uint8_t>(word & 0xFFU));
  }
  return pdu;
}

inline Bytes write_pdu(std::uint16_t address, const Words& values) {
  Bytes pdu = pdu_of(16, {address, static_cast<unsigned>(values.size())});
  pdu.push_back(static_cast<std::uint8_t>(2 * values.size()));
  for (const auto value : values) {
    pdu.push_back(static_cast<std::uint8_t>(value >> 8U));
    pdu.push_back(static_cast<std::uint8_t>(value & 0xFFU));
  }
  return pdu;
}

// The words of a reply to function 3, 4 or 23.
inline Words words_of(const Bytes& reply) {
  Words words;
  for (std::size_t at = 2; at + 1 < reply.size(); at += 2)
    words.push_back(static_cast<std::uint16_t>((reply[at] << 8U) | reply[at + 1]));
  return words;
}

class MemoryStorage final : public Storage {
 public:
  std::array<Words, places> kept{Words(32, 0xFFFF), Words(32, 0xFFFF)};
  // Words that a save still writes before the power goes; the rest is as erased.
  std::optional<std::size_t> power_for;
  bool broken{};

  bool load(unsigned place, std::span<std::uint16_t> words) override {
    if (broken) return false;
    std::copy_n(kept.at(place).begin(), words.size(), words.begin());
    return true;
  }
  bool save(unsigned place, std::span<const std::uint16_t> words) override {
    if (broken) return false;
    auto& there = kept.at(place);
    there.assign(32, 0xFFFF);
    std::copy_n(words.begin(), std::min(words.size(), power_for.value_or(words.size())), there.begin());
    return !power_for;
  }
};

class BenchBoard final : public Board {
 public:
  Instant clock{};
  MemoryStorage memory;
  std::deque<Character> line;
  Bytes sent;
  LineFormat format;
  int fed{};
  std::uint16_t chance_number{0x1234};
  struct Restarted : std::runtime_error {
    Restarted() : std::runtime_error("restarted") {}
  };

  Instant now() override { return clock; }
  LineTiming open_line(const LineFormat& wanted) override { return timing_of(format = wanted); }
  std::optional<Character> receive() override {
    if (line.empty() || line.front().at > clock) return std::nullopt;
    const auto first = line.front();
    line.pop_front();
    return first;
  }
  void send(std::span<const std::uint8_t> bytes) override { sent.assign(bytes.begin(), bytes.end()); }
  bool is_sending() override { return false; }
  Storage& storage() override { return memory; }
  void feed_watchdog() override { ++fed; }
  [[noreturn]] void restart() override { throw Restarted(); }
  std::uint16_t starts() override { return 7; }
  std::uint16_t chance() override { return chance_number; }

  // Puts a frame on the line from now on, character behind character.
  Instant say(const Bytes& frame) {
    const auto character = timing_of(format).character;
    Instant at = clock;
    for (const auto byte : frame) line.push_back({byte, true, at += character});
    return at;
  }
};

// Asks a node as a master does and waits for the reply with virtual time; empty: none came within 20 ms.
template <typename NodeUnderTest>
class Master {
 public:
  Master(BenchBoard& board, NodeUnderTest& node) : board_(board), node_(node) {}

  Bytes ask(std::uint8_t unit, const Bytes& pdu) {
    run(Micros(5000));
    board_.sent.clear();
    board_.clock = board_.say(framed(unit, pdu));
    for (int turn = 0; turn < 200 && board_.sent.empty(); ++turn) run(Micros(100));
    if (board_.sent.empty()) return {};
    if (crc16(board_.sent) != 0 || board_.sent[0] != unit) throw std::runtime_error("no true reply");
    return {board_.sent.begin() + 1, board_.sent.end() - 2};
  }
  Words read(std::uint8_t unit, unsigned function, std::uint16_t address, std::uint16_t count) {
    return words_of(ask(unit, pdu_of(static_cast<std::uint8_t>(function), {address, count})));
  }
  void run(Micros time, Micros step = Micros(100)) {
    for (const Instant end = board_.clock + time; board_.clock < end;) {
      board_.clock += step;
      node_.turn();
    }
  }

 private:
  BenchBoard& board_;
  NodeUnderTest& node_;
};

}  // namespace rytme::firmware::test
