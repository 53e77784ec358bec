// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/inbox.hpp"

#include <iterator>
#include <utility>

namespace rytme::mqtt {

Inbox::Inbox(std::size_t limit, const std::vector<MqttSubscription>& subscriptions) : limit_(limit) {
  for (const auto& subscription : subscriptions)
    if (subscription.latest_wins) states_.try_emplace(subscription.filter);
}

bool Inbox::put(MqttMessage&& message) {
  const std::lock_guard lock(mutex_);
  ++counters_.received;
  const bool was_empty = messages_.empty();
  const auto state = states_.find(message.topic);
  if (state != states_.end() && state->second.waits) {
    // It moves to the end: what is left stands in the order in which it came.
    *state->second.at = std::move(message);
    messages_.splice(messages_.end(), messages_, state->second.at);
    ++counters_.superseded;
    return was_empty;
  }
  if (messages_.size() >= limit_ && !was_empty) {
    forget_oldest();
    messages_.pop_front();
    ++counters_.dropped;
  }
  messages_.push_back(std::move(message));
  if (state != states_.end()) state->second = {true, std::prev(messages_.end())};
  return was_empty;
}

void Inbox::forget_oldest() {
  const auto state = states_.find(messages_.front().topic);
  if (state != states_.end()) state->second.waits = false;
}

bool Inbox::take(std::vector<MqttMessage>& out, std::size_t most) {
  out.clear();
  const std::lock_guard lock(mutex_);
  for (; out.size() < most && !messages_.empty(); messages_.pop_front()) {
    forget_oldest();
    out.push_back(std::move(messages_.front()));
  }
  return !messages_.empty();
}

Inbox::Counters Inbox::counters() const {
  const std::lock_guard lock(mutex_);
  return counters_;
}

}  // namespace rytme::mqtt
