// SPDX-License-Identifier: Apache-2.0
// Is it still the same person who wears this strap? A break (taken off, or silent for long) opens the
// question; RR before and after can make another person probable, it can never show that it is the same: on
// adults sitting still it sees little more than half of the changes (docs/signals-heart.md).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "controller/room/time.hpp"

namespace rytme::signals {

enum class WearerDoubt : std::uint8_t {
  none,
  returned,          // worn again after a break; whether by the same person is not known
  probably_another,  // and RR is of another kind than before
};

class WearerWatch {
 public:
  // A frame that carries a rate or RR has come. True: it is the first after a break.
  bool worn(Instant now);
  // A frame that says: no contact.
  void off(Instant now);

  // An accepted interval. True: with this one `probably_another` has been decided.
  bool beat(double rr_ms);

  WearerDoubt doubt() const { return doubt_; }
  // Someone has looked: what came before the break is forgotten, the question is closed.
  void confirm();

 private:
  static constexpr std::size_t before_beats = 60;
  static constexpr std::size_t handled_beats = 5;  // while the strap is put on or taken off
  static constexpr std::size_t after_beats = 30;

  // Logarithms, so that what counts is the ratio.
  struct Profile {
    double log_median{}, log_rmssd{};
  };
  static std::optional<Profile> profile_of(std::span<const double> rr_ms);
  std::optional<Profile> latest() const;
  void begin(std::optional<Profile> before);

  std::array<double, before_beats> rr_ms_{};  // since the break, ring
  std::size_t beats_{};
  std::optional<Profile> before_;
  std::optional<Instant> last_worn_, off_since_;
  WearerDoubt doubt_{WearerDoubt::none};
};

}  // namespace rytme::signals
