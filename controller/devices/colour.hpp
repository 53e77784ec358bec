// SPDX-License-Identifier: Apache-2.0
// A colour in one value, and one way of saying a colour turned into another. Internal to devices.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include <boost/json/value.hpp>

#include "controller/devices/value.hpp"

namespace rytme::devices {

// The capabilities that one colour gives.
struct ColourParts {
  std::array<std::pair<Capability, double>, 6> items{};
  std::size_t count{};
  void add(Capability capability, double value) { items.at(count++) = {capability, value}; }
};

// `raw` is what stood there as text; `node` the same as JSON where the payload is JSON (a list or an object).
Outcome read_colour(const settings::MqttRead& read, const Raw& raw, const boost::json::value* node,
                    ColourParts& parts);

// Red, green, blue: linear share of each channel, the strongest at 1. Hue in degrees, saturation 0-1.
struct Rgb {
  double red{}, green{}, blue{};
};
struct HueSat {
  double hue_deg{}, sat{};
};
// CIE 1931 with the primaries and white point of sRGB (IEC 61966-2-1).
struct Xy {
  double x{}, y{};
};
HueSat hue_sat_of(const Rgb& rgb);
Rgb rgb_of(const HueSat& colour);
Xy xy_of(const Rgb& rgb);
Rgb rgb_of(const Xy& colour);

// A colour that the device cannot say (it has none of its capabilities) is added in the form it can.
void add_sayable_colour(std::vector<Setting>& settings, const std::vector<Capability>& can);

}  // namespace rytme::devices
