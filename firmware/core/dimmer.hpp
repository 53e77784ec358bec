// SPDX-License-Identifier: Apache-2.0
// Where the light of four channels goes. Pure: levels and inputs in, levels out, time an argument.
//
// Each channel moves evenly in linear light towards its aim, never faster than the slew limit, whatever
// anybody asks. What decides the aim, most severe first:
//   the wired stop: safe light by one ramp of 2 s, longer where that would be faster than 0.30 of full per
//   second; the watchdog (nobody asked for so long): safe light within the fade time, longer where the slew
//   limit asks for it; mute: dark, by the slew limit; the level that was written last.
// Stop and watchdog replace the levels by safe light and end what was muted over the line: when they are over
// nothing resumes until it is written. The wire of the mute is somebody's hand: while it is closed it counts.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "firmware/core/time.hpp"
#include "firmware/protocol/dimmer_registers.hpp"

namespace rytme::firmware {

using Levels = std::array<std::uint16_t, dimmer_registers::channels>;

struct DimmerSettings {
  Micros watchdog{10'000'000};
  Micros fade{2'000'000};
  std::uint16_t slew_thousandths{600};  // of full per second; more than the ceiling counts as the ceiling
  Levels safe{};
  Levels power_on{};
};

struct DimmerInputs {
  bool stop_open{};
  bool mute{};
  friend bool operator==(const DimmerInputs&, const DimmerInputs&) = default;
};

class Dimmer {
 public:
  // Linear light per second that no setting can raise. Source: the project's rules for the safety of a person
  // in the room; controller/safety keeps the same.
  static constexpr std::uint16_t slew_ceiling_thousandths = 600;
  static constexpr std::uint16_t stop_slew_thousandths = 300;
  static constexpr Micros stop_ramp{2'000'000};
  // Time that one step moves the light at most: a node that was busy catches up slowly, not by a jump.
  static constexpr Micros longest_step{20'000};

  // `outputs`: where the light is now: dark after a loss of power, where it was after a restart. It goes from
  // there to the power-on level.
  Dimmer(const DimmerSettings& settings, const Levels& outputs, Instant now);

  void set(const DimmerSettings& settings) { settings_ = settings; }
  // A new aim for a channel. Not taken while the stop is open.
  void command(std::size_t channel, std::uint16_t level);
  void mute(std::size_t channel, bool on) { muted_.at(channel) = on; }
  bool is_muted(std::size_t channel) const { return muted_.at(channel); }
  // A master asked for something.
  void heard(Instant now) { heard_ = now; }
  // Moves the light. Called every few milliseconds.
  void step(const DimmerInputs& inputs, Instant now);

  std::uint16_t aim(std::size_t channel) const { return aims_.at(channel); }
  std::uint16_t output(std::size_t channel) const {
    return static_cast<std::uint16_t>(outputs_.at(channel) >> 16U);
  }
  bool is_stopped() const { return stopped_; }
  bool is_tripped() const { return tripped_; }
  bool is_input_muted() const { return input_mute_; }
  std::uint32_t stops() const { return stops_; }
  std::uint32_t trips() const { return trips_; }

 private:
  std::uint32_t limit_thousandths() const;
  void lead_to_safe(Micros ramp, std::uint32_t limit);
  void look_at(const DimmerInputs& inputs, Instant now);
  void move(std::size_t channel, std::int64_t elapsed_us);

  DimmerSettings settings_;
  Levels aims_;
  std::array<std::uint32_t, dimmer_registers::channels> outputs_{};  // level and 16 bits behind it
  std::array<std::uint32_t, dimmer_registers::channels> ramps_{};  // full/65535 per second; 0: the slew limit
  std::array<bool, dimmer_registers::channels> muted_{};
  Instant heard_;
  Instant stepped_;
  bool stopped_{};
  bool tripped_{};
  bool input_mute_{};
  std::uint32_t stops_{};
  std::uint32_t trips_{};
};

}  // namespace rytme::firmware
