// SPDX-License-Identifier: Apache-2.0
// From reset to run_node() on a Cortex-M: memory as C++ expects it. The vectors stand in each board's own
// file.
#include "firmware/boards/cortex_m/start.hpp"

#include <cstdint>

extern "C" {
// From the linker script.
extern std::uint32_t data_load, data_begin, data_end, bss_begin, bss_end;

// Copies what has an initial value, clears the rest; .noinit stays as it was.
[[noreturn]] void reset_handler() {
  const std::uint32_t* from = &data_load;
  for (std::uint32_t* to = &data_begin; to < &data_end;) *to++ = *from++;
  for (std::uint32_t* to = &bss_begin; to < &bss_end;) *to++ = 0;
  run_node();
}

// What should not happen: the processor stands still until its watchdog starts it anew.
[[noreturn]] void fault_handler() {
  for (;;) {
  }
}

// Asked for by virtual functions without a body; never called.
[[noreturn]] void __cxa_pure_virtual() { fault_handler(); }  // NOLINT(bugprone-reserved-identifier)
}

// An index outside its array: the processor stands still as for any fault.
namespace std {
[[noreturn]] void __throw_out_of_range_fmt(const char*, ...);  // NOLINT(bugprone-reserved-identifier)
void __throw_out_of_range_fmt(const char*, ...) { fault_handler(); }
}  // namespace std
