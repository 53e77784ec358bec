// SPDX-License-Identifier: Apache-2.0
// What has come from the broker and waits for its owner. Bounded: beyond the limit the oldest goes, and is
// counted, because the client's thread must keep emptying the socket whatever the owner does. Thread: put
// from the client's thread, the rest from any.
#pragma once

#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "controller/room/wire.hpp"

namespace rytme::mqtt {

class Inbox {
 public:
  explicit Inbox(std::size_t limit) : limit_(limit) {}

  // True when it was empty before: the owner has to be told.
  bool put(MqttMessage&& message);
  void take_all(std::vector<MqttMessage>& out);

  std::uint64_t received() const;
  std::uint64_t dropped() const;

 private:
  mutable std::mutex mutex_;
  std::deque<MqttMessage> messages_;
  std::size_t limit_;
  std::uint64_t received_{};
  std::uint64_t dropped_{};
};

}  // namespace rytme::mqtt
