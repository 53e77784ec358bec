// SPDX-License-Identifier: Apache-2.0
#include "controller/mqtt/outbox.hpp"

#include <algorithm>
#include <utility>

namespace rytme::mqtt {
namespace {

bool is_command(const MqttPublish& message) { return message.generation != 0; }
bool survives_loss(const MqttPublish& message) { return message.retain && !is_command(message); }

}  // namespace

bool Outbox::outdated(const MqttPublish& message) const {
  return is_command(message) && message.generation < generation_;
}

bool Outbox::offer(const MqttPublish& message, Instant now) {
  if (message.expires <= now) {
    ++counters_.expired;
    return false;
  }
  if (outdated(message)) {
    ++counters_.dropped;
    return false;
  }
  if (!up_) return keep(message);
  if (waiting_.size() >= limit_) {
    waiting_.pop_front();
    ++counters_.dropped;
  }
  waiting_.push_back(message);
  return true;
}

bool Outbox::keep(const MqttPublish& message) {
  const bool known = kept_.contains(message.topic);
  if (!survives_loss(message) || (!known && kept_.size() >= limit_)) {
    ++counters_.dropped;
    return false;
  }
  if (known) ++counters_.superseded;
  kept_.insert_or_assign(message.topic, message);
  return true;
}

void Outbox::drop_before(std::uint64_t generation) {
  generation_ = std::max(generation_, generation);
  counters_.dropped +=
      std::erase_if(waiting_, [this](const MqttPublish& message) { return outdated(message); });
}

void Outbox::connected(const std::vector<MqttPublish>& first) { waiting_.assign(first.begin(), first.end()); }

void Outbox::up() {
  up_ = true;
  for (auto& [topic, message] : kept_) waiting_.push_back(std::move(message));
  kept_.clear();
}

// Newest first, so that save() never puts an older value in place of a newer one.
void Outbox::lost() {
  up_ = false;
  for (auto it = waiting_.rbegin(); it != waiting_.rend(); ++it) save(std::move(*it));
  for (auto it = in_flight_.rbegin(); it != in_flight_.rend(); ++it) save(std::move(it->message));
  waiting_.clear();
  in_flight_.clear();
}

void Outbox::save(MqttPublish&& message) {
  if (!survives_loss(message)) {
    ++counters_.dropped;
    return;
  }
  std::string topic = message.topic;
  if (!kept_.try_emplace(std::move(topic), std::move(message)).second) ++counters_.superseded;
}

std::optional<MqttPublish> Outbox::next(Instant now) {
  while (!waiting_.empty() && in_flight_.size() < window_) {
    MqttPublish message = std::move(waiting_.front());
    waiting_.pop_front();
    if (message.expires > now) return message;
    ++counters_.expired;
  }
  return std::nullopt;
}

void Outbox::sent(int id, MqttPublish message, Instant now) {
  ++counters_.sent;
  in_flight_.push_back({id, std::move(message), now});
}

void Outbox::put_back(MqttPublish message) { waiting_.push_front(std::move(message)); }

void Outbox::acknowledged(int id) {
  std::erase_if(in_flight_, [id](const InFlight& entry) { return entry.id == id; });
}

bool Outbox::stalled(Instant now, std::chrono::milliseconds limit) const {
  return !in_flight_.empty() && now - in_flight_.front().since > limit;
}

}  // namespace rytme::mqtt
