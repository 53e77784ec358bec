// SPDX-License-Identifier: Apache-2.0
// The last stage before the wire, and no way round it: light slew in linear light per fixture, level with
// transition, sound rise, tempo rate, expiry, latch. Pure: takes aims and time, gives commands. Logic thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

#include "controller/room/aim.hpp"
#include "controller/room/command.hpp"
#include "controller/room/light_curve.hpp"
#include "controller/room/time.hpp"

namespace rytme::safety {

// Hard ceilings of design §6; settings can only lower what uses them.
inline constexpr double slew_calming_per_s = 0.20;
inline constexpr double slew_activating_per_s = 0.30;
inline constexpr double slew_ceiling_per_s = 0.60;
inline constexpr double sound_rise_db_per_s = 6.0;
inline constexpr double tempo_bpm_per_s = 2.0;
inline constexpr double tempo_share_per_s = 0.01;
inline constexpr double tempo_low_bpm = 20.0;
inline constexpr double tempo_high_bpm = 140.0;
inline constexpr std::chrono::seconds command_expiry{5};

struct Fixture {
  DeviceIndex device{};
  bool is_light{};  // takes light_level
  bool has_cct{};
  bool is_player{};  // takes player_*
  bool fades_itself{};
  std::chrono::milliseconds transition_max{0};
  std::chrono::milliseconds min_interval{100};
  LightCurve curve{LightCurve::gamma22};
  LightScene safe{0.4, 3500};
  // The profile's own limits; they only lower what the rules of this stage allow.
  double level_max{1};  // linear light
  double slew_per_s{slew_ceiling_per_s};
  std::chrono::milliseconds min_dwell{0};  // an aim is kept so long before the next; not for a stop
};

// One command and what it means in the room's terms, for the journal: light in linear light.
struct Sent {
  Command command;
  double linear{};  // lights: linear light at the end of the command's transition
};

class LastStage {
 public:
  explicit LastStage(std::vector<Fixture> fixtures);
  ~LastStage();

  // A new aim for the channels it names. While latched only ignored.
  void aim(const Aim& aim, Instant now);
  // «Stopp alt»: mute at once, every light to its safe light by one ramp of 2 s (longer where 0.30/s asks, at
  // most 2.7 s), everything aimed before is forgotten. Latched until reset(). Idempotent: a second stop sends
  // the same again without restarting a ramp that runs. Returns the new stop generation.
  std::uint64_t stop(Instant now, const std::string& origin);
  void reset(Instant now);
  bool latched() const;
  std::uint64_t generation() const;

  // What a device reported of its own light or player, to start from where the room really is (first state
  // seen, return after loss). `linear`: linear light.
  void observed_light(DeviceIndex device, double linear, Instant now);
  // After a loss the device's state is unknown: the next command to it ramps from what it reports, or from
  // the darker of what we know. Reassert: command what is aimed at again, by ramp.
  void reassert(DeviceIndex device, Instant now);

  // Commands due now, in the order they must go out (a stop silences first, else light first).
  std::vector<Sent> due(Instant now);
  // When due() has something next.
  Instant next_wake() const;

  // Linear light now by what was sent, mean over the lights; sound and tempo as sent.
  double light_now(Instant now) const;
  double light_of(DeviceIndex device, Instant now) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rytme::safety
