// SPDX-License-Identifier: Apache-2.0
// A node's firmware in QEMU, its two serial ports in the test's hand, and a line that joins several with a
// controller.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include <sys/types.h>

#include "tests/firmware/bench.hpp"

namespace rytme::firmware::test {

// A terminal of which we have one end and a program opens the other by its path.
class Terminal {
 public:
  Terminal();
  ~Terminal();
  Terminal(Terminal&& other) noexcept;
  Terminal& operator=(Terminal&&) = delete;
  const std::string& path() const { return path_; }
  int fd() const { return ours_; }
  void write(std::span<const std::uint8_t> bytes) const;
  // What is there; waits so long for the first of it.
  Bytes read(std::chrono::milliseconds wait) const;

 private:
  int ours_{-1};
  int theirs_{-1};
  std::string path_;
};

class QemuNode {
 public:
  // `board`: mps2_an385 or stm32vldiscovery; `node`: motion, dimmer, watchdog. Images are those of the build.
  QemuNode(const std::string& board, const std::string& node);
  ~QemuNode();
  QemuNode(const QemuNode&) = delete;
  QemuNode& operator=(const QemuNode&) = delete;

  Terminal& line() { return line_; }  // RS-485
  Terminal& io() { return io_; }      // what stands in the place of hardware

  // One question, repeated for 20 s at most: a busy host makes an emulator late, and what is late is not
  // answered. Empty: never.
  Bytes ask(std::uint8_t unit, const Bytes& pdu);
  // Answers at all.
  bool is_up(std::uint8_t unit) { return !ask(unit, pdu_of(4, {256, 1})).empty(); }
  Words read(std::uint8_t unit, unsigned function, std::uint16_t address, std::uint16_t count) {
    return words_of(ask(unit, pdu_of(static_cast<std::uint8_t>(function), {address, count})));
  }

 private:
  Terminal line_;
  Terminal io_;
  pid_t pid_{-1};
};

// Two wires: what the controller says reaches every node, what a node says the controller.
class JoinedLine {
 public:
  explicit JoinedLine(std::vector<QemuNode*> nodes);
  const std::string& path() const { return controller_.path(); }

 private:
  Terminal controller_;
  std::vector<QemuNode*> nodes_;
  std::jthread thread_;
};

// What a dimmer says of its outputs on its second port.
struct OutputLine {
  double s{};
  std::array<double, 4> levels{};  // 0-1
};
class OutputTrace {
 public:
  explicit OutputTrace(QemuNode& node) : node_(node) {}
  // Takes what has come for so long; all of it so far.
  const std::vector<OutputLine>& listen(std::chrono::milliseconds time);
  double level() const { return lines_.empty() ? 0 : lines_.back().levels[0]; }
  // The fastest change of any channel between two lines, of full per second, from line `from` on.
  double fastest(std::size_t from = 0) const;

 private:
  QemuNode& node_;
  std::string text_;
  std::vector<OutputLine> lines_;
};

}  // namespace rytme::firmware::test
