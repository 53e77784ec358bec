// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/stream_order.hpp"

namespace rytme::signals {

namespace {

// At one frame a second, more than a day. Without it one corrupt seq would refuse everything after it.
constexpr std::uint64_t far = 100'000;

}  // namespace

StreamOrder::Place StreamOrder::add(const StreamStamp& stamp) {
  const auto place = place_of(stamp);
  lost_ = place == Place::lost ? distance(stamp) - 1 : 0;
  if (place != Place::repeated) {
    begun_ = true;
    boot_ = stamp.boot;
    seq_ = stamp.seq;
  }
  return place;
}

StreamOrder::Place StreamOrder::place_of(const StreamStamp& stamp) const {
  if (!begun_) {
    return Place::next;
  }
  if (stamp.boot != boot_ || distance(stamp) > far) {
    return Place::restarted;
  }
  if (stamp.seq <= seq_) {
    return Place::repeated;
  }
  return distance(stamp) > 1 ? Place::lost : Place::next;
}

std::uint64_t StreamOrder::distance(const StreamStamp& stamp) const {
  return stamp.seq > seq_ ? stamp.seq - seq_ : seq_ - stamp.seq;
}

}  // namespace rytme::signals
