// SPDX-License-Identifier: Apache-2.0
// Heart samples: the Bluetooth notification 0x2A37, and the JSON of contracts §4 that carries the same.
// Internal to devices.
#pragma once

#include <string_view>

#include <boost/json/value.hpp>

#include "controller/devices/value.hpp"

namespace rytme::devices {

// What a 0x2A37 frame says beside the sample. `cut`: bytes were missing at the end of an otherwise usable
// frame.
struct Notification {
  bool cut{};
  std::optional<double> energy_kj;
};

// Hex digits; blanks, : and - between bytes allowed. Layout: flags (b0: 16-bit rate, b1: contact, b2: contact
// supported, b3: energy, b4: RR), rate, [energy], [RR ... in 1/1024 s, little-endian]. Rate 0 and 255 mean no
// data.
Outcome decode_2a37(std::string_view hex, HeartSample& sample, Notification& frame);

// Where `raw` is given it is what counts, and has to agree with the fields.
Outcome decode_heart(const boost::json::value& root, HeartSample& sample);

// boot, seq, t_us and v of a stream frame.
Outcome decode_stamp(const boost::json::object& object, StreamStamp& stamp);

}  // namespace rytme::devices
