// SPDX-License-Identifier: Apache-2.0
// The common clock of the heart and motion nodes of one room: source time runs `speed` times as fast as the
// owner's clock, and begins when every node has heard that the controller is ready, so that a replay loses
// nothing at its start and the two streams of a recording stay together. Once begun it goes on, whatever
// happens to the controller.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "controller/room/time.hpp"

namespace rytme::simulator {

class StreamClock {
 public:
  // A controller may say ready a moment before its own subscriptions stand.
  static constexpr std::chrono::milliseconds lead_in{200};

  explicit StreamClock(double speed) : speed_(speed) {}

  // Before the start: one more node will take part.
  void expect_node() { ++missing_; }
  // A node that was expected is there; to be said once per node.
  void node_ready(Instant now);
  // When a frame that is complete at source time `t_us` goes out; Instant::max() before the start.
  Instant due(std::int64_t t_us) const;

 private:
  double speed_;
  int missing_{};
  std::optional<Instant> start_;
};

}  // namespace rytme::simulator
