// SPDX-License-Identifier: Apache-2.0
// JSON of what the API shows. Numbers are finite or null, in plain notation.
#pragma once

#include <string>
#include <vector>

#include <boost/json/value.hpp>

#include "controller/room/preset.hpp"
#include "controller/room/request.hpp"
#include "controller/room/room_state.hpp"
#include "controller/web/server.hpp"

namespace rytme::web {

// Boost's own serializer writes 0.4 as 4E-1 and NaN as a word no parser takes.
std::string dump(const boost::json::value& value);

// contracts §3 `GET room`. Empty words are null.
boost::json::value to_json(const RoomState& state);
boost::json::value to_json(const StopConfirmation& confirmation);
boost::json::value to_json(const std::vector<Preset>& presets);
boost::json::value to_json(const std::vector<ActivityRow>& activities);
boost::json::value to_json(const std::vector<DeviceRow>& devices);
boost::json::value to_json(const std::vector<FaultRow>& faults);
boost::json::value to_json(const Variant& variant);

}  // namespace rytme::web
