// SPDX-License-Identifier: Apache-2.0
// A client of libmosquitto's own on the broker: sees everything, may say what a device may. Runs in the
// test's thread.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include <mosquitto.h>

namespace rytme::test {

struct Seen {
  std::string topic;
  std::string payload;
  bool retained{};
  double t_s{};  // steady seconds
};

class Observer {
 public:
  Observer(const std::string& host, int port, const std::string& user, const std::string& password,
           const std::vector<std::string>& filters = {"#"});
  ~Observer();
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;

  void publish(const std::string& topic, const std::string& payload, int qos = 1, bool retain = false);
  // Until the condition holds for a message, or the time is over; looks also at what has been seen since
  // `from`.
  bool wait(std::chrono::milliseconds limit, const std::function<bool(const Seen&)>& wanted,
            std::size_t from = 0);
  // Lets messages come in for this long.
  void listen(std::chrono::milliseconds time);

  std::vector<Seen> seen;

 private:
  static void on_message(mosquitto*, void* self, const mosquitto_message* message);
  void turn();

  mosquitto* client_;
  std::size_t unanswered_{};  // subscriptions
};

double steady_seconds();

}  // namespace rytme::test
