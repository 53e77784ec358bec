// SPDX-License-Identifier: Apache-2.0
// One life of a room: people who press at random, and faults, all from one seed, so that it repeats exactly.
// Now and then the faults end for a while, and the room has to answer as if there had been none.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "controller/settings/house.hpp"
#include "controller/simulator/random.hpp"
#include "tests/faults/living_room.hpp"

namespace rytme::test {

struct Breach {
  std::string judge, what;
  std::uint64_t step{};
  double at_s{};  // of the life
};

class Life {
 public:
  // Two houses with the same devices: the settings are changed in mid-life. Both must outlive it.
  // `told_from`: from this step on what happens is printed.
  Life(const settings::House& usual, const settings::House& other, std::uint64_t seed,
       std::uint64_t told_from);

  // Stops at the first breach.
  void live(double hours);

  const std::vector<Breach>& breaches() const { return breaches_; }
  const LivingRoom& room() const { return room_; }
  std::uint64_t faults() const { return faults_; }

 private:
  struct Pending {
    Request what;
    std::string origin;
    Instant expires;
  };
  double pick(double low, double high) { return random_.uniform(low, high); }
  std::size_t one_of(std::size_t count) {
    return static_cast<std::size_t>(pick(0, static_cast<double>(count)));
  }
  double seconds_since_birth() const { return seconds_between(birth_, room_.now().steady); }
  void tell(const std::string& what) const;
  void later(double in_s, std::function<void()> what);
  void run_for(double time_s);

  // life_people.cpp
  void press(int tablet);
  Request request();
  double value();
  // life_faults.cpp
  void fault();
  void broker_fault();
  void device_fault();
  void lamp_fault();
  void bus_fault();
  void sensor_fault();
  void process_fault();
  void end_faults();
  // Without faults: start, stop and ready again are answered within seconds, and done.
  void expect_answers();
  void expect(bool holds, const std::string& what);

  std::uint64_t seed_, told_from_;
  simulator::Random random_;
  const settings::House& usual_;
  const settings::House& other_;
  std::vector<Breach> breaches_;
  LivingRoom room_;
  Instant birth_;
  std::multimap<Instant, std::function<void()>> plans_;
  bool quiet_{};  // nobody presses, no new faults
  std::uint64_t faults_{};
  double press_mean_s_{}, fault_mean_s_{};
};

}  // namespace rytme::test
