// SPDX-License-Identifier: Apache-2.0
// What a simulated person does in the room: rests, swings, rests. The heart and the swing of one person hold
// a plan of the same seed each, and so agree without knowing each other.
#pragma once

#include <cstdint>

#include "controller/simulator/random.hpp"

namespace rytme::simulator {

struct Bout {
  double from_s{};
  double to_s{};
  double amplitude_deg{};  // what the person swings up to; 0 = rests
};

class MovementPlan {
 public:
  explicit MovementPlan(std::uint64_t seed);

  // The bout at `t_s`, which must not go back.
  const Bout& at(double t_s);
  // How hard the body works there, 0-1.
  double effort(double t_s);

 private:
  Random random_;
  Bout bout_;
};

}  // namespace rytme::simulator
