// SPDX-License-Identifier: Apache-2.0
// What tests of `rytme-player serve` have in common: a broker, somebody who asks, and ears.
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "tests/mqtt/peer.hpp"
#include "tests/player_app/player_process.hpp"
#include "tests/support/broker.hpp"

namespace rytme::player_app {

inline const std::string node = "homie/5/player1/";

inline double loudest(const std::vector<float>& sound) {
  double out = 0;
  for (const float sample : sound) out = std::max(out, std::abs(double{sample}));
  return out;
}

// True when it became so within 10 s, looked at every 2 ms: what a file holds tells nobody of its growth.
template <typename So>
bool becomes(So so) {
  const auto until = mqtt::test::now() + std::chrono::seconds{10};
  while (mqtt::test::now() < until) {
    if (so()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return false;
}

class ServeTest : public testing::Test {
 protected:
  ServeTest() {
    broker.start();
    EXPECT_TRUE(room.wait_for(mqtt::Link::up));
  }
  void say(const std::string& property, const std::string& value) {
    room.client().publish(mqtt::test::event(node + "player/" + property + "/set", value), mqtt::test::now());
  }
  // Waits until the player tells this value.
  bool tells(const std::string& property, const std::string& value) {
    for (;;) {
      const auto told = room.wait_message(node + "player/" + property, std::chrono::seconds{20}).payload;
      if (told == value || told == "<none>") return told == value;
    }
  }

  test::Broker broker;
  Folder folder;
  mqtt::test::Peer room{mqtt::test::options_for(broker.port(), "room", "injector"), {"homie/5/player1/#"}};
};

}  // namespace rytme::player_app
