// SPDX-License-Identifier: Apache-2.0
// The one place where app asks the clocks.
#pragma once

#include "controller/room/time.hpp"

namespace rytme::app {

inline Now now() {
  return {std::chrono::steady_clock::now(),
          std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now())};
}

}  // namespace rytme::app
