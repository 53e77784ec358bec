// SPDX-License-Identifier: Apache-2.0
// One [[frame]] of a register fixture against a profile. Internal to profile try.
#pragma once

#include <toml++/toml.h>

#include "controller/trial/modbus_frame.hpp"
#include "controller/trial/profile_try.hpp"

namespace rytme::trial {

// `framing` is the device's; a frame may say another one.
Trial try_frame(const settings::Profile& profile, const toml::table& frame, Framing framing,
                const std::map<std::string, std::string>& params);

}  // namespace rytme::trial
