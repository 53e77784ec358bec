// SPDX-License-Identifier: Apache-2.0
// Looks on the broker for devices that announce themselves, when it is asked to and for a few seconds, with a
// connection of its own: the room's is not kept busy by it. Logic thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "controller/discovery/listener.hpp"
#include "controller/mqtt/client.hpp"
#include "controller/settings/house.hpp"

namespace rytme::app {

class BrokerSearch {
 public:
  // Runs a job where one may wait; false: not taken.
  using Elsewhere = std::function<bool(std::function<void()>)>;

  // `house` must outlive this.
  BrokerSearch(boost::asio::io_context& io, const settings::House& house, Elsewhere elsewhere);

  // False: it listens already.
  bool start();
  // JSON: whether it listens, and what was found, each with its block of room.toml.
  std::string text() const;

 private:
  void drain();
  void end();

  boost::asio::io_context& io_;
  const settings::House& house_;
  Elsewhere elsewhere_;
  boost::asio::steady_timer timer_;
  discovery::Listener listener_;
  std::shared_ptr<mqtt::Client> client_;  // while it listens
  std::string trouble_;                   // why nothing was heard; "" = nothing amiss
  bool ran_{};
  std::vector<MqttMessage> messages_;
};

// Which of the room's devices an offer is already; "" = none.
std::string known_as(const settings::House& house, const discovery::Offer& offer);

}  // namespace rytme::app
