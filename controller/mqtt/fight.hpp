// SPDX-License-Identifier: Apache-2.0
// Whether another client with our id throws us out each time, as we do it. Mosquitto 2.0.11 means to say
// "session taken over", but closes before it is sent. What can be seen: a living broker closes soon after
// every connect, and is there for the next one at once; a broker that restarts refuses a connect in between.
// Pure.
#pragma once

#include <chrono>
#include <optional>

#include "controller/mqtt/backoff.hpp"

namespace rytme::mqtt {

class Fight {
 public:
  using milliseconds = std::chrono::milliseconds;
  // How long to stay away, at first and at last: twice as long each time, so that two who fight come to rest.
  Fight(milliseconds first, milliseconds last) : backoff_(first, last) {}

  // A connection has ended. `lived`: how long it was up, nullopt when it never was. `thrown_out`: by a broker
  // that lives. Returns how long to stay away when it is a fight, else nothing.
  std::optional<milliseconds> ended(bool thrown_out, std::optional<milliseconds> lived);

 private:
  Backoff backoff_;
  milliseconds away_{};  // last time
  int short_lives_{};    // in a row
};

}  // namespace rytme::mqtt
