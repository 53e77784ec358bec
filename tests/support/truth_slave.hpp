// SPDX-License-Identifier: Apache-2.0
// A slave whose registers say whose they are: at an even address unit, area and address, at an odd one the
// serial number of the request they were read by. In coils and discrete inputs the same, 16 bits each. So a
// value that was taken for another is recognised with certainty. Holding registers from 1000 on keep what is
// written.
#pragma once

#include <map>
#include <set>
#include <tuple>

#include "controller/simulator/world.hpp"

namespace rytme::test {

constexpr std::uint16_t first_written = 1000;

constexpr std::uint16_t identity(std::uint8_t unit, RegisterArea area, unsigned address) {
  return static_cast<std::uint16_t>(((unit & 0xFU) << 12U) | (static_cast<unsigned>(area) << 10U) |
                                    (address & 0x3FFU));
}

class TruthSlave : public simulator::RegisterPeer {
 public:
  explicit TruthSlave(std::uint8_t unit) : unit_(unit) {}

  void served_by(std::uint64_t serial) { serial_ = static_cast<std::uint16_t>(serial); }
  void reboot() { kept_.clear(); }
  bool has_carried_out(std::uint16_t address, std::uint16_t value) const {
    return carried_out_.contains({address, value});
  }
  std::uint16_t kept(std::uint16_t address) const {
    const auto found = kept_.find(address);
    return found == kept_.end() ? std::uint16_t{0} : found->second;
  }

  std::uint8_t unit() const override { return unit_; }
  bool read(RegisterArea area, std::uint16_t address, std::uint16_t count, std::vector<std::uint16_t>& values,
            Instant) override {
    values.clear();
    for (unsigned at = address; at < unsigned{address} + count; ++at) values.push_back(value(area, at));
    return true;
  }
  bool write(RegisterArea area, std::uint16_t address, const std::vector<std::uint16_t>& values,
             Instant) override {
    if (area == RegisterArea::holding && address < first_written) return false;
    for (const auto value : values) {
      kept_[address] = value;
      carried_out_.insert({address++, value});
    }
    return true;
  }

 private:
  std::uint16_t value(RegisterArea area, unsigned at) const {
    const bool bits = area == RegisterArea::coil || area == RegisterArea::discrete;
    if (!bits && at >= first_written) return kept(static_cast<std::uint16_t>(at));
    if (!bits) return at % 2 == 0 ? identity(unit_, area, at) : serial_;
    const unsigned word = at / 16 % 2 == 0 ? identity(unit_, area, at - at % 16) : serial_;
    return static_cast<std::uint16_t>((word >> (at % 16)) & 1U);
  }

  std::uint8_t unit_;
  std::uint16_t serial_{};
  std::map<std::uint16_t, std::uint16_t> kept_;
  std::set<std::pair<std::uint16_t, std::uint16_t>> carried_out_;
};

}  // namespace rytme::test
