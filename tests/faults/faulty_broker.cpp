// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/faulty_broker.hpp"

#include <algorithm>
#include <utility>

#include "tests/support/topic_filter.hpp"

namespace rytme::test {
namespace {

// As the client has them (controller/mqtt/client.hpp).
constexpr std::size_t outbound_limit = 1000;
constexpr std::size_t window = 4;
constexpr std::chrono::seconds ack_timeout{3};

constexpr double shortest_way_s = 0.001, longest_way_s = 0.030;

}  // namespace

FaultyBroker::FaultyBroker(std::vector<std::unique_ptr<simulator::MqttPeer>>& peers, std::uint64_t seed,
                           Handlers handlers)
    : peers_(peers),
      silent_(peers.size()),
      random_(seed, 71),
      handlers_(std::move(handlers)),
      outbox_(std::make_unique<mqtt::Outbox>(outbound_limit, window)) {
  for (const auto& peer : peers_) filters_.push_back(peer->subscriptions());
}

void FaultyBroker::start(std::vector<MqttPublish> greeting, Instant now) {
  outbox_ = std::make_unique<mqtt::Outbox>(outbound_limit, window);
  greeting_ = std::move(greeting);
  up_ = false;
  find_controller(now);
}

void FaultyBroker::kill() {
  up_ = false;
  back_ = Instant::max();
  in_.clear();
  outbox_ = std::make_unique<mqtt::Outbox>(outbound_limit, window);
}

void FaultyBroker::publish(const MqttPublish& message, Instant now) {
  outbox_->offer(message, now);
  pump(now);
}

void FaultyBroker::lose_controller(Instant back) {
  if (!std::exchange(up_, false)) return;
  back_ = back;
  outbox_->lost();
  in_.clear();
  handlers_.link(false);
}

void FaultyBroker::find_controller(Instant now) {
  if (std::exchange(up_, true)) return;
  back_ = Instant::max();
  outbox_->connected(greeting_);
  outbox_->up();
  handlers_.link(true);
  for (const auto& [topic, payload] : retained_) handlers_.to_core({topic, payload, true, now});
  pump(now);
}

void FaultyBroker::restart_devices(Instant now) {
  for (std::size_t i = 0; i < peers_.size(); ++i)
    if (!silent_[i]) announce(i, now);
}

void FaultyBroker::silence(std::size_t peer, bool is, Instant now) {
  if (silent_[peer] == is) return;
  silent_[peer] = is;
  if (!is) return announce(peer, now);
  if (auto will = peers_[peer]->will()) {
    std::vector<MqttPublish> last{*will};
    say(last, now);
  }
}

void FaultyBroker::announce(std::size_t peer, Instant now) {
  auto hello = peers_[peer]->on_connect(now);
  say(hello, now);
}

Instant FaultyBroker::arrival(std::deque<Underway>& queue, Instant now) {
  const auto at = now + seconds(random_.uniform(shortest_way_s, longest_way_s));
  return queue.empty() ? at : std::max(at, queue.back().arrives);
}

void FaultyBroker::say(std::vector<MqttPublish>& messages, Instant now) {
  for (auto& message : messages) {
    if (message.retain) retained_[message.topic] = message.payload;
    if (up_) in_.push_back({arrival(in_, now), now, 0, std::move(message)});
  }
  messages.clear();
}

void FaultyBroker::pump(Instant now) {
  if (!up_) return;
  while (auto message = outbox_->next(now)) {
    out_.push_back({arrival(out_, now), now, ++ids_, *message});
    outbox_->sent(ids_, std::move(*message), now);
  }
}

void FaultyBroker::route(const Underway& underway, Instant now) {
  const auto& message = underway.message;
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    const auto wants = [&](const std::string& filter) { return topic_matches(filter, message.topic); };
    if (silent_[i] || std::none_of(filters_[i].begin(), filters_[i].end(), wants)) continue;
    handlers_.before(i, message, underway.left);
    peers_[i]->receive({message.topic, message.payload, false, now}, now, said_);
    handlers_.after(i, message, underway.left);
    say(said_, now);
  }
}

void FaultyBroker::tick_peers(Instant now) {
  for (std::size_t i = 0; i < peers_.size(); ++i) {
    if (peers_[i]->next_wake() > now) continue;
    peers_[i]->tick(now, said_);
    if (silent_[i]) said_.clear();
    say(said_, now);
  }
}

void FaultyBroker::run(Instant now) {
  tick_peers(now);
  if (outbox_->stalled(now, ack_timeout)) lose_controller(hangs_until_ + std::chrono::seconds{1});
  if (now >= back_ && now >= hangs_until_) find_controller(now);
  if (now < hangs_until_) return;
  // First what the controller hears: what it is told at this moment it knows before its next message leaves.
  while (!in_.empty() && in_.front().arrives <= now) {
    const auto message = std::move(in_.front().message);
    in_.pop_front();
    handlers_.to_core({message.topic, message.payload, false, now});
  }
  while (!out_.empty() && out_.front().arrives <= now) {
    const Underway underway = std::move(out_.front());
    out_.pop_front();
    outbox_->acknowledged(underway.id);
    route(underway, now);
    pump(now);
  }
}

Instant FaultyBroker::next_wake() const {
  Instant wake = Instant::max();
  for (const auto& peer : peers_) wake = std::min(wake, peer->next_wake());
  if (!out_.empty()) wake = std::min(wake, std::max(out_.front().arrives, hangs_until_));
  if (!in_.empty()) wake = std::min(wake, std::max(in_.front().arrives, hangs_until_));
  if (back_ != Instant::max()) wake = std::min(wake, std::max(back_, hangs_until_));
  return wake;
}

}  // namespace rytme::test
