// SPDX-License-Identifier: Apache-2.0
// A busy broker while nobody takes what has come: the socket is emptied all the same, streams are complete up
// to the limit and in order, what is lost is counted, and of a state the newest is there.
#include <algorithm>
#include <iostream>

#include <gmock/gmock.h>
#include <mosquitto.h>

#include "tests/mqtt/peer.hpp"
#include "tests/support/broker.hpp"

namespace rytme::mqtt::test {
namespace {

using namespace std::chrono_literals;
using rytme::test::Broker;

constexpr int stream_messages = 80'000;
constexpr int per_state = 10;  // every so many of the stream one of the lamp

// The library as it is, because our own client holds back what it cannot send at once.
class Flood {
 public:
  explicit Flood(int port) : handle_(mosquitto_new("flood", true, nullptr)) {
    mosquitto_username_pw_set(handle_, "injector", "secret");
    connected_ = mosquitto_connect(handle_, "127.0.0.1", port, 60) == MOSQ_ERR_SUCCESS;
    if (connected_) mosquitto_loop_start(handle_);
  }
  ~Flood() {
    mosquitto_disconnect(handle_);
    if (connected_) mosquitto_loop_stop(handle_, false);
    mosquitto_destroy(handle_);
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

  void say(const char* topic, int number) {
    const std::string text = std::to_string(number);
    mosquitto_publish(handle_, nullptr, topic, static_cast<int>(text.size()), text.c_str(), 0, false);
  }
  void run() {
    for (int i = 0; i < stream_messages; ++i) {
      say("stream", i);
      if (i % per_state == 0) say("lamp", i);
    }
  }

 private:
  mosquitto* handle_;
  bool connected_{};
};

struct Heard {
  std::vector<int> stream, lamp;
  Counters counters;
};

// Nothing is taken until all has come.
Heard hear_the_flood(std::size_t limit) {
  Heard heard;
  Broker broker;
  Options options = options_for(broker.port(), "room");
  options.inbound_limit = limit;
  Peer room(options, {"stream", {"lamp", true}});
  EXPECT_TRUE(room.wait_for(Link::up));
  Flood flood(broker.port());
  const Instant began = now();
  flood.run();
  constexpr auto all = static_cast<std::uint64_t>(stream_messages + stream_messages / per_state);
  room.wait_until_received(all);
  std::cout << all << " messages in " << std::chrono::duration<double>(now() - began).count() << " s\n";
  for (const auto& message : room.seen())
    (message.topic == "lamp" ? heard.lamp : heard.stream).push_back(std::stoi(message.payload));
  heard.counters = room.client().counters();
  EXPECT_EQ(heard.counters.received, all);
  return heard;
}

TEST(Flood, NothingOfAStreamIsLostWithinTheLimit) {
  const Heard heard = hear_the_flood(stream_messages + 1);
  ASSERT_EQ(heard.stream.size(), static_cast<std::size_t>(stream_messages));
  for (int i = 0; i < stream_messages; ++i) ASSERT_EQ(heard.stream[static_cast<std::size_t>(i)], i);
  EXPECT_EQ(heard.lamp, std::vector<int>{stream_messages - per_state});
  EXPECT_EQ(heard.counters.dropped_in, 0u);
  EXPECT_EQ(heard.counters.superseded_in, static_cast<std::uint64_t>(stream_messages / per_state - 1));
}

TEST(Flood, BeyondTheLimitTheOldestGoAndAreCounted) {
  constexpr std::size_t limit = 20'000;
  const Heard heard = hear_the_flood(limit);
  EXPECT_EQ(heard.stream.size() + heard.lamp.size(), limit);
  EXPECT_TRUE(std::is_sorted(heard.stream.begin(), heard.stream.end()));
  EXPECT_EQ(heard.stream.back(), stream_messages - 1);
  EXPECT_EQ(heard.lamp, std::vector<int>{stream_messages - per_state});
  EXPECT_EQ(heard.counters.received, limit + heard.counters.dropped_in + heard.counters.superseded_in);
}

}  // namespace
}  // namespace rytme::mqtt::test
