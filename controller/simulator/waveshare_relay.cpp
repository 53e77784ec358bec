// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/waveshare_relay.hpp"

#include <algorithm>

namespace rytme::simulator {
namespace {

constexpr std::uint16_t all_relays = 255;
constexpr std::uint16_t version_address = 0x8000;
constexpr std::uint16_t version = 200;

}  // namespace

bool WaveshareRelay::read(RegisterArea area, std::uint16_t address, std::uint16_t count,
                          std::vector<std::uint16_t>& values, Instant) {
  values.clear();
  if (area == RegisterArea::holding && address == version_address && count == 1) {
    values.push_back(version);
    return true;
  }
  if (area != RegisterArea::coil || std::size_t{address} + count > relays_.size()) return false;
  values.assign(relays_.begin() + address, relays_.begin() + address + count);
  return true;
}

bool WaveshareRelay::write(RegisterArea area, std::uint16_t address, const std::vector<std::uint16_t>& values,
                           Instant) {
  if (area != RegisterArea::coil) return false;
  if (address == all_relays && values.size() == 1) {
    relays_.fill(values[0]);
    return true;
  }
  if (address + values.size() > relays_.size()) return false;
  std::ranges::copy(values, relays_.begin() + address);
  return true;
}

}  // namespace rytme::simulator
