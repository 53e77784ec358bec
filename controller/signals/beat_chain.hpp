// SPDX-License-Identifier: Apache-2.0
// When each beat was, on the source's own clock: t_i = t_(i-1) + RR_i, because arrival jitters by far more
// than a beat does. Arrival only corrects the sum slowly and shows gaps (physiology §2).
#pragma once

#include <cstdint>
#include <optional>

namespace rytme::signals {

class BeatChain {
 public:
  enum class Link : std::uint8_t {
    begins,     // first beat, or the first after interrupt()
    continues,  // no gap between this beat and the one before
    gap,        // |arrival - t| > max(1.5 s, 2 RR): beats are missing in between
  };

  // rr_ms: finite, > 0. arrival_us: when the beat that ends this RR came in, source clock; nullopt where it
  // is not known, and then there are no gaps. An arrival beyond ±31 years (10^15 µs) counts as not known.
  Link add(double rr_ms, std::optional<std::int64_t> arrival_us);

  // What comes next does not follow on what came before (lost frame, restart of the source, no contact).
  void interrupt() { begun_ = false; }

  // Time of the last beat, µs of the source's clock (without arrivals: since the first beat).
  std::int64_t beat_us() const;

 private:
  bool begun_{};
  std::int64_t origin_us_{};  // integer, so that the same beats give the same links wherever the clock began
  double since_origin_us_{};
};

}  // namespace rytme::signals
