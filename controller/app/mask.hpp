// SPDX-License-Identifier: Apache-2.0
// Secrets in what devices say: nobody who looks at a frame needs the password in it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace rytme::app {

inline constexpr std::string_view mask = "***";

// The text with the value of every secret key taken out. JSON stays JSON, also when it was cut; a text that
// holds a secret word outside of JSON ends there. Rather too much than too little.
std::string masked(std::string_view text);

}  // namespace rytme::app
