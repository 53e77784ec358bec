// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/stream_order.hpp"

namespace rytme::signals {

namespace {

// At one frame a second, more than a day. Without it one corrupt seq would refuse everything after it.
constexpr std::uint64_t far = 100'000;

}  // namespace

StreamOrder::Place StreamOrder::add(const StreamStamp& stamp) {
  lost_ = 0;
  const bool forward = stamp.seq > seq_;
  const std::uint64_t distance = forward ? stamp.seq - seq_ : seq_ - stamp.seq;
  const bool first = !begun_;
  const bool restarted = !first && (stamp.boot != boot_ || distance > far);
  if (!first && !restarted && !forward) {
    return Place::repeated;
  }
  begun_ = true;
  boot_ = stamp.boot;
  seq_ = stamp.seq;
  if (first || restarted) {
    return first ? Place::next : Place::restarted;
  }
  lost_ = distance - 1;
  return lost_ > 0 ? Place::lost : Place::next;
}

}  // namespace rytme::signals
