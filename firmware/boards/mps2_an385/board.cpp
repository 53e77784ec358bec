// SPDX-License-Identifier: Apache-2.0
#include "firmware/boards/mps2_an385/board.hpp"

#include <algorithm>

#include "firmware/boards/cortex_m/core_registers.hpp"
#include "firmware/core/retained.hpp"

namespace rytme::firmware::mps2 {
namespace {

constexpr std::uint32_t clock_hz = 25'000'000;

constexpr std::uintptr_t uart0 = 0x4000'4000;
constexpr std::uintptr_t uart1 = 0x4000'5000;
constexpr std::uintptr_t data = 0, state = 4, control = 8, pending = 12, divider = 16;
constexpr std::uint32_t receive_full = 2, overrun = 8;
constexpr std::uint32_t both_ways_with_interrupts = 15, receive_interrupt = 8;
constexpr std::uint32_t sent_pending = 1, received_pending = 2;

constexpr std::uintptr_t timer = 0x4000'0000;  // 32 bits: control, value, reload

constexpr std::uintptr_t watchdog = 0x4000'8000;
constexpr std::uintptr_t watchdog_load = watchdog, watchdog_control = watchdog + 8,
                         watchdog_clear = watchdog + 12, watchdog_lock = watchdog + 0xC00;
constexpr std::uint32_t watchdog_key = 0x1ACC'E551;
constexpr std::uint32_t interrupt_and_reset = 3;

// A host that is busy may let an emulator stand still for longer than a character or a watchdog lasts.
constexpr LineTiming emulated{Micros(87), Micros(40'000), Micros(2'000), Micros(40'000)};
constexpr std::uint32_t watchdog_ticks = clock_hz * 2;  // it bites at the second expiry: 4 s

Mmio io;
cortex_m::CycleClock cycle_clock(timer + 4, 0xFFFF'FFFF);
Uart line(uart0), other(uart1);

constexpr std::size_t record_words = 32;
struct Kept {
  Retained retained;
  std::array<std::array<std::uint16_t, record_words>, Storage::places> settings;
};
// Nothing is written into it at the start.
alignas(Kept) [[gnu::section(".noinit")]] std::array<std::uint8_t, sizeof(Kept)> kept_memory;
Kept& memory() { return *reinterpret_cast<Kept*>(kept_memory.data()); }

}  // namespace

void Uart::open(std::uint32_t baud) {
  io.store(base_ + divider, clock_hz / baud);
  io.store(base_ + control, both_ways_with_interrupts);
}

void Uart::send(std::span<const std::uint8_t> bytes) {
  next_ = bytes.data();
  left_ = bytes.size();
  io.store(base_ + data, *next_);
}

// What finds no room stays in the port, and an emulator holds the rest back; receive() comes for it.
void Uart::on_received(Instant at) {
  io.store(base_ + pending, received_pending);
  while ((io.load(base_ + state) & receive_full) != 0 && !ring_.is_full()) {
    const bool lost = (io.load(base_ + state) & overrun) != 0;
    if (lost) io.store(base_ + state, overrun);
    ring_.push(static_cast<std::uint8_t>(io.load(base_ + data)), !lost, at);
  }
}

std::optional<Character> Uart::receive(Instant now) {
  if (const auto character = ring_.pop(now)) return character;
  if ((io.load(base_ + state) & receive_full) == 0) return std::nullopt;
  io.store(base_ + control, both_ways_with_interrupts & ~receive_interrupt);
  on_received(now);
  io.store(base_ + control, both_ways_with_interrupts);
  return ring_.pop(now);
}

void Uart::on_sent() {
  io.store(base_ + pending, sent_pending);
  if (left_ == 0) return;
  left_ = left_ - 1;
  if (left_ > 0) io.store(base_ + data, *++next_);
}

void Mps2Board::begin() {
  memory().retained.begin();
  io.store(timer + 8, 0xFFFF'FFFF);
  io.store(timer, 1);
  cycle_clock.start(io, clock_hz);
  io.store(cortex_m::systick_reload, clock_hz / 1000 - 1);
  io.store(cortex_m::systick_control, cortex_m::systick_with_interrupt);
  other.open(115'200);
  for (const unsigned interrupt : {0U, 1U, 2U, 3U}) cortex_m::enable_interrupt(io, interrupt);
}

void Mps2Board::rest() { asm volatile("wfi"); }

Instant Mps2Board::now() { return cycle_clock.now(io); }

LineTiming Mps2Board::open_line(const LineFormat& format) {
  line.open(format.baud);  // this UART has neither parity nor a second stop bit
  return emulated;
}

std::optional<Character> Mps2Board::receive() { return line.receive(now()); }
void Mps2Board::send(std::span<const std::uint8_t> bytes) { line.send(bytes); }
bool Mps2Board::is_sending() { return line.is_sending(); }
Uart& Mps2Board::second_port() { return other; }

void Mps2Board::feed_watchdog() {
  io.store(watchdog_lock, watchdog_key);
  if (io.load(watchdog_control) != interrupt_and_reset) {
    io.store(watchdog_load, watchdog_ticks);
    io.store(watchdog_control, interrupt_and_reset);
  }
  io.store(watchdog_clear, 1);
  io.store(watchdog_lock, 0);
}

void Mps2Board::restart() {
  io.store(cortex_m::reset_control, cortex_m::request_reset);
  for (;;) {
  }
}

std::uint16_t Mps2Board::starts() { return memory().retained.starts(); }
void Mps2Board::keep(const Levels& levels) { memory().retained.keep(levels); }
Levels Mps2Board::kept() const { return memory().retained.levels(); }

bool Mps2Board::load(unsigned place, std::span<std::uint16_t> words) {
  const auto& there = memory().settings.at(place);
  std::copy_n(there.begin(), words.size(), words.begin());
  return true;
}

bool Mps2Board::save(unsigned place, std::span<const std::uint16_t> words) {
  std::copy(words.begin(), words.end(), memory().settings.at(place).begin());
  return true;
}

Mps2Board& board() {
  static Mps2Board only;
  return only;
}

}  // namespace rytme::firmware::mps2

extern "C" {

extern std::uint32_t stack_top;
[[noreturn]] void reset_handler();
[[noreturn]] void fault_handler();

static void on_tick() {}  // ends a rest
static void on_line_received() {
  rytme::firmware::mps2::line.on_received(rytme::firmware::mps2::board().now());
}
static void on_line_sent() { rytme::firmware::mps2::line.on_sent(); }
static void on_other_received() {
  rytme::firmware::mps2::other.on_received(rytme::firmware::mps2::board().now());
}
static void on_other_sent() { rytme::firmware::mps2::other.on_sent(); }

using Handler = void (*)();
struct Vectors {
  const void* stack;
  std::array<Handler, 19> handlers;
};
// Exceptions 1 to 15, then the interrupts of the two UARTs.
extern const Vectors vectors;
[[gnu::section(".vectors"), gnu::used]] const Vectors vectors{
    &stack_top,
    {reset_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, nullptr,
     nullptr, nullptr, nullptr, fault_handler, fault_handler, nullptr, fault_handler, on_tick,
     on_line_received, on_line_sent, on_other_received, on_other_sent}};
}
