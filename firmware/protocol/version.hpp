// SPDX-License-Identifier: Apache-2.0
// The firmware's version as nodes tell it (function 43/14, object 2).
#pragma once

#include <string_view>

namespace rytme::firmware {

inline constexpr std::string_view version = "1.0";

}  // namespace rytme::firmware
