// SPDX-License-Identifier: Apache-2.0
// Whether what a zigbee2mqtt lamp is told is saturated red: R/(R+G+B) >= 0.8 in linear sRGB.
#pragma once

#include <boost/json.hpp>

namespace rytme::test {

bool is_red(const boost::json::object& told);

}  // namespace rytme::test
