// SPDX-License-Identifier: Apache-2.0
// The whole core with devices of the test's choice that say only what the test lets them say, under a clock
// that jumps from one waking to the next.
#pragma once

#include <string>
#include <vector>

#include <boost/json.hpp>

#include "controller/app/core.hpp"
#include "tests/support/folder.hpp"

namespace rytme::test {

class FaultRoom {
 public:
  // `tables`: [[device]] tables, or what else stands in a room.toml after [room].
  explicit FaultRoom(const std::string& tables);

  Answer ask(Request request);
  void hear(const std::string& topic, const std::string& payload, bool retained = false);
  void hear(const RegisterBlock& block);
  void run(double seconds);
  void run_to(Instant when) { run(seconds_between(now_.steady, when)); }

  Now now() const { return now_; }
  RoomState state() const { return core_.state(now_.steady); }
  app::Core& core() { return core_; }
  const settings::House& house() const { return house_; }

  struct Sent {
    Instant at;
    MqttPublish message;
  };
  std::vector<Sent> sent(const std::string& topic) const;
  std::size_t events(const std::string& kind) const;
  // Values of the journal, NaN for unknown.
  std::vector<double> values(Capability capability) const;
  std::size_t confirmed() const;
  bool ever_retained() const;

 private:
  void keep();

  Folder folder_;
  settings::House house_;
  app::Core core_;
  app::Effects effects_;
  Now now_{Instant{} + std::chrono::hours{1}, WallTime{std::chrono::seconds{1800000000}}};
  std::vector<Sent> sent_;
  std::vector<JournalEntry> entries_;
};

// A fault of the reference data by its id.
boost::json::object shared_fault(const std::string& id);

}  // namespace rytme::test
