// SPDX-License-Identifier: Apache-2.0
// A swing at one moment, and what people call it. Pure.
#pragma once

namespace rytme::signals {

// Angles in rad, rates in rad/s.
struct SwingState {
  double theta{}, omega{};  // along the swing's own axis
  double theta_across{}, omega_across{};
  double stiffness{};     // g/L in 1/s², of small swings
  double growth_per_s{};  // of the amplitude
  double growth_sigma_per_s{};
  double frequency_sigma{};  // relative, one standard deviation
  double amplitude_sigma{};  // relative: what not knowing the axis of an elliptic path does

  double amplitude() const;     // rad, from the energy: 1 - cos A = ω²/2k + 1 - cos θ
  double frequency_hz() const;  // with the amplitude's effect, exact: k^(1/2) AGM(1, cos A/2) / 2π
  double phase_rad() const;     // atan2(-ω/√k, θ): 0 at the turning point with θ > 0
};

}  // namespace rytme::signals
