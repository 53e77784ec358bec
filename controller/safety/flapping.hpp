// SPDX-License-Identifier: Apache-2.0
// Quarantine of a device whose power flickers (criterion S-L6): more than three announcements within 60 s,
// until it has been quiet for 10 min. Pure; one per device; logic thread.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>

#include "controller/room/time.hpp"

namespace rytme::safety {

class Flapping {
 public:
  // True: this announcement has brought it into quarantine.
  bool announced(Instant now) {
    // A device may say it in two ways at once: that is one announcement.
    if (newest_ && now - *newest_ < same_one) return false;
    newest_ = now;
    const std::optional<Instant> third_last = last_[next_];
    last_[next_] = now;
    next_ = (next_ + 1) % last_.size();
    if (ends_) {
      ends_ = now + quiet;
      return false;
    }
    if (!third_last || now - *third_last > window) return false;
    ends_ = now + quiet;
    return true;
  }
  bool on() const { return ends_.has_value(); }
  // When it ends; Instant::max(): it is not on.
  Instant ends() const { return ends_.value_or(Instant::max()); }
  // True: it has just ended.
  bool end_due(Instant now) {
    if (now < ends()) return false;
    ends_.reset();
    last_.fill(std::nullopt);
    return true;
  }

 private:
  static constexpr std::chrono::seconds window{60};
  static constexpr std::chrono::minutes quiet{10};
  static constexpr std::chrono::milliseconds same_one{500};
  std::optional<Instant> newest_;
  std::array<std::optional<Instant>, 3> last_;  // the three before this one
  std::size_t next_{};
  std::optional<Instant> ends_;
};

}  // namespace rytme::safety
