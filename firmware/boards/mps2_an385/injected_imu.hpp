// SPDX-License-Identifier: Apache-2.0
// Samples that come over a serial port, one frame of protocol/injected_sample.hpp each, in the place of a
// sensor. Main loop only.
#pragma once

#include "firmware/core/board.hpp"
#include "firmware/protocol/injected_sample.hpp"

namespace rytme::firmware::mps2 {

class InjectedImu final : public ImuSource {
 public:
  // The next byte; a frame that is broken or cut is left out, the next is found by its beginning.
  void take(std::uint8_t byte, Instant at);

  std::optional<Taken> poll(Instant now) override;
  bool is_present() const override { return present_; }
  std::optional<std::int16_t> temperature() const override;
  void restart(Instant) override {}

 private:
  void drop(std::size_t bytes);

  injected_sample::Frame frame_{};
  std::size_t length_{};
  std::optional<Taken> taken_;
  std::optional<std::uint16_t> number_;
  Instant latest_{};
  bool present_{};
  std::int16_t temperature_{};
};

}  // namespace rytme::firmware::mps2
