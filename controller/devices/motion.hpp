// SPDX-License-Identifier: Apache-2.0
// Motion frames: the JSON of contracts §4. Internal to devices.
#pragma once

#include <boost/json/value.hpp>

#include "controller/devices/value.hpp"

namespace rytme::devices {

// What `frame` held before is overwritten, its columns keep their memory. 1 to 256 samples, axes of equal
// length, all numbers finite; gyroscope all three axes or none.
Outcome decode_motion(const boost::json::value& root, MotionFrame& frame);

}  // namespace rytme::devices
