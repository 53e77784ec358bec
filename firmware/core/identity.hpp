// SPDX-License-Identifier: Apache-2.0
// What a node says it is, function 43/14.
#pragma once

#include <array>
#include <string_view>

namespace rytme::firmware {

// Objects 0 to 6 of MODBUS Application Protocol V1.1b3, 6.21: vendor, product code, revision, address of the
// vendor, product name, model, name of the application. Texts live as long as the program; each of at most
// 240 characters.
struct Identity {
  static constexpr std::size_t basic_objects = 3;
  std::array<std::string_view, 7> objects;
};

}  // namespace rytme::firmware
