// SPDX-License-Identifier: Apache-2.0
// Recorded people for the evaluation of the arousal index: second by second what the live classes answer,
// beside the label and the raw heart rate.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "controller/signals/analyse_arousal.hpp"

namespace rytme::bench {

struct Second {
  double t_s{};
  std::string label;  // "" = none
  double raw_hr_bpm{};
  double rmssd_ms{std::numeric_limits<double>::quiet_NaN()};  // over 60 s, where there were beats enough
  signals::ArousalInput input;
  signals::ArousalNowResult result;
  std::optional<signals::Baseline> baseline;
};

struct Person {
  std::string name;
  std::vector<Second> seconds;  // after the calm pulse, labelled, with a raw heart rate
  std::vector<Second> all;      // from the first on
  std::optional<signals::Baseline> baseline;
};

// Pulse and acceleration of the wrist; calm pulse from 60 to 360 s, all of it rest.
std::vector<Person> stress_predict();
// Pulse at 1 Hz of a finger, no acceleration; calm pulse in the first Relax stage.
std::vector<Person> noneeg();
// Beats of a chest strap, no acceleration; the conditions one after the other, calm pulse = sitting.
std::vector<Person> gudb();
// One person, wrist, free living, acceleration for 16 min; label "moving" or "still". shift_s is added to the
// acceleration's times.
std::vector<Person> garmin(double shift_s);
// About one value a second of pulse and acceleration at the wrist, stretched in time by whoever published
// them; calm pulse from the first two Relax stages. MAD is taken over the last ten samples: gross movement
// only.
std::vector<Person> noneeg_segments();
// Made here: a chest strap; rest, walk, rest, run, rest, stairs, rest, again and again. Own gains, own time
// constants, breathing and noise by the seed; label "moving" or "still". Never any arousal.
std::vector<Person> simulated_movers(int people);

}  // namespace rytme::bench
