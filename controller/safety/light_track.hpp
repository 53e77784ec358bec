// SPDX-License-Identifier: Apache-2.0
// One light: where it is by what it was sent, where it shall go, and the next command on the way. Keeps the
// slew in linear light whatever is aimed at. Pure; owned by LastStage; logic thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "controller/safety/last_stage.hpp"
#include "controller/safety/light_ramp.hpp"
#include "controller/safety/red_gate.hpp"
#include "controller/safety/standing.hpp"
#include "controller/safety/told_levels.hpp"

namespace rytme::safety {

struct LightOrder {
  double level{};               // the device's own scale
  std::optional<double> cct_k;  // only where the fixture has it and a colour was asked for
  std::chrono::milliseconds transition{0};
  double linear{};  // linear light at the end of the transition
};

struct LightWish {
  LightScene scene;  // linear light; cct_k 0 = leave the colour as it is
  double glide_s{};
  double slew_per_s{slew_calming_per_s};
  std::string origin;
};

class LightTrack {
 public:
  explicit LightTrack(const Fixture& fixture);

  void aim(const LightWish& wish, Instant now);
  // The stop's ramp to safe light. Again while it runs: the command is repeated, the ramp goes on.
  void stop(const std::string& origin, Instant now);
  // The latch ended. A stop's ramp still runs to its end before anything else moves the light: so no sequence
  // of stops and resets can make it turn round faster than once in the ramp's time.
  void release() { released_ = true; }
  void observed(double linear, Instant now);
  // A stepped light's device said that it carried out the step to `linear`.
  void took(double linear);
  // It cannot be reached, and may be switched on or off meanwhile: until it is heard again whatever is sent
  // must be gentle from anywhere.
  void lost(Instant now);
  void reassert(Instant now);

  std::optional<LightOrder> due(Instant now);
  Instant next_wake() const;
  double linear_at(Instant now) const;
  const std::string& origin() const { return origin_; }

 private:
  // The device's own fade of its level, as it was told: from start to end. Over: it rests at `to`.
  struct Fade {
    Instant start{}, end{};
    Whereabouts from, to;
    double cct_from{}, cct_to{};
    bool answered{true};              // it said that it has the command, or never says it
    std::chrono::nanoseconds late{};  // how long after the command it may have begun
  };

  Whereabouts told(Instant now) const;
  Whereabouts at(Instant now) const;
  void answer(double level, Instant now);
  double cct_at(Instant now) const;
  void rest_at(const Whereabouts& place, Instant now);
  void set_target(const LightWish& wish, Instant now);
  void settle_stop(Instant now);
  void begin_stop_ramp(Instant now);
  std::chrono::milliseconds interval() const;
  LightOrder fade_order(Instant now);
  LightOrder step_order(Instant now);
  double piece_seconds(const Whereabouts& here, double target_level, double left, Instant now) const;
  double step_seconds(double here_linear, double left) const;
  std::optional<double> next_cct(double share, double seconds, Instant now);
  double wanted_cct(double share, double seconds, Instant now) const;
  void wait_for_colour(std::optional<double> cct);
  bool may_be_echo(double level, Instant now) const;
  LightOrder begin(double to_level, std::optional<double> cct, std::chrono::milliseconds transition,
                   Instant now);

  Fixture fixture_;
  RedGate red_;
  Fade fade_;
  LightScene target_;
  double slew_per_s_{slew_calming_per_s};
  Instant glide_end_{};
  std::string origin_;
  bool aimed_{};      // there is a target
  bool commanded_{};  // something was sent, fade_ is the device's
  // The last command's level and the end of its fade; fade_ also ends where a report was believed.
  double told_level_{};
  Instant told_until_{};
  ToldLevels told_levels_;
  bool pending_{};  // the target is not reached by what was sent
  Instant next_{};  // pending: when the next command is due
  Instant earliest_{};
  bool new_aim_{};                 // of which nothing was sent
  std::optional<Instant> set_at_;  // when the first command of the last aim was sent

  bool stopping_{};  // the target is the stop's safe light
  bool new_ramp_{};  // the stop's ramp is to be laid when the command goes out
  bool released_{};  // the latch ended, the ramp may still run
  bool held_{};      // further steps would be out of reach from where it stands
  std::optional<Instant>
      tell_again_;  // a stop in the ramp of a stepped light: said now, not with the next step
  Whereabouts stop_from_;
  std::optional<Instant> ramp_end_;   // of the stop's ramp, once it was laid
  std::optional<LightWish> waiting_;  // aimed at while the stop's ramp still ran

  struct Seen {
    double level{};
    Instant when{};
  };
  std::optional<Seen> seen_;
  Standing standing_;  // of a fixture that confirms its steps
};

}  // namespace rytme::safety
