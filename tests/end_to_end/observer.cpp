// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/observer.hpp"

#include <stdexcept>

namespace rytme::test {

double steady_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Observer::Observer(const std::string& host, int port, const std::string& user, const std::string& password,
                   const std::vector<std::string>& filters)
    : client_((mosquitto_lib_init(), mosquitto_new(nullptr, true, this))), unanswered_(filters.size()) {
  mosquitto_int_option(client_, MOSQ_OPT_TCP_NODELAY, 1);
  mosquitto_username_pw_set(client_, user.c_str(), password.c_str());
  mosquitto_message_callback_set(client_, &Observer::on_message);
  mosquitto_subscribe_callback_set(client_, [](mosquitto*, void* self, int, int, const int*) {
    --static_cast<Observer*>(self)->unanswered_;
  });
  if (mosquitto_connect(client_, host.c_str(), port, 30) != MOSQ_ERR_SUCCESS)
    throw std::runtime_error("observer cannot reach the broker");
  for (const auto& filter : filters) mosquitto_subscribe(client_, nullptr, filter.c_str(), 1);
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  while (unanswered_ > 0 && std::chrono::steady_clock::now() < until) turn();
  if (unanswered_ > 0) throw std::runtime_error("observer was not subscribed");
}

Observer::~Observer() {
  mosquitto_disconnect(client_);
  mosquitto_destroy(client_);
}

void Observer::on_message(mosquitto*, void* self, const mosquitto_message* message) {
  auto& seen = static_cast<Observer*>(self)->seen;
  seen.push_back({message->topic,
                  {static_cast<const char*>(message->payload), static_cast<std::size_t>(message->payloadlen)},
                  message->retain,
                  steady_seconds()});
}

void Observer::publish(const std::string& topic, const std::string& payload, int qos, bool retain) {
  mosquitto_publish(client_, nullptr, topic.c_str(), static_cast<int>(payload.size()), payload.data(), qos,
                    retain);
  turn();
}

void Observer::turn() {
  if (mosquitto_loop(client_, 5, 1) != MOSQ_ERR_SUCCESS) mosquitto_reconnect(client_);
}

void Observer::listen(std::chrono::milliseconds time) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) turn();
}

bool Observer::wait(std::chrono::milliseconds limit, const std::function<bool(const Seen&)>& wanted,
                    std::size_t from) {
  const auto until = std::chrono::steady_clock::now() + limit;
  for (std::size_t i = from;;) {
    for (; i < seen.size(); ++i)
      if (wanted(seen[i])) return true;
    if (std::chrono::steady_clock::now() >= until) return false;
    turn();
  }
}

}  // namespace rytme::test
