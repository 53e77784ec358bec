// SPDX-License-Identifier: Apache-2.0
// What a board gives to a node: the few functions that are written for another one (firmware/README.md). All
// are called from the main loop, none waits longer than it says.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "firmware/core/dimmer.hpp"
#include "firmware/core/line_timing.hpp"
#include "firmware/core/storage.hpp"
#include "firmware/core/time.hpp"
#include "firmware/protocol/motion_registers.hpp"

namespace rytme::firmware {

struct Character {
  std::uint8_t byte{};
  bool good{};   // parity and stop bit were right
  Instant at{};  // its end
};

class Board {
 public:
  virtual Instant now() = 0;
  // Sets the RS-485 line, once, before anything else is done with it. Returns timing_of(format); an emulator,
  // whose characters come when the host likes, longer times.
  virtual LineTiming open_line(const LineFormat& format) = 0;
  // The next character from the line; nullopt: none has come. What is heard while sending is left out.
  virtual std::optional<Character> receive() = 0;
  // Begins to send and returns at once; `bytes` stays as it is while is_sending(). The line is driven for the
  // last stop bit and no longer.
  virtual void send(std::span<const std::uint8_t> bytes) = 0;
  virtual bool is_sending() = 0;
  virtual Storage& storage() = 0;
  // The watchdog of the processor starts it anew unless it is fed every 100 ms; it runs from the first call
  // on.
  virtual void feed_watchdog() = 0;
  [[noreturn]] virtual void restart() = 0;
  // Since power came, this one left out.
  virtual std::uint16_t starts() = 0;
  // Another number at each start of power, or 0 where the board has none.
  virtual std::uint16_t chance() = 0;

 protected:
  ~Board() = default;
};

// The sensor of a motion node. One sample for each 10 ms.
class ImuSource {
 public:
  struct Taken {
    Sample sample;
    std::uint32_t missed{};  // between the sample before and this one
  };
  virtual std::optional<Taken> poll(Instant now) = 0;
  virtual bool is_present() const = 0;
  // 0.01 degC; nullopt: not known.
  virtual std::optional<std::int16_t> temperature() const = 0;
  // It says the same over and over: begin anew with it.
  virtual void restart(Instant now) = 0;

 protected:
  ~ImuSource() = default;
};

class Light {
 public:
  virtual void set(bool on) = 0;

 protected:
  ~Light() = default;
};

// Four outputs; and the inputs beside them.
class DimmerOutputs {
 public:
  // `at`: when the light was to have them.
  virtual void set(const Levels& levels, Instant at) = 0;
  // What the hardware really has now.
  virtual Levels read_back() = 0;
  virtual DimmerInputs inputs() = 0;
  // Where the light was before a start without loss of power; dark after one.
  virtual Levels before_start() = 0;

 protected:
  ~DimmerOutputs() = default;
};

}  // namespace rytme::firmware
