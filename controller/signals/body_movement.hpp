// SPDX-License-Identifier: Apache-2.0
// How much the one person in the room moves, from whichever sensor can tell: one that is worn, else the seat
// somebody sits on. Pure: time comes with the frames. Bounded memory: one tracker a device. Logic thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>

#include "controller/room/reading.hpp"
#include "controller/signals/motion_tracker.hpp"

namespace rytme::signals {

// The swing of one seat at one instant of our clock.
struct SwingSeen {
  double hz{};
  double phase_rad{};  // even in time, 0 at a turning point, the same one throughout a run
  bool good{};         // Quality::good; else doubtful
};

// A second of one motion device's own time.
struct MotionSecond {
  MotionNow now;
  bool worn{};
};

class BodyMovement {
 public:
  // worn: devices whose sensor sits on a body; any other is part of a seat.
  explicit BodyMovement(std::span<const DeviceIndex> worn);

  // What is known at the end of a second of the device's own time, when one has ended with this frame.
  std::optional<MotionSecond> add(const MotionFrame& frame);

  // MAD of the body, g; nullopt: not known. Of a seat only while somebody is known to sit there, and while it
  // swings only when it is known that nobody pumps: pumping costs effort that the seat does not show.
  std::optional<double> mad_g(Instant now) const;
  // Frequency of what swings, if anything does.
  std::optional<double> swing_hz(Instant now) const;
  // Frequency and place of the swing now, foretold at most 1.25 periods; nullopt: not known.
  std::optional<SwingSeen> swing(Instant now) const;
  // It sends, and for 60 s nothing of it counted: the same to the last digit, or absurd. False of one that is
  // silent: that is said elsewhere.
  bool stuck(DeviceIndex device) const;

 private:
  struct Device {
    bool worn{};
    MotionTracker tracker;
    std::int64_t told_s{-1};
    Instant heard{};
    Instant counted{};                      // when the last sample that counts was heard
    std::optional<std::int64_t> behind_us;  // its clock behind ours, by the quickest frame of late
  };
  static void set_clock(Device& device);

  std::map<DeviceIndex, Device> devices_;
};

}  // namespace rytme::signals
