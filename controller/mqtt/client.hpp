// SPDX-License-Identifier: Apache-2.0
// One connection to the broker: a thread round mosquitto_loop that reconnects with back-off, resubscribes on
// every connect, checks the SUBACK, and drains the socket into a bounded queue without ever waiting for
// anybody. MQTT 5. A broker that acknowledges nothing for `ack_timeout` counts as lost; what it holds by then
// is bounded by a small window and, where it can still tell, by the messages' own expiry. Thread:
// start/stop/publish/drain/subscribe from the owner's thread; callbacks come on the client's own thread and
// must only post.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/room/wire.hpp"

namespace rytme::mqtt {

// Files in PEM. The broker has to prove by `ca` that it is `host`. `certificate` and `key`: our own proof, ""
// without.
struct Tls {
  std::string ca, certificate, key;
};

struct Options {
  std::string host{"127.0.0.1"};
  int port{1883};
  std::string client_id;  // unique and stable
  std::string user;
  std::string password;
  std::optional<Tls> tls;
  std::chrono::seconds keep_alive{10};  // the library takes no less than 5
  std::chrono::milliseconds ack_timeout{3000};
  std::chrono::milliseconds backoff_min{100};
  std::chrono::milliseconds backoff_max{1500};  // reconnect within 2 s of the broker's return
  std::size_t inbound_limit{20000};             // messages; beyond it the oldest are dropped and counted
  std::size_t outbound_limit{1000};             // while connected; while down nothing with an expiry is kept
  std::vector<MqttPublish>
      on_connect;  // published at every connect, before anything else ($state ready, ...)
  std::optional<MqttPublish> will;
  std::vector<MqttPublish> farewell;  // published and flushed by stop() before the clean disconnect
};

enum class Link : std::uint8_t {
  down,
  up,
  refused
};  // refused: wrong password, not authorised, no trust between us and the broker, taken over repeatedly

struct Counters {
  std::uint64_t received{}, published{}, dropped_in{}, dropped_out{}, expired{}, superseded{}, connects{},
      losses{}, subscribe_failures{},
      refused_out{},    // publishes that the broker's access list does not allow
      superseded_in{},  // states that a newer one replaced before anybody read them
      attempts{};       // to connect; connects: those that the broker accepted
};

class Client {
 public:
  struct Handlers {
    std::function<void()> on_messages;  // the queue was empty and is not any more: post a drain()
    std::function<void(Link, std::string reason)> on_link;  // every change; `up` after the SUBACKs have come
  };
  Client(Options options, std::vector<MqttSubscription> subscriptions, Handlers handlers);
  ~Client();  // as stop()
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Returns at once; a broker that is not there yet is tried again like a lost one.
  void start();
  // Farewell, disconnect, join; at most 1 s.
  void stop();

  // Takes everything received since the last call, in order; of a state (latest_wins) only the newest. `out`
  // is cleared first.
  // At most so many, the oldest first. True when more wait: come again, nobody is told of those.
  bool drain(std::vector<MqttMessage>& out, std::size_t most = SIZE_MAX);

  // Sends now. A message that has expired, or whose generation is older than the last drop_before(), or any
  // command (generation != 0) while the link is down, is dropped and counted: nothing stale is ever carried
  // out. Non-command messages while down are kept only if retained (latest per topic) and sent at reconnect.
  // Returns false when it was dropped. `now` is the caller's clock, a steady one.
  bool publish(const MqttPublish& message, Instant now);
  // After a stop: every queued command with a smaller generation is dropped.
  void drop_before(std::uint64_t generation);

  Counters counters() const;
  Link link() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rytme::mqtt
