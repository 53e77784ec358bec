// SPDX-License-Identifier: Apache-2.0
// Registers of the hardware by address. Drivers take such an object as their first argument, so that tests on
// the host can give them a model in its place.
#pragma once

#include <cstdint>

namespace rytme::firmware {

struct Mmio {
  std::uint32_t load(std::uintptr_t address) const {
    return *reinterpret_cast<volatile std::uint32_t*>(address);
  }
  void store(std::uintptr_t address, std::uint32_t value) const {
    *reinterpret_cast<volatile std::uint32_t*>(address) = value;
  }
  // The main loop does what an interrupt would do. Not nested.
  void hold_interrupts() const { asm volatile("cpsid i" ::: "memory"); }
  void release_interrupts() const { asm volatile("cpsie i" ::: "memory"); }
  // Flash memory is programmed by half words.
  void store_half(std::uintptr_t address, std::uint16_t value) const {
    *reinterpret_cast<volatile std::uint16_t*>(address) = value;
  }
};

template <typename Io>
void set_bits(Io& io, std::uintptr_t address, std::uint32_t bits) {
  io.store(address, io.load(address) | bits);
}
template <typename Io>
void clear_bits(Io& io, std::uintptr_t address, std::uint32_t bits) {
  io.store(address, io.load(address) & ~bits);
}
// `width` bits at `shift`.
template <typename Io>
void set_field(Io& io, std::uintptr_t address, unsigned shift, unsigned width, std::uint32_t value) {
  const std::uint32_t mask = ((1U << width) - 1U) << shift;
  io.store(address, (io.load(address) & ~mask) | (value << shift));
}

// Waits until a bit is as wanted, so many looks at most: no wait is without an end.
template <typename Io>
bool await_bits(Io& io, std::uintptr_t address, std::uint32_t mask, std::uint32_t wanted, unsigned looks) {
  for (; looks > 0; --looks)
    if ((io.load(address) & mask) == wanted) return true;
  return false;
}

}  // namespace rytme::firmware
