// SPDX-License-Identifier: Apache-2.0
// One connection to the broker, from connect to loss, round one fresh libmosquitto handle. A handle is never
// used for a second connection: libmosquitto 2.0.11 keeps unacknowledged QoS 1 messages in the handle and
// sends them again after a reconnect, even with a clean session, so old commands would come back. MQTT 5: the
// broker says whether a publish was allowed, and drops what it could not deliver before the message's expiry.
//
// A publish goes to the socket on the thread that asks for it, without waking the client's thread: the way
// from a button to a lamp is one wake-up shorter. So once the broker has accepted us, the client's thread
// waits for the socket itself and enters the library, which is in its single-threaded mode, only with the
// lock that publish takes too. Thread: publish and wake from any thread once accepted, all else from the
// client's thread.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "controller/mqtt/client.hpp"

struct mosquitto;
struct mosquitto_message;

namespace rytme::mqtt {

class Connection {
 public:
  struct Answer {
    int id{};
    int code{};  // >= 128: refused
  };
  // What the library's callbacks have said during loop(); read between two calls of it.
  struct Events {
    std::optional<int> connected;  // CONNACK reason, 0 = accepted
    std::optional<int> closed;     // reason >= 128 from the broker, else a libmosquitto error
    std::vector<Answer> subscribed;
    std::vector<Answer> published;
  };

  Connection(const Options& options, std::function<void(MqttMessage&&)> on_message);
  ~Connection();  // without a disconnect() before it, the broker publishes the will
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // These return 0 or a libmosquitto error.
  int open();
  int loop(std::chrono::milliseconds timeout);
  void wake();  // loop() returns at once
  int publish(const MqttPublish& message, Instant now, int& id);
  int subscribe(const MqttSubscription& subscription, int& id);
  int disconnect();

  Events take_events();

  // Before the broker has accepted us: why one of the two does not trust the other, in words for the one who
  // made the certificates; "" when it is not that.
  std::string mistrust() const;
  // What the TLS library has said meanwhile.
  const std::string& tls_errors() const { return tls_errors_; }

 private:
  struct Callbacks;
  int work(int socket_events);
  int prove_and_verify(const Tls& tls);
  const Options& options_;
  std::function<void(MqttMessage&&)> on_message_;
  std::unique_ptr<mosquitto, void (*)(mosquitto*)> handle_;
  int wake_;          // eventfd
  bool accepted_{};   // client's thread only
  std::mutex mutex_;  // guards the library and all below
  Events events_;
  std::string tls_errors_;  // the library's own words, until the broker has accepted us
};

// Reads well in a log; `code` as in Events.
std::string reason_text(int code);

}  // namespace rytme::mqtt
