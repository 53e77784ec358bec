// SPDX-License-Identifier: Apache-2.0
// A client under test with what it has told, and waiting for it.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "controller/mqtt/client.hpp"

namespace rytme::mqtt::test {

// Options for a user of the test broker; short back-off, so that tests are quick.
Options options_for(int port, std::string client_id, std::string user = "rytme");

class Peer {
 public:
  explicit Peer(Options options, std::vector<MqttSubscription> subscriptions = {});

  Client& client() { return client_; }
  // False: not within `limit`.
  bool wait_for(Link link, std::chrono::milliseconds limit = std::chrono::seconds{5});
  // The first message on the topic that has not been waited for; payload "<none>" when none comes.
  MqttMessage wait_message(const std::string& topic,
                           std::chrono::milliseconds limit = std::chrono::seconds{5});
  std::vector<MqttMessage> seen();  // all messages so far
  // Takes nothing meanwhile.
  void wait_until_received(std::uint64_t count, std::chrono::milliseconds limit = std::chrono::seconds{30});
  std::vector<std::pair<Link, std::string>> told();

 private:
  void take();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<Link, std::string>> told_;
  bool news_{};
  std::vector<MqttMessage> seen_;
  std::vector<bool> used_;
  Client client_;  // last: its thread uses all of the above
};

MqttPublish event(std::string topic, std::string payload);
MqttPublish command(std::string topic, std::string payload, std::uint64_t generation = 1);
MqttPublish retained(std::string topic, std::string payload);
Instant now();

}  // namespace rytme::mqtt::test
