// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rytme::app {

inline constexpr const char* software_version = RYTME_VERSION;

}  // namespace rytme::app
