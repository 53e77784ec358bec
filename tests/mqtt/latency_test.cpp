// SPDX-License-Identifier: Apache-2.0
// The way out and back over a real broker, beside the library used as plainly as it can be.
#include <algorithm>
#include <condition_variable>
#include <iostream>
#include <mutex>

#include <gtest/gtest.h>
#include <mosquitto.h>

#include "tests/mqtt/peer.hpp"
#include "tests/support/broker.hpp"

namespace rytme::mqtt::test {
namespace {

using namespace std::chrono_literals;
using rytme::test::Broker;

double us_since(Instant then) { return std::chrono::duration<double, std::micro>(now() - then).count(); }

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

// One bit between two threads.
class Bell {
 public:
  void ring() {
    const std::lock_guard lock(mutex_);
    rung_ = true;
    changed_.notify_all();
  }
  bool wait() {
    std::unique_lock lock(mutex_);
    const bool rung = changed_.wait_for(lock, 5s, [this] { return rung_; });
    rung_ = false;
    return rung;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool rung_{};
};

// libmosquitto with its own thread.
class Bare {
 public:
  explicit Bare(int port) : handle_(mosquitto_new("bare", true, &bell_)) {
    mosquitto_username_pw_set(handle_, "injector", "secret");
    mosquitto_int_option(handle_, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_subscribe_callback_set(
        handle_, [](mosquitto*, void* bell, int, int, const int*) { static_cast<Bell*>(bell)->ring(); });
    mosquitto_message_callback_set(
        handle_, [](mosquitto*, void* bell, const mosquitto_message*) { static_cast<Bell*>(bell)->ring(); });
    if (mosquitto_connect(handle_, "127.0.0.1", port, 60) != MOSQ_ERR_SUCCESS) return;
    mosquitto_loop_start(handle_);
    mosquitto_subscribe(handle_, nullptr, "bare", 1);
    ready_ = bell_.wait();
  }
  ~Bare() {
    mosquitto_disconnect(handle_);
    mosquitto_loop_stop(handle_, false);
    mosquitto_destroy(handle_);
  }
  Bare(const Bare&) = delete;
  Bare& operator=(const Bare&) = delete;
  bool ready() const { return ready_; }

  double echo_us() {
    const Instant sent = now();
    mosquitto_publish(handle_, nullptr, "bare", 1, "x", 1, false);
    return bell_.wait() ? us_since(sent) : 1e9;
  }

 private:
  Bell bell_;
  mosquitto* handle_;
  bool ready_{};
};

class Ours {
 public:
  explicit Ours(int port)
      : client_(options_for(port, "ours", "injector"), {"ours"},
                {.on_messages = [this] { bell_.ring(); },
                 .on_link =
                     [this](Link link, const std::string&) {
                       if (link == Link::up) bell_.ring();
                     }}) {
    client_.start();
    ready_ = bell_.wait();
  }
  bool ready() const { return ready_; }

  double echo_us() {
    const Instant sent = now();
    client_.publish(event("ours", "x"), sent);
    if (!bell_.wait()) return 1e9;
    client_.drain(messages_);
    return messages_.size() == 1 ? us_since(sent) : 1e9;
  }

 private:
  Bell bell_;
  std::vector<MqttMessage> messages_;
  bool ready_{};
  Client client_;
};

TEST(Latency, AnEchoTakesHardlyLongerThanWithTheBareLibrary) {
  Broker broker;
  Ours ours(broker.port());
  Bare bare(broker.port());
  ASSERT_TRUE(ours.ready() && bare.ready());
  std::vector<double> ours_us, bare_us;
  for (int i = 0; i < 500; ++i) {
    bare_us.push_back(bare.echo_us());
    ours_us.push_back(ours.echo_us());
  }
  const double ratio = median(ours_us) / median(bare_us);
  std::cout << "echo p50: ours " << median(ours_us) << " us, bare " << median(bare_us) << " us, ratio "
            << ratio << '\n';
  RecordProperty("ratio", std::to_string(ratio));
  EXPECT_LT(ratio, 2.0);  // about 1.1 on an idle machine; a wait for a loop's time-out would be 100 and more
}

}  // namespace
}  // namespace rytme::mqtt::test
