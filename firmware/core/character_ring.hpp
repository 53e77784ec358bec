// SPDX-License-Identifier: Apache-2.0
// Characters of a serial line on their way from an interrupt to the main loop, with the time of their end.
// One writes, one reads.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>

#include "firmware/core/board.hpp"

namespace rytme::firmware {

template <std::size_t size>
class CharacterRing {
 public:
  // From the interrupt. What does not fit is lost, and the next character that does is marked as broken.
  void push(std::uint8_t byte, bool good, Instant at) {
    const auto next = written_.load(std::memory_order_relaxed);
    if (is_full()) {
      lost_ = true;
      return;
    }
    entries_[next % size] = {static_cast<std::uint32_t>(at.count()), byte, good && !lost_};
    lost_ = false;
    written_.store(next + 1, std::memory_order_release);
  }

  bool is_full() const {  // writer's
    return written_.load(std::memory_order_relaxed) - read_.load(std::memory_order_acquire) == size;
  }

  // `now`: less than an hour after the character.
  std::optional<Character> pop(Instant now) {
    const auto next = read_.load(std::memory_order_relaxed);
    if (next == written_.load(std::memory_order_acquire)) return std::nullopt;
    const Entry entry = entries_[next % size];
    read_.store(next + 1, std::memory_order_release);
    const auto age = static_cast<std::int32_t>(static_cast<std::uint32_t>(now.count()) - entry.at);
    return Character{entry.byte, entry.good, now - Micros(age)};
  }

 private:
  struct Entry {
    std::uint32_t at{};
    std::uint8_t byte{};
    bool good{};
  };
  std::array<Entry, size> entries_{};
  std::atomic<std::uint32_t> written_{0};
  std::atomic<std::uint32_t> read_{0};
  bool lost_{};  // writer's
};

}  // namespace rytme::firmware
