// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/stream_clock.hpp"

namespace rytme::simulator {

void StreamClock::node_ready(Instant now) {
  if (--missing_ == 0) start_ = now + lead_in;
}

Instant StreamClock::due(std::int64_t t_us) const {
  if (!start_) return Instant::max();
  return *start_ + seconds(static_cast<double>(t_us) * 1e-6 / speed_);
}

}  // namespace rytme::simulator
