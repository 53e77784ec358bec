// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/inbox.hpp"

#include <iterator>
#include <utility>

namespace rytme::mqtt {

bool Inbox::put(MqttMessage&& message) {
  const std::lock_guard lock(mutex_);
  ++received_;
  const bool was_empty = messages_.empty();
  if (messages_.size() >= limit_ && !was_empty) {
    messages_.pop_front();
    ++dropped_;
  }
  messages_.push_back(std::move(message));
  return was_empty;
}

void Inbox::take_all(std::vector<MqttMessage>& out) {
  out.clear();
  std::deque<MqttMessage> taken;
  {
    const std::lock_guard lock(mutex_);
    taken.swap(messages_);
  }
  out.assign(std::make_move_iterator(taken.begin()), std::make_move_iterator(taken.end()));
}

std::uint64_t Inbox::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

std::uint64_t Inbox::dropped() const {
  const std::lock_guard lock(mutex_);
  return dropped_;
}

}  // namespace rytme::mqtt
