// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/node.hpp"

#include "firmware/protocol/node_registers.hpp"

namespace rytme::firmware {

Node::Node(Board& board, std::uint16_t kind, std::span<const SettingRule> rules)
    : board_(board),
      settings_(kind, rules, board.storage()),
      now_(board.now()),
      timing_(board.open_line(settings_.line())) {}

std::uint8_t Node::unit() const {
  return static_cast<std::uint8_t>(settings_.value(settings_registers::unit));
}

void Node::serve(RtuSlave& slave, Instant now) {
  now_ = now;
  board_.feed_watchdog();
  if (board_.is_sending()) return;
  if (settings_.wants_restart()) board_.restart();
  // By a time from before the characters were fetched: one that comes meanwhile must not be missing from the
  // silence.
  while (const auto character = board_.receive()) slave.take(character->byte, character->good, character->at);
  const auto reply = slave.poll(now);
  if (!reply.empty()) board_.send(reply);
}

void Node::write_status(std::span<std::uint16_t> words, Signature signature, std::uint16_t state) const {
  namespace at = status_registers;
  words[at::signature] = static_cast<std::uint16_t>(signature);
  words[at::state] = state;
  put_long(words, at::uptime_s,
           static_cast<std::uint32_t>(std::chrono::duration_cast<std::chrono::seconds>(now_).count()));
  put_long(words, at::requests, counters_.requests);
  put_long(words, at::exceptions, counters_.exceptions);
  put_long(words, at::broken, counters_.broken);
  put_long(words, at::spoilt, counters_.spoilt);
  put_long(words, at::late, counters_.late + counters_.missed);
  words[at::starts] = board_.starts();
}

}  // namespace rytme::firmware
