// SPDX-License-Identifier: Apache-2.0
// Saturated red by colour temperature. Pure.
#pragma once

namespace rytme {

// Design §6: red is R/(R+G+B) >= 0.8 of linear sRGB. On the Planckian locus (Kim et al. 2002, US 7024034)
// that is every colour temperature below this; the test computes it from the formula.
inline constexpr double red_below_cct_k = 1960;

// cct_k 0 = no colour asked for.
constexpr bool is_saturated_red(double cct_k) { return cct_k > 0 && cct_k < red_below_cct_k; }

}  // namespace rytme
