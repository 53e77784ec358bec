// SPDX-License-Identifier: Apache-2.0
// One Modbus bus under a simulated clock: the worker's own schedule, slaves that take their time, and faults:
// a dead slave, lost requests and replies, torn replies, a bus that is gone.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "controller/modbus/schedule.hpp"
#include "controller/simulator/random.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::test {

class FaultyBus {
 public:
  struct Handlers {
    std::function<void(const RegisterBlock&)> block;
    std::function<void(const WriteResult&)> written;
    // A write is about to reach its slave, and has reached it. `left`: when it was put on the bus.
    std::function<void(const RegisterWrite&, Instant left)> before, after;
    // The slave has been asked: what it does by itself it has done by now.
    std::function<void(std::uint8_t unit)> asked;
  };
  FaultyBus(BusIndex bus, bool serial, std::vector<simulator::World::Slave>& slaves, std::uint64_t seed,
            Handlers handlers);

  void start(const std::vector<RegisterRead>& polls, Instant now);  // a process begins
  void kill();
  void write(RegisterWrite write, Instant now);
  void drop_before(std::uint64_t generation);

  void cut(bool is) { cut_ = is; }
  void silence(std::uint8_t unit, bool is);
  void disturb(double share) { disturbed_ = share; }  // of the transactions
  bool reaches(std::uint8_t unit) const { return !cut_ && disturbed_ == 0 && !silent_.contains(unit); }

  void run(Instant now);
  Instant next_wake() const;

 private:
  struct Running {
    modbus::Schedule::Job job;
    BusOutcome outcome{};
    std::vector<std::uint16_t> values;
    Instant left, ends;
  };
  void begin(modbus::Schedule::Job job, Instant now);
  void end(Instant now);
  void while_cut(Instant now);
  bool ask(Running& running, Instant now);
  simulator::RegisterPeer* slave(std::uint8_t unit);
  void give_dropped();

  BusIndex bus_;
  bool serial_;
  std::vector<simulator::World::Slave>& slaves_;
  simulator::Random random_;
  Handlers handlers_;
  std::unique_ptr<modbus::Schedule> schedule_;
  std::optional<Running> running_;
  std::set<std::uint8_t> silent_;
  Instant reopen_{};
  double disturbed_{};
  bool cut_{};
  bool open_{};
};

}  // namespace rytme::test
