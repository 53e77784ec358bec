// SPDX-License-Identifier: Apache-2.0
#include "firmware/boards/stm32vldiscovery/board.hpp"

#include <array>

#include "firmware/boards/cortex_m/core_registers.hpp"
#include "firmware/core/retained.hpp"

namespace rytme::firmware::stm32 {
namespace {

constexpr unsigned light_pin = 9;               // port C
constexpr unsigned stop_pin = 0, mute_pin = 1;  // port B, to ground by a contact
constexpr LineTiming emulated{Micros(87), Micros(40'000), Micros(2'000), Micros(40'000)};

Mmio io;
cortex_m::CycleClock cycle_clock(cortex_m::systick_value, cortex_m::systick_mask);
Rs485<Mmio> line(io);
Wires<Mmio> wires(io);
Pwm<Mmio> pwm(io);
Watchdog<Mmio> watchdog(io);
FlashStorage<Mmio> storage_pages(io);

alignas(Retained) [[gnu::section(".noinit")]] std::array<std::uint8_t, sizeof(Retained)> retained_memory;
Retained& retained() { return *reinterpret_cast<Retained*>(retained_memory.data()); }

}  // namespace

void Discovery::begin() {
  retained().begin();
  clock_ = start_clock(io);
  start_peripherals(io);
  cortex_m::start_systick(io);
  cycle_clock.start(io, clock_.hz);
  cortex_m::enable_interrupt(io, usart::interrupt);
}

Instant Discovery::now() { return cycle_clock.now(io); }

LineTiming Discovery::open_line(const LineFormat& format) {
  line.open(format, clock_.hz);
  return clock_.emulated ? emulated : timing_of(format);
}

std::optional<Character> Discovery::receive() { return line.receive(now()); }
void Discovery::send(std::span<const std::uint8_t> bytes) { line.send(bytes); }
bool Discovery::is_sending() { return line.is_sending(); }
Storage& Discovery::storage() { return storage_pages; }
void Discovery::feed_watchdog() { watchdog.feed(); }

void Discovery::restart() {
  io.store(cortex_m::reset_control, cortex_m::request_reset);
  for (;;) {
  }
}

std::uint16_t Discovery::starts() { return retained().starts(); }
std::uint16_t Discovery::chance() { return retained().chance(); }

Wires<Mmio>& Discovery::open_wires() {
  set_pin(io, gpio::c, light_pin, gpio::push_pull);
  wires.open(clock_.hz);
  return wires;
}

void Discovery::set(bool on) { write_pin(io, gpio::c, light_pin, on); }

void Discovery::open_outputs() {
  for (const unsigned pin : {stop_pin, mute_pin}) {
    set_pin(io, gpio::b, pin, gpio::pulled_input);
    write_pin(io, gpio::b, pin, true);
  }
  pwm.open(retained().levels());
}

void Discovery::set(const Levels& levels, Instant) {
  pwm.set(levels);
  retained().keep(levels);
}

Levels Discovery::read_back() { return pwm.read_back(); }
Levels Discovery::before_start() { return retained().levels(); }

// Both contacts go to ground. The stop is closed as long as all is well, mute is closed to mute.
DimmerInputs Discovery::inputs() {
  return {read_pin(io, gpio::b, stop_pin), !read_pin(io, gpio::b, mute_pin)};
}

Discovery& board() {
  static Discovery only;
  return only;
}

}  // namespace rytme::firmware::stm32

extern "C" {

extern std::uint32_t stack_top;
[[noreturn]] void reset_handler();
[[noreturn]] void fault_handler();

static void on_line() { rytme::firmware::stm32::line.on_interrupt(rytme::firmware::stm32::board().now()); }

using Handler = void (*)();
constexpr unsigned last_interrupt = rytme::firmware::stm32::usart::interrupt;
struct Vectors {
  const void* stack;
  std::array<Handler, 15 + last_interrupt + 1> handlers;
};
// Exceptions 1 to 15, then the interrupts, of which USART2's is the last that is used.
constexpr Vectors make_vectors() {
  Vectors out{&stack_top, {}};
  out.handlers.fill(fault_handler);
  out.handlers[0] = reset_handler;
  out.handlers[15 + last_interrupt] = on_line;
  return out;
}
extern const Vectors vectors;
[[gnu::section(".vectors"), gnu::used]] constinit const Vectors vectors = make_vectors();
}
