// SPDX-License-Identifier: Apache-2.0
// What has come from the broker and waits for its owner. Bounded: beyond the limit the oldest goes, and is
// counted, because the client's thread must keep emptying the socket whatever the owner does. Of a state only
// the newest message waits; all others are kept in the order in which they came. Thread: put from the
// client's thread, the rest from any.
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "controller/room/wire.hpp"

namespace rytme::mqtt {

class Inbox {
 public:
  explicit Inbox(std::size_t limit, const std::vector<MqttSubscription>& subscriptions = {});

  // True when it was empty before: the owner has to be told.
  bool put(MqttMessage&& message);
  // The oldest, `most` of them at most. True when more wait: their owner comes again by itself.
  bool take(std::vector<MqttMessage>& out, std::size_t most = SIZE_MAX);

  struct Counters {
    std::uint64_t received{};
    std::uint64_t dropped{};     // over the limit
    std::uint64_t superseded{};  // states that a newer one has replaced unread
  };
  Counters counters() const;

 private:
  using Messages = std::list<MqttMessage>;
  // Where a state's unread message stands, if there is one.
  struct Newest {
    bool waits{};
    Messages::iterator at;
  };
  void forget_oldest();

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Newest> states_;  // by topic; the keys never change
  Messages messages_;
  std::size_t limit_;
  Counters counters_;
};

}  // namespace rytme::mqtt
