// SPDX-License-Identifier: Apache-2.0
// Judges the light one lamp gives, as it would be seen: sampled from the modelled lamp, its own fade
// included. It knows nothing of how the controller limits it.
#pragma once

#include <functional>
#include <string>

#include "controller/room/light_curve.hpp"
#include "controller/room/time.hpp"
#include "tests/faults/breach.hpp"
#include "tests/support/flash_analyser.hpp"

namespace rytme::test {

class LampJudge {
 public:
  struct Lamp {
    std::string name;
    LightCurve curve{};
    double grain{};  // its smallest step, own scale
    bool steps{};    // it does not fade by itself
    // The modelled lamp's own scale 0-1, for any instant since the last command.
    std::function<double(Instant)> level_at;
  };
  LampJudge(Lamp lamp, Report report);

  // Around whatever reaches the lamp. `of_stop`: a stop's own ramp may be steeper.
  void before_command(Instant now);
  void after_command(Instant now, bool of_stop);
  // Its light changed by itself (power, a hand at the switch): what was seen before is not ours to answer
  // for.
  void own_change(Instant now);

  double linear_at(Instant now) const;
  // Everything seen so far; called by itself now and then.
  void judge();

 private:
  void catch_up(Instant now);
  void add(Instant at);

  Lamp lamp_;
  Report report_;
  LightTrace trace_;
  Instant sampled_{};
  Instant stop_until_{};
  Instant judged_{};
  bool moving_{};
  bool stop_seen_{};  // in the trace
};

}  // namespace rytme::test
