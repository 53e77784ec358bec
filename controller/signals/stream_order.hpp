// SPDX-License-Identifier: Apache-2.0
// What a frame's (boot, seq) says of the frames before it.
#pragma once

#include <cstdint>
#include <string>

#include "controller/room/reading.hpp"

namespace rytme::signals {

class StreamOrder {
 public:
  enum class Place : std::uint8_t {
    next,       // first frame, or follows on the last one
    lost,       // frames are missing in between, lost() of them
    repeated,   // a duplicate, or late: refused
    restarted,  // another boot; or a seq so far away (100 000) that counting has begun anew
  };
  Place add(const StreamStamp& stamp);
  // What add() would say; changes nothing.
  Place place_of(const StreamStamp& stamp) const;
  std::uint64_t lost() const { return lost_; }  // by the last add()

 private:
  std::uint64_t distance(const StreamStamp& stamp) const;

  bool begun_{};
  std::string boot_;
  std::uint64_t seq_{};
  std::uint64_t lost_{};
};

}  // namespace rytme::signals
