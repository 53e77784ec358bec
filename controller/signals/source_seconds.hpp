// SPDX-License-Identifier: Apache-2.0
// Whole seconds of a source's own clock for a stream of about a frame a second: they begin half a second
// before and after the first frame, so that a frame's jitter neither skips one nor doubles one.
#pragma once

#include <cstdint>
#include <optional>

namespace rytme::signals {

class SourceSeconds {
 public:
  // The second that t_us (possible: 0 to 10^15) is in, 0 = the first frame's. Grows with t_us.
  std::int64_t of(std::int64_t t_us) {
    constexpr std::int64_t second_us = 1'000'000;
    begun_us_ = begun_us_.value_or(t_us);
    const std::int64_t since_us = t_us - *begun_us_ + second_us / 2;
    return since_us / second_us - (since_us < 0 ? 1 : 0);
  }

 private:
  std::optional<std::int64_t> begun_us_;
};

}  // namespace rytme::signals
