// SPDX-License-Identifier: Apache-2.0
// What may still go to the broker, and when. Pure: the owner passes the time and does the sending.
//
// Only a few messages are in flight (handed to the library and not acknowledged): a broker that hangs holds
// at most these, and what waits behind them can still expire, be dropped by a stop, or be dropped when the
// link is lost. Commands (generation != 0) never survive a loss of the link; retained values do, the latest
// of each topic.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/room/wire.hpp"

namespace rytme::mqtt {

class Outbox {
 public:
  // Expired, dropped and superseded messages are in exactly one of these.
  struct Counters {
    std::uint64_t sent{}, dropped{}, expired{}, superseded{};
  };

  // limit: messages that wait, and topics kept while down. window: messages in flight.
  Outbox(std::size_t limit, std::size_t window) : limit_(limit), window_(window) {}

  // False: dropped at once.
  bool offer(const MqttPublish& message, Instant now);
  void drop_before(std::uint64_t generation);

  // The broker has accepted us: these go first. Not yet up: what is offered is treated as while down.
  void connected(const std::vector<MqttPublish>& first);
  void up();
  void lost();

  // The next one to hand to the library; nullopt when there is none or the window is full. It is followed by
  // sent() or put_back().
  std::optional<MqttPublish> next(Instant now);
  void sent(int id, MqttPublish message, Instant now);
  void put_back(MqttPublish message);
  void acknowledged(int id);

  // The oldest message in flight waits longer than `limit`.
  bool stalled(Instant now, std::chrono::milliseconds limit) const;
  bool idle() const { return waiting_.empty() && in_flight_.empty(); }
  const Counters& counters() const { return counters_; }

 private:
  struct InFlight {
    int id;
    MqttPublish message;
    Instant since;
  };
  bool outdated(const MqttPublish& message) const;
  bool keep(const MqttPublish& message);
  void save(MqttPublish&& message);

  std::size_t limit_;
  std::size_t window_;
  bool up_{};
  std::uint64_t generation_{};  // of the last stop
  std::deque<MqttPublish> waiting_;
  std::deque<InFlight> in_flight_;
  std::map<std::string, MqttPublish> kept_;  // while down, by topic
  Counters counters_;
};

}  // namespace rytme::mqtt
