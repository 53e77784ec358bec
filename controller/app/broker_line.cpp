// SPDX-License-Identifier: Apache-2.0
#include "controller/app/broker_line.hpp"

#include <iterator>
#include <stdexcept>
#include <thread>
#include <utility>

#include "controller/app/clock.hpp"

namespace rytme::app {
namespace {
constexpr std::chrono::milliseconds pause{10};
constexpr std::chrono::seconds patience{5};
}  // namespace

mqtt::Options broker_options(const settings::House& house, const std::string& name) {
  mqtt::Options options;
  options.host = house.broker.host;
  options.port = house.broker.port;
  options.client_id = "rytme-" + house.room.id + (name.empty() ? "" : "-" + name);
  options.user = house.broker.user;
  options.password = house.broker.password;
  if (const auto& tls = house.broker.tls) options.tls = mqtt::Tls{tls->ca, tls->certificate, tls->key};
  return options;
}

BrokerLine::BrokerLine(const settings::House& house, const std::string& name,
                       std::vector<MqttSubscription> subscriptions)
    : client_(broker_options(house, name), std::move(subscriptions), mqtt::Client::Handlers{}) {
  client_.start();
  for (const auto limit = now().steady + patience; client_.link() != mqtt::Link::up;) {
    if (now().steady > limit)
      throw std::runtime_error("the broker is not reached at " + house.broker.host + ":" +
                               std::to_string(house.broker.port));
    std::this_thread::sleep_for(pause);
  }
}

void BrokerLine::say(const MqttPublish& message) { client_.publish(message, now().steady); }

std::optional<MqttMessage> BrokerLine::hear(std::chrono::milliseconds limit) {
  for (const auto until = now().steady + limit; heard_.empty();) {
    std::vector<MqttMessage> fresh;
    client_.drain(fresh);
    std::move(fresh.begin(), fresh.end(), std::back_inserter(heard_));
    if (!heard_.empty()) break;
    if (now().steady >= until) return std::nullopt;
    std::this_thread::sleep_for(pause);
  }
  MqttMessage first = std::move(heard_.front());
  heard_.pop_front();
  return first;
}

void BrokerLine::drain(std::vector<MqttMessage>& out) { client_.drain(out); }

}  // namespace rytme::app
