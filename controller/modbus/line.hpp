// SPDX-License-Identifier: Apache-2.0
// The wire of one bus: one request, one deadline, and a reply that is judged by itself (frame.hpp).
// libmodbus 3.1.6, recovery NONE, opens, sends, receives and checks the CRC; what it does not do is done
// here:
//   serial: the silence between frames before a request and behind a reply, and the adapter's own echo;
//   TCP: a transaction number per attempt. libmodbus drops the connection's rhythm on a strange one, and
//   sends raw requests with the number 0, so the header is ours.
// Thread: the bus's worker only.
#pragma once

#include <chrono>
#include <memory>
#include <vector>

#include "controller/modbus/frame.hpp"
#include "controller/settings/house.hpp"

struct _modbus;  // NOLINT(bugprone-reserved-identifier): libmodbus names it so

namespace rytme::modbus {

struct LineCounters {
  std::uint64_t foreign{};  // replies to another transaction, thrown away
  std::uint64_t strays{};   // bytes nobody had asked for, thrown away
  bool hears_itself{};      // the adapter returns what is sent, and the settings do not say so
};

class Line {
 public:
  // `unused_unit`: no device of this bus has it.
  Line(settings::BusSettings settings, std::uint8_t unused_unit);
  ~Line();
  Line(const Line&) = delete;
  Line& operator=(const Line&) = delete;

  // A serial line is asked once whether it returns what is sent; then it is listened to as with
  // echo_suppress.
  bool open();
  bool is_open() const { return context_ != nullptr; }
  void close() { context_.reset(); }

  // One value per register or bit. A TCP connection that cannot be trusted any more is closed: after a broken
  // frame, after three transactions in a row without an answer, and without tid_strict after the first.
  Answer read(const RegisterRead& read, std::vector<std::uint16_t>& values);
  Answer write(const RegisterWrite& write);

  const LineCounters& counters() const { return counters_; }

 private:
  struct Free {
    void operator()(_modbus* context) const;
  };
  Answer exchange(std::uint8_t unit, const Bytes& request, Bytes& reply);
  Answer exchange_serial(std::uint8_t unit, const Bytes& request, Bytes& reply);
  Answer exchange_tcp(std::uint8_t unit, const Bytes& request, Bytes& reply);
  Answer receive_tcp(TcpHeader expected, const Bytes& request, Bytes& reply);
  Answer receive(Instant deadline, Bytes& frame);
  Answer fall_silent(std::size_t tolerated);
  Answer take_echo(const Bytes& sent, Instant deadline);
  bool send_serial(std::uint8_t unit, const Bytes& request);
  bool probe_echo();
  int socket() const;

  settings::BusSettings settings_;
  std::uint8_t unused_unit_;
  std::unique_ptr<_modbus, Free> context_;
  Instant last_traffic_{};
  bool suppress_echo_;
  bool probed_{};
  std::uint16_t transaction_{};
  int unanswered_{};  // TCP, in a row
  LineCounters counters_;
};

// Silence that separates two frames on a serial line, Modbus over serial line 1.02, 2.5.1.1.
std::chrono::microseconds frame_silence(const settings::BusSettings& settings);
// How long so many bytes take on the line; 0 for TCP.
std::chrono::microseconds wire_time(const settings::BusSettings& settings, std::size_t bytes);
// How long a serial line, or the slave that failed, is left alone after a transaction without a proper reply;
// 0 for TCP.
std::chrono::milliseconds quiet_time(const settings::BusSettings& settings);

}  // namespace rytme::modbus
