// SPDX-License-Identifier: Apache-2.0
#include "tests/mqtt/peer.hpp"

#include <thread>

namespace rytme::mqtt::test {

using namespace std::chrono_literals;

Options options_for(int port, std::string client_id, std::string user) {
  Options options;
  options.port = port;
  options.client_id = std::move(client_id);
  options.user = std::move(user);
  options.password = "secret";
  options.backoff_min = 20ms;
  options.backoff_max = 200ms;
  return options;
}

Peer::Peer(Options options, std::vector<MqttSubscription> subscriptions)
    : client_(std::move(options), std::move(subscriptions),
              {.on_messages =
                   [this] {
                     const std::lock_guard lock(mutex_);
                     news_ = true;
                     changed_.notify_all();
                   },
               .on_link =
                   [this](Link link, const std::string& reason) {
                     const std::lock_guard lock(mutex_);
                     told_.emplace_back(link, reason);
                     changed_.notify_all();
                   }}) {
  client_.start();
}

bool Peer::wait_for(Link link, std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, limit, [&] { return !told_.empty() && told_.back().first == link; });
}

void Peer::take() {
  std::vector<MqttMessage> taken;
  client_.drain(taken);
  seen_.insert(seen_.end(), taken.begin(), taken.end());
  used_.resize(seen_.size(), false);
}

MqttMessage Peer::wait_message(const std::string& topic, std::chrono::milliseconds limit) {
  const Instant last = now() + limit;
  for (;;) {
    take();
    for (std::size_t i = 0; i < seen_.size(); ++i) {
      if (used_[i] || seen_[i].topic != topic) continue;
      used_[i] = true;
      return seen_[i];
    }
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, last, [this] { return news_; })) return {topic, "<none>", false, {}};
    news_ = false;
  }
}

void Peer::wait_until_received(std::uint64_t count, std::chrono::milliseconds limit) {
  const Instant last = now() + limit;
  while (client_.counters().received < count && now() < last)
    std::this_thread::sleep_for(1ms);  // only the first message is told while nobody takes any
}

std::vector<MqttMessage> Peer::seen() {
  take();
  return seen_;
}

std::vector<std::pair<Link, std::string>> Peer::told() {
  const std::lock_guard lock(mutex_);
  return told_;
}

MqttPublish event(std::string topic, std::string payload) {
  return {std::move(topic), std::move(payload), 1, false};
}
MqttPublish command(std::string topic, std::string payload, std::uint64_t generation) {
  return {std::move(topic), std::move(payload), 1, false, now() + 5s, generation};
}
MqttPublish retained(std::string topic, std::string payload) {
  return {std::move(topic), std::move(payload), 1, true};
}
Instant now() { return std::chrono::steady_clock::now(); }

}  // namespace rytme::mqtt::test
