// SPDX-License-Identifier: Apache-2.0
// Where a large swing is in time. Pure.
#pragma once

namespace rytme::signals {

// phase_rad is atan2(-ω/√k, θ) of a pendulum θ'' = -k sin θ that turns at amplitude_rad (0 to π); it hurries
// through the lowest point and lingers at the turning points, the more the larger the swing. Returned: the
// phase that goes evenly in time, the same at turning points and at the lowest point. By the incomplete
// elliptic integral of the first kind: t(θ) = F(asin(sin(θ/2)/sin(A/2)), sin(A/2))/√k.
double even_phase(double phase_rad, double amplitude_rad);

}  // namespace rytme::signals
