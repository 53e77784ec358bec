// SPDX-License-Identifier: Apache-2.0
// The fail-safe ladder of design §6: one const table, one pure function; the most severe answer wins.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "controller/room/response.hpp"
#include "controller/room/time.hpp"

namespace rytme::safety {

enum class Fault : std::uint8_t {
  heart_unknown,   // late, implausible, or too unsure to be followed
  motion_unknown,  // late or stuck
  sensors_lost,    // all of them
  broker_down,     // and what is behind it
  bus_down,
  device_down,    // an output
  lamp_flapping,  // announces itself again and again
  two_hands,      // two tablets within a second
  clock_wrong,    // the wall clock has jumped
  restarted,      // in the middle of a session
  crash_loop,
  controller_silent,  // killed or hung: by the device's own watchdog
  count_
};

struct Step {
  std::chrono::seconds after{};  // since the fault began
  Response response{};
};

struct Rung {
  Fault fault{};
  std::string_view name;              // "heart_unknown"
  Step first, then;                   // then.after 0: there is only the first
  std::string_view says_nb, says_en;  // the fault in people's words
  std::string_view does_nb, does_en;  // what they will see, one or two sentences
};

// In the order of Fault.
std::span<const Rung> ladder();

struct Active {
  Fault fault{};
  Instant since{};
};

struct Verdict {
  Response response{Response::none};
  std::optional<Fault> cause;       // of the most severe; the first one of equals
  Instant changes{Instant::max()};  // when a step that is not reached yet is due
};

Verdict judge(std::span<const Active> faults, Instant now);

}  // namespace rytme::safety
