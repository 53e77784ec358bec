// SPDX-License-Identifier: Apache-2.0
// What can go wrong, one after another and all at once.
#include <fmt/format.h>

#include "tests/faults/life.hpp"

namespace rytme::test {

void Life::fault() {
  if (quiet_) return;
  later(random_.exponential(fault_mean_s_), [this] { fault(); });
  ++faults_;
  room_.trouble();
  switch (one_of(6)) {
    case 0:
      return broker_fault();
    case 1:
      return device_fault();
    case 2:
      return lamp_fault();
    case 3:
      return bus_fault();
    case 4:
      return sensor_fault();
    default:
      return process_fault();
  }
}

void Life::broker_fault() {
  const auto now = room_.now().steady;
  switch (one_of(3)) {
    case 0: {
      // What was handed over just before it arrives after it: not longer than a command lives.
      const double time_s = pick(0.1, 4.5);
      tell(fmt::format("the broker hangs for {:.1f} s", time_s));
      return room_.broker().hang(now + seconds(time_s), now);
    }
    case 1: {
      const double time_s = random_.exponential(8);
      tell(fmt::format("the way to the broker is gone for {:.1f} s", time_s));
      return room_.broker().lose_controller(now + seconds(time_s));
    }
    default: {
      const double time_s = random_.exponential(8);
      tell(fmt::format("the broker restarts, {:.1f} s", time_s));
      room_.broker().lose_controller(now + seconds(time_s));
      later(time_s + pick(0, 2), [this] { room_.broker().restart_devices(room_.now().steady); });
    }
  }
}

void Life::device_fault() {
  const auto peer = static_cast<LivingRoom::Peer>(one_of(LivingRoom::peers));
  if (random_.chance(0.2)) {
    tell("a long press at the wall");
    return room_.press(true);
  }
  if (random_.chance(0.2)) {
    const double time_s = random_.chance(0.3) ? pick(0.01, 0.2) : random_.exponential(5);
    tell(fmt::format("the wall stop is open for {:.2f} s", time_s));
    room_.contact(false);
    return later(time_s, [this] { room_.contact(true); });
  }
  if (peer == LivingRoom::player && random_.chance(0.3)) {
    tell("the player loses its power");
    room_.broker().silence(peer, true, room_.now().steady);
    room_.cut_player_power();
    later(pick(1, 20), [this, peer] { room_.broker().silence(peer, false, room_.now().steady); });
    return;
  }
  const double time_s = random_.exponential(15);
  tell(fmt::format("device {} is silent for {:.1f} s", static_cast<int>(peer), time_s));
  room_.broker().silence(peer, true, room_.now().steady);
  later(time_s, [this, peer] { room_.broker().silence(peer, false, room_.now().steady); });
}

void Life::lamp_fault() {
  const auto lamp = random_.chance(0.5) ? LivingRoom::ceiling : LivingRoom::floor;
  const auto& topic = std::string(lamp == LivingRoom::ceiling ? "zigbee2mqtt/ceiling" : "zigbee2mqtt/floor");
  switch (one_of(3)) {
    case 0: {
      tell("a lamp loses its power");
      room_.broker().silence(lamp, true, room_.now().steady);
      room_.cut_lamp_power(lamp, seed_ + faults_);
      later(pick(1, 30), [this, lamp] { room_.broker().silence(lamp, false, room_.now().steady); });
      return;
    }
    case 1: {
      tell("a lamp comes and goes");
      const auto times = 3 + one_of(8);
      double at_s = 0;
      for (std::size_t i = 0; i < 2 * times; ++i) {
        at_s += pick(0.05, 4);
        later(at_s, [this, lamp, away = i % 2 == 0] {
          room_.trouble();
          room_.broker().silence(lamp, away, room_.now().steady);
        });
      }
      return;
    }
    default:
      tell("a lamp talks nonsense");
      static constexpr std::array<const char*, 5> nonsense{R"({"brightness":)", R"({"brightness":"full"})",
                                                           R"({"brightness":1e300})", R"({"state":"ON"})",
                                                           ""};
      return room_.say(topic, nonsense[one_of(nonsense.size())]);
  }
}

void Life::bus_fault() {
  const auto index = one_of(LivingRoom::dimmers);
  auto& bus = room_.bus(index);
  const double time_s = random_.exponential(8);
  const auto over = [this, time_s](std::function<void()> what) {
    later(time_s, [this, what = std::move(what)] {
      room_.trouble();
      what();
    });
  };
  switch (one_of(3)) {
    case 0:
      tell(fmt::format("bus {} is gone for {:.1f} s", index, time_s));
      bus.cut(true);
      return over([&bus] { bus.cut(false); });
    case 1: {
      tell(fmt::format("the slave on bus {} is silent for {:.1f} s", index, time_s));
      const auto unit = static_cast<std::uint8_t>(41 + index);
      bus.silence(unit, true);
      return over([&bus, unit] { bus.silence(unit, false); });
    }
    default:
      tell(fmt::format("bus {} is disturbed for {:.1f} s", index, time_s));
      bus.disturb(pick(0.02, 0.8));
      return over([&bus] { bus.disturb(0); });
  }
}

void Life::sensor_fault() {
  const auto peer = random_.chance(0.5) ? LivingRoom::strap : LivingRoom::swing;
  const auto fault = static_cast<SensorFault>(1 + one_of(4));
  const double time_s = random_.exponential(60);
  tell(fmt::format("sensor {} has fault {} for {:.0f} s", static_cast<int>(peer), static_cast<int>(fault),
                   time_s));
  room_.sensor(peer).fault(fault);
  later(time_s, [this, peer] { room_.sensor(peer).fault(SensorFault::none); });
}

void Life::process_fault() {
  const auto& house = random_.chance(0.5) ? usual_ : other_;
  const auto begin_again = [this, &house] {
    if (!room_.runs()) room_.start(house);
  };
  if (random_.chance(0.3)) {
    const auto by = std::chrono::seconds{static_cast<int>(pick(-1e6, 1e6))};
    tell("the wall clock is put right");
    return room_.step_wall(by);
  }
  if (random_.chance(0.5)) {
    tell("other settings: the controller ends and begins again");
    room_.end();
    return later(pick(7.5, 12), begin_again);
  }
  tell("the controller is killed");
  room_.kill();
  later(pick(0.2, 10), begin_again);
}

void Life::end_faults() {
  plans_.clear();
  const auto now = room_.now().steady;
  for (std::size_t peer = 0; peer < LivingRoom::peers; ++peer) room_.broker().silence(peer, false, now);
  for (std::size_t i = 0; i < LivingRoom::dimmers; ++i) {
    auto& bus = room_.bus(i);
    bus.cut(false);
    bus.disturb(0);
    bus.silence(static_cast<std::uint8_t>(41 + i), false);
  }
  for (const auto peer : {LivingRoom::strap, LivingRoom::swing}) room_.sensor(peer).fault(SensorFault::none);
  room_.contact(true);
  if (!room_.runs()) room_.start(usual_);
  room_.trouble();
}

}  // namespace rytme::test
