// SPDX-License-Identifier: Apache-2.0
// The test of one light while the room is idle: 0.2 of linear light there in 4 s, and back, each end read
// back. Says what is to be aimed at and how it went; the last stage does the rest, as always. Pure; logic
// thread.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "controller/room/reading.hpp"
#include "controller/room/time.hpp"

namespace rytme::app {

class DeviceFade {
 public:
  // not_there: a light did not say that it had come to an end of the way. abandoned: somebody else wanted the
  // room.
  enum class State : std::uint8_t { none, running, ok, not_there, abandoned };
  struct End {
    double aim{};                // linear light
    std::optional<double> read;  // last heard on the way there; nullopt: nothing
    bool there{};
  };
  static constexpr double glide_s = 4;

  // `from`: where it is now, linear light. `tolerance`: of what it says, linear light.
  void begin(DeviceIndex device, double from, double tolerance, Instant now);
  // What is to be aimed at from now on; nullopt: nothing new.
  std::optional<double> due(Instant now);
  void observed(DeviceIndex device, double linear);
  void abandon();

  Instant next_wake() const;
  State state() const { return state_; }
  DeviceIndex device() const { return device_; }
  // There, and back again.
  const std::array<End, 2>& ends() const { return ends_; }

 private:
  State state_{State::none};
  DeviceIndex device_{};
  double tolerance_{};
  std::array<End, 2> ends_{};
  std::size_t leg_{};
  bool aimed_{};
  Instant began_{};  // this leg
};
std::string_view name_of(DeviceFade::State state);

}  // namespace rytme::app
