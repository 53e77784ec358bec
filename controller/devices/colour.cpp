// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/colour.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "controller/devices/json_document.hpp"

namespace rytme::devices {
namespace {

using settings::Colour;

constexpr Refused not_a_colour{Refusal::wrong_type, "not a colour of the profile's kind"};
constexpr std::size_t most = 6;

struct Numbers {
  std::array<double, most> values{};
  std::size_t count{};
};

bool add(Numbers& numbers, std::optional<double> value) {
  if (!value || numbers.count == most) return false;
  numbers.values.at(numbers.count++) = *value;
  return true;
}

bool split(std::string_view text, char separator, Numbers& numbers) {
  for (;;) {
    const auto end = text.find(separator);
    if (!add(numbers, parse_number(text.substr(0, end)))) return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 1);
  }
}

// {r, g, b}, {hue, saturation}, {h, s}, {x, y}, or a list.
bool from_json(const settings::MqttRead& read, const boost::json::value& node, Numbers& numbers) {
  if (const auto* list = node.if_array())
    return std::all_of(list->begin(), list->end(),
                       [&](const auto& item) { return add(numbers, number_of(item)); });
  const auto* object = node.if_object();
  if (object == nullptr) return false;
  const auto take = [&](const char* name, const char* other) {
    const auto* item = object->if_contains(name);
    if (item == nullptr) item = object->if_contains(other);
    return item != nullptr && add(numbers, number_of(*item));
  };
  switch (read.colour) {
    case Colour::rgb:
      return take("r", "red") && take("g", "green") && take("b", "blue");
    case Colour::hs:
      return take("hue", "h") && take("saturation", "s");
    case Colour::hsv:
      return take("hue", "h") && take("saturation", "s") && take("value", "v");
    case Colour::xy:
      return take("x", "X") && take("y", "Y");
    default:
      return false;
  }
}

bool is_share(double value, double full) { return value >= 0 && value <= full; }

Outcome rgb_parts(const Numbers& numbers, double full, ColourParts& parts) {
  if (numbers.count != 3) return not_a_colour;
  constexpr std::array channels{Capability::light_red, Capability::light_green, Capability::light_blue};
  for (std::size_t i = 0; i < 3; ++i) {
    if (!is_share(numbers.values.at(i), full)) return Refused{Refusal::out_of_range, "a channel beyond full"};
    parts.add(channels.at(i), numbers.values.at(i) / full);
  }
  return {};
}

Outcome hue_parts(const Numbers& numbers, double full, bool with_level, ColourParts& parts) {
  if (numbers.count < (with_level ? 3U : 2U) || numbers.count > 3) return not_a_colour;
  const double hue = numbers.values[0];
  if (!(hue >= 0 && hue <= 360) || !is_share(numbers.values[1], full))
    return Refused{Refusal::out_of_range, "hue outside 0-360 or saturation beyond full"};
  parts.add(Capability::light_hue_deg, hue == 360 ? 0 : hue);
  parts.add(Capability::light_sat, numbers.values[1] / full);
  if (!with_level) return {};
  if (!is_share(numbers.values[2], full)) return Refused{Refusal::out_of_range, "a level beyond full"};
  parts.add(Capability::light_level, numbers.values[2] / full);
  return {};
}

Outcome xy_parts(const Numbers& numbers, ColourParts& parts) {
  if (numbers.count < 2 || numbers.count > 3) return not_a_colour;
  if (!is_share(numbers.values[0], 1) || !is_share(numbers.values[1], 1))
    return Refused{Refusal::out_of_range, "x or y outside 0-1"};
  parts.add(Capability::light_x, numbers.values[0]);
  parts.add(Capability::light_y, numbers.values[1]);
  return {};
}

Outcome hex_parts(std::string_view text, bool white_last, ColourParts& parts) {
  if (text.starts_with('#')) text.remove_prefix(1);
  std::array<double, 5> bytes{};
  const std::size_t count = text.size() / 2;
  if (text.size() % 2 != 0 || count < 3 || count > (white_last ? 5U : 4U)) return not_a_colour;
  for (std::size_t i = 0; i < count; ++i) {
    unsigned byte{};
    const char* begin = text.data() + 2 * i;
    const auto [stop, error] = std::from_chars(begin, begin + 2, byte, 16);
    if (error != std::errc{} || stop != begin + 2) return not_a_colour;
    bytes.at(i) = byte / 255.0;
  }
  const std::size_t red = !white_last && count == 4 ? 1 : 0;
  parts.add(Capability::light_red, bytes.at(red));
  parts.add(Capability::light_green, bytes.at(red + 1));
  parts.add(Capability::light_blue, bytes.at(red + 2));
  if (count == 4) parts.add(Capability::light_white, white_last ? bytes[3] : bytes[0]);
  if (count == 5) {
    parts.add(Capability::light_cold, bytes[3]);
    parts.add(Capability::light_warm, bytes[4]);
  }
  return {};
}

// Homie: "rgb,100,100,100", "hsv,300,50,75", "xyz,0.25,0.34".
Outcome tagged_parts(std::string_view text, ColourParts& parts) {
  const auto comma = text.find(',');
  Numbers numbers;
  if (comma == std::string_view::npos || !split(text.substr(comma + 1), ',', numbers)) return not_a_colour;
  const std::string_view tag = text.substr(0, comma);
  if (tag == "rgb") return rgb_parts(numbers, 255, parts);
  if (tag == "hsv") return hue_parts(numbers, 100, true, parts);
  return tag == "xyz" ? xy_parts(numbers, parts) : Outcome(not_a_colour);
}

const Setting* find(const std::vector<Setting>& settings, Capability capability) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const Setting& setting) { return setting.capability == capability; });
  return found == settings.end() ? nullptr : &*found;
}

std::optional<Rgb> commanded_colour(const std::vector<Setting>& settings) {
  const auto* x = find(settings, Capability::light_x);
  const auto* y = find(settings, Capability::light_y);
  if (x != nullptr && y != nullptr && y->value > 0) return rgb_of(Xy{x->value, y->value});
  const auto* hue = find(settings, Capability::light_hue_deg);
  const auto* sat = find(settings, Capability::light_sat);
  if (hue != nullptr && sat != nullptr) return rgb_of(HueSat{hue->value, sat->value});
  const auto* red = find(settings, Capability::light_red);
  const auto* green = find(settings, Capability::light_green);
  const auto* blue = find(settings, Capability::light_blue);
  if (red != nullptr && green != nullptr && blue != nullptr)
    return Rgb{red->value, green->value, blue->value};
  return std::nullopt;
}

Rgb at_full(Rgb rgb) {
  rgb = {std::max(rgb.red, 0.0), std::max(rgb.green, 0.0), std::max(rgb.blue, 0.0)};
  const double most_of = std::max({rgb.red, rgb.green, rgb.blue});
  return most_of > 0 ? Rgb{rgb.red / most_of, rgb.green / most_of, rgb.blue / most_of} : Rgb{1, 1, 1};
}

}  // namespace

Outcome read_colour(const settings::MqttRead& read, const Raw& raw, const boost::json::value* node,
                    ColourParts& parts) {
  const bool is_text = raw.kind == Raw::Kind::text;
  if (read.colour == Colour::hex || read.colour == Colour::hex_white_last)
    return is_text ? hex_parts(raw.text, read.colour == Colour::hex_white_last, parts)
                   : Outcome(not_a_colour);
  if (read.colour == Colour::tagged) return is_text ? tagged_parts(raw.text, parts) : Outcome(not_a_colour);
  Numbers numbers;
  const bool good = is_text           ? split(raw.text, read.separator, numbers)
                    : node != nullptr ? from_json(read, *node, numbers)
                                      : false;
  if (!good) return not_a_colour;
  if (read.colour == Colour::rgb) return rgb_parts(numbers, read.colour_max, parts);
  if (read.colour == Colour::xy) return xy_parts(numbers, parts);
  return hue_parts(numbers, read.colour_max, read.colour == Colour::hsv, parts);
}

HueSat hue_sat_of(const Rgb& rgb) {
  const double high = std::max({rgb.red, rgb.green, rgb.blue});
  const double span = high - std::min({rgb.red, rgb.green, rgb.blue});
  if (high <= 0 || span <= 0) return {0, 0};
  double sextant = high == rgb.red     ? (rgb.green - rgb.blue) / span
                   : high == rgb.green ? 2 + (rgb.blue - rgb.red) / span
                                       : 4 + (rgb.red - rgb.green) / span;
  if (sextant < 0) sextant += 6;
  return {60 * sextant, span / high};
}

Rgb rgb_of(const HueSat& colour) {
  const auto channel = [&](double offset) {
    const double k = std::fmod(offset + colour.hue_deg / 60, 6);
    return 1 - colour.sat * std::clamp(std::min(k, 4 - k), 0.0, 1.0);
  };
  return {channel(5), channel(3), channel(1)};
}

Xy xy_of(const Rgb& rgb) {
  const double x = 0.4124 * rgb.red + 0.3576 * rgb.green + 0.1805 * rgb.blue;
  const double y = 0.2126 * rgb.red + 0.7152 * rgb.green + 0.0722 * rgb.blue;
  const double z = 0.0193 * rgb.red + 0.1192 * rgb.green + 0.9505 * rgb.blue;
  const double sum = x + y + z;
  return sum > 0 ? Xy{x / sum, y / sum} : Xy{0.3127, 0.3290};
}

Rgb rgb_of(const Xy& colour) {
  const double x = colour.x / colour.y;
  const double z = (1 - colour.x - colour.y) / colour.y;
  return at_full({3.2406 * x - 1.5372 - 0.4986 * z, -0.9689 * x + 1.8758 + 0.0415 * z,
                  0.0557 * x - 0.2040 + 1.0570 * z});
}

void add_sayable_colour(std::vector<Setting>& settings, const std::vector<Capability>& can) {
  const auto sayable = [&](Capability capability) {
    return std::find(can.begin(), can.end(), capability) != can.end();
  };
  constexpr std::array colours{Capability::light_x,   Capability::light_hue_deg, Capability::light_red,
                               Capability::light_sat, Capability::light_y,       Capability::light_green,
                               Capability::light_blue};
  const auto commanded = commanded_colour(settings);
  const bool said = std::any_of(colours.begin(), colours.end(), [&](Capability capability) {
    return find(settings, capability) != nullptr && sayable(capability);
  });
  if (!commanded || said) return;
  const Rgb rgb = at_full(*commanded);
  if (sayable(Capability::light_x)) {
    const Xy xy = xy_of(rgb);
    settings.push_back({Capability::light_x, xy.x, {}});
    settings.push_back({Capability::light_y, xy.y, {}});
  } else if (sayable(Capability::light_hue_deg)) {
    const HueSat hue_sat = hue_sat_of(rgb);
    settings.push_back({Capability::light_hue_deg, hue_sat.hue_deg, {}});
    settings.push_back({Capability::light_sat, hue_sat.sat, {}});
  } else if (sayable(Capability::light_red)) {
    settings.push_back({Capability::light_red, rgb.red, {}});
    settings.push_back({Capability::light_green, rgb.green, {}});
    settings.push_back({Capability::light_blue, rgb.blue, {}});
  }
}

}  // namespace rytme::devices
