// SPDX-License-Identifier: Apache-2.0
// Brokers that do what mosquitto with these settings never does: refuse a subscription, or say nothing at
// all.
#include <stdexcept>
#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/mqtt/peer.hpp"

namespace rytme::mqtt::test {
namespace {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

// Accepts one connection at a time, answers CONNECT and SUBSCRIBE with MQTT 5 packets; `suback` is the reason
// code.
class ScriptedBroker {
 public:
  explicit ScriptedBroker(std::uint8_t suback) : suback_(suback) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof(address);
    if (bind(listener_, reinterpret_cast<sockaddr*>(&address), length) != 0)
      throw std::runtime_error("no port");
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    listen(listener_, 1);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { serve(); });
  }
  ~ScriptedBroker() {
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  ScriptedBroker(const ScriptedBroker&) = delete;
  ScriptedBroker& operator=(const ScriptedBroker&) = delete;
  int port() const { return port_; }

 private:
  static Bytes read_packet(int fd) {
    Bytes packet(2);
    if (recv(fd, packet.data(), 2, MSG_WAITALL) != 2) return {};
    packet.resize(2u + packet[1]);  // all of this test are shorter than 128 bytes
    const std::size_t rest = packet.size() - 2;
    if (rest > 0 && recv(fd, packet.data() + 2, rest, MSG_WAITALL) != static_cast<ssize_t>(rest)) return {};
    return packet;
  }

  void answer(int fd, const Bytes& packet) const {
    Bytes reply;
    if ((packet[0] & 0xF0) == 0x10) reply = {0x20, 3, 0, 0, 0};
    if ((packet[0] & 0xF0) == 0x80) reply = {0x90, 4, packet[2], packet[3], 0, suback_};
    if (!reply.empty()) send(fd, reply.data(), reply.size(), MSG_NOSIGNAL);
  }

  void serve() {
    for (int fd = accept(listener_, nullptr, nullptr); fd >= 0; fd = accept(listener_, nullptr, nullptr)) {
      for (Bytes packet = read_packet(fd); !packet.empty(); packet = read_packet(fd)) answer(fd, packet);
      close(fd);
    }
  }

  int listener_{socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  int port_{};
  std::uint8_t suback_;
  std::thread thread_;
};

TEST(Subscription, ARefusedOneIsCountedAndTold) {
  ScriptedBroker broker(0x87);
  Peer room(options_for(broker.port(), "room"), {"private/#"});
  ASSERT_TRUE(room.wait_for(Link::up));
  EXPECT_EQ(room.client().counters().subscribe_failures, 1u);
  EXPECT_THAT(room.told().back().second, testing::HasSubstr("private/#"));
  room.client().stop();
}

TEST(Subscription, AGrantedOneIsNot) {
  ScriptedBroker broker(0x01);
  Peer room(options_for(broker.port(), "room"), {"private/#"});
  ASSERT_TRUE(room.wait_for(Link::up));
  EXPECT_EQ(room.client().counters().subscribe_failures, 0u);
  EXPECT_THAT(room.told().back().second, testing::Not(testing::HasSubstr("private/#")));
  room.client().stop();
}

TEST(Subscription, AFilterThatMqttDoesNotKnowIsRefusedToo) {
  ScriptedBroker broker(0x01);
  Peer room(options_for(broker.port(), "room"), {"a/#/b", "good"});
  ASSERT_TRUE(room.wait_for(Link::up));
  EXPECT_EQ(room.client().counters().subscribe_failures, 1u);
  room.client().stop();
}

// A publish with QoS 1 that is never acknowledged: the link is given up, the command is not repeated.
TEST(Acknowledgement, OneThatNeverComesEndsTheLink) {
  ScriptedBroker broker(0x01);
  Options options = options_for(broker.port(), "room");
  options.ack_timeout = 150ms;
  Peer room(options, {"x"});
  ASSERT_TRUE(room.wait_for(Link::up));
  ASSERT_TRUE(room.client().publish(command("lamp/set", "on"), now()));
  ASSERT_TRUE(room.wait_for(Link::down));
  ASSERT_TRUE(room.wait_for(Link::up));
  EXPECT_EQ(room.client().counters().published, 1u);
  EXPECT_EQ(room.client().counters().dropped_out, 1u);
  EXPECT_EQ(room.client().counters().losses, 1u);
  room.client().stop();
}

}  // namespace
}  // namespace rytme::mqtt::test
