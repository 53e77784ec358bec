// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rytme::signals {

// Of everything derived from beats and movement, kept with every session. A change of a formula that changes
// numbers changes this.
inline constexpr const char* formula_version = "heart-1";

}  // namespace rytme::signals
