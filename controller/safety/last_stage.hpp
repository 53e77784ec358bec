// SPDX-License-Identifier: Apache-2.0
// The last stage before the wire, and no way round it: light slew in linear light per fixture, level with
// transition, sound rise, tempo rate, expiry, latch. Pure: takes aims and time, gives commands. Logic thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "controller/room/aim.hpp"
#include "controller/room/command.hpp"
#include "controller/room/light_curve.hpp"
#include "controller/room/limits.hpp"
#include "controller/room/time.hpp"

namespace rytme::safety {

inline constexpr std::chrono::seconds command_expiry{5};

// Where a player's beat stands by what it was sent: it began with its sound, and has run at the tempo told.
struct Beat {
  double bpm{};
  double phase{};  // 0 to 1 of a beat
};

struct Fixture {
  DeviceIndex device{};
  bool is_light{};  // takes light_level
  bool has_cct{};
  bool is_player{};  // takes player_*
  bool fades_itself{};
  bool answers{};   // fades_itself: reports the level it was told as soon as it was told
  bool confirms{};  // stepped: says where it stands, and of each step whether it carried it out
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
  explicit LastStage(std::vector<Fixture> fixtures, const SafetyLimits& limits = {});
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
  // The volume that a player says it has, 0-1.
  void observed_volume(DeviceIndex device, double volume, Instant now);
  // A light that confirms its steps has carried out the one to `linear`.
  void took_step(DeviceIndex device, double linear);
  // A player's last step reached it only now: the next one keeps its distance from it.
  void came_late(DeviceIndex device, Instant now);
  // It cannot be reached: what is sent from now on may arrive or not, and is gentle from wherever it is.
  void lost(DeviceIndex device, Instant now);
  // After a loss the device's state is unknown: the next command to it ramps from what it reports, or from
  // the darker of what we know. Reassert: command what is aimed at again, by ramp.
  void reassert(DeviceIndex device, Instant now);

  // Commands due now, in the order they must go out (a stop silences first, else light first).
  std::vector<Sent> due(Instant now);
  // When due() has something next.
  Instant next_wake() const;

  // Announced itself anew, as after a power cut. More than three times in 60 s: its supply flickers, and so
  // would the light that we give it. Nothing but a stop is sent to it until it has been quiet for 10 min;
  // then it is reasserted. True: it has just come into quarantine.
  bool announced(DeviceIndex device, Instant now);
  bool quarantined(DeviceIndex device) const;

  // The beat as sent to the first player that sounds; nullopt: none does, or it was never given a tempo.
  std::optional<Beat> beat(Instant now) const;
  // Volume as sent to the first player that sounds, 0-1; 0: none does.
  double volume_now() const;
  // Linear light now by what was sent, mean over the lights.
  double light_now(Instant now) const;
  double light_of(DeviceIndex device, Instant now) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rytme::safety
