// SPDX-License-Identifier: Apache-2.0
// One JSON payload at a time, parsed into memory that is used again for the next. Internal to devices.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json.hpp>

namespace rytme::devices {

class JsonDocument {
 public:
  JsonDocument();

  // nullptr: not JSON, or nested deeper than 16. Valid until the next parse().
  const boost::json::value* parse(std::string_view text);

 private:
  // Room for a motion frame of 256 samples and six axes; larger documents go to the heap.
  std::array<unsigned char, std::size_t{64} * 1024> memory_{};
  std::array<unsigned char, std::size_t{32} * 1024> work_{};
  boost::json::monotonic_resource resource_;
  boost::json::parser parser_;
  std::optional<boost::json::value> document_;
};

// A JSON Pointer taken apart once, so that a message costs no more than the look-ups.
using Pointer = std::vector<std::string>;
Pointer pointer_of(std::string_view text);

// The value at a JSON Pointer; nullptr when absent or null.
const boost::json::value* find(const boost::json::value& root, std::string_view pointer);
const boost::json::value* find(const boost::json::value& root, const Pointer& pointer);
// Any JSON number; nullopt for everything else.
std::optional<double> number_of(const boost::json::value& value);

}  // namespace rytme::devices
