// SPDX-License-Identifier: Apache-2.0
// How often the input of a wall stop is read.
#pragma once

#include <chrono>

#include "controller/settings/house.hpp"

namespace rytme::settings {

// From 115 200 baud on a read takes a quarter of that time at most; a slower line would have no time for
// others.
inline std::chrono::milliseconds stop_input_period(const BusSettings& bus) {
  if (bus.transport == BusTransport::tcp || bus.baud >= 115'200) return std::chrono::milliseconds{10};
  return std::chrono::milliseconds{bus.baud >= 57'600 ? 20 : 50};
}

}  // namespace rytme::settings
