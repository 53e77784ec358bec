// SPDX-License-Identifier: Apache-2.0
// One motion node, live: its frames in order, the swing, the body on it, and whether anybody sits there.
// Bounded memory, O(1) per sample, no allocation after construction (but the node's boot name). Times are
// the source's own. Logic thread.
#pragma once

#include <cstdint>
#include <optional>

#include "controller/room/reading.hpp"
#include "controller/signals/body_activity.hpp"
#include "controller/signals/stream_order.hpp"

namespace rytme::signals {

struct MotionNow {
  SwingNow swing;
  std::optional<double> body_mad_mps2;  // of the last whole second, at most 3 s old
  // true: a body has moved or has driven the swing in the last minute. false: neither swing nor body have
  // moved for a minute. Unknown in between: a seat that swings by itself, or a person who is very still on
  // it.
  std::optional<bool> occupied;
};

class MotionTracker {
 public:
  // Frames repeated or late are refused; a new boot, or a clock that has gone back, begins anew.
  void add(const MotionFrame& frame);
  // One sample without a frame around it; for recordings.
  void add(const MotionSample& sample);
  MotionNow at(std::int64_t t_us) const;                            // of the source's clock
  std::optional<std::int64_t> last_us() const { return last_us_; }  // of the last sample that counted

  // samples: offered; of these refused are implausible (not finite, |a| over 400 m/s², |rate| over 70 rad/s),
  // disordered (not later than the one before), frozen (the same to the last digit for over half a second).
  // frames: duplicates refused, lost by seq, gaps over 0.5 s, malformed (columns that do not fit), restarts,
  // clock_steps backwards or by more than 10 s.
  struct Counters {
    std::uint64_t samples{}, implausible{}, disordered{}, frozen{};
    std::uint64_t frames{}, duplicates{}, lost_frames{}, malformed{}, gaps{}, restarts{}, clock_steps{};
  };
  const Counters& counters() const { return counters_; }

 private:
  bool in_order(const StreamStamp& stamp);
  bool frozen(const MotionSample& sample);
  void restart();
  void note(const BodySecond& second);
  std::optional<bool> occupied(std::int64_t t_us, const SwingNow& swing) const;

  StreamOrder order_;
  BodyActivity body_;
  Counters counters_;
  std::optional<std::int64_t> last_us_;
  MotionSample before_;
  std::int64_t same_since_us_{};
  std::optional<BodySecond> second_;
  std::optional<std::int64_t> first_second_, moved_second_, swung_second_;
};

}  // namespace rytme::signals
