// SPDX-License-Identifier: Apache-2.0
// The hard ceilings of design §6, and the limits in force: settings can only lower them.
#pragma once

namespace rytme {

// Linear light per second and fixture. A general flash needs two opposing changes of 0.1 and more.
inline constexpr double slew_calming_per_s = 0.20;
inline constexpr double slew_activating_per_s = 0.30;
inline constexpr double slew_ceiling_per_s = 0.60;
inline constexpr double sound_rise_db_per_s = 6.0;
inline constexpr double tempo_bpm_per_s = 2.0;
inline constexpr double tempo_share_per_s = 0.01;
inline constexpr double tempo_low_bpm = 20.0;
inline constexpr double tempo_high_bpm = 140.0;
inline constexpr double laeq_ceiling_db = 75.0;  // dB(A) over 15 min
// Amplitude where nobody has measured how loud the room gets: -8 dB of full scale. Music of -14 LUFS and an
// amplifier that gives at most 95 dB(A) at full scale then stay at 73 dB(A).
inline constexpr double uncalibrated_volume_max = 0.4;

struct SafetyLimits {
  double light_calming_per_s{slew_calming_per_s};
  double light_activating_per_s{slew_activating_per_s};
  double sound_rise_db_per_s{rytme::sound_rise_db_per_s};
  double tempo_bpm_per_s{rytme::tempo_bpm_per_s};
  double volume_max{uncalibrated_volume_max};  // amplitude, 1 = full scale
};

}  // namespace rytme
