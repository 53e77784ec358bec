// SPDX-License-Identifier: Apache-2.0
// Where settings outlive the power: two places that can be written one by one.
#pragma once

#include <cstdint>
#include <span>

namespace rytme::firmware {

class Storage {
 public:
  static constexpr unsigned places = 2;
  // `words` is filled with what stands there, whatever it is. False: cannot be read.
  virtual bool load(unsigned place, std::span<std::uint16_t> words) = 0;
  // Replaces what stands there. May take some tens of milliseconds, never more. False: it does not stand
  // there now.
  virtual bool save(unsigned place, std::span<const std::uint16_t> words) = 0;

 protected:
  ~Storage() = default;
};

}  // namespace rytme::firmware
