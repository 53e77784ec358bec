// SPDX-License-Identifier: Apache-2.0
#include "controller/app/setup_line.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

namespace rytme::app {
namespace {

constexpr int tries = 3;
constexpr std::chrono::milliseconds quiet_after_error{200};  // no slave answers later than this

std::string words_of(modbus::Answer answer) {
  switch (answer) {
    case modbus::Answer::ok:
      return "";
    case modbus::Answer::timeout:
      return "no answer";
    case modbus::Answer::garbled:
      return "garbled answer";
    case modbus::Answer::refused:
      return "the device refuses it";
    case modbus::Answer::busy:
      return "the device is busy";
    case modbus::Answer::unreachable:
      return "the gateway does not reach it";
    case modbus::Answer::lost:
      break;
  }
  return "the bus is gone";
}

std::uint8_t unused_unit(const settings::House& house, BusIndex bus) {
  const auto used = [&](int unit) {
    return std::any_of(
        house.devices.begin(), house.devices.end(), [&](const settings::DeviceSettings& device) {
          const auto own = device.params.find("unit");
          return device.bus == bus && own != device.params.end() && own->second == std::to_string(unit);
        });
  };
  int unit = 247;
  while (unit > 1 && used(unit)) --unit;
  return static_cast<std::uint8_t>(unit);
}

}  // namespace

SetupLine::SetupLine(const settings::House& house, BusIndex bus)
    : bus_(house.buses.at(bus)), line_(bus_, unused_unit(house, bus)) {}

std::string SetupLine::open() {
  if (line_.is_open() || line_.open()) return "";
  return "bus \"" + bus_.id + "\" cannot be opened at " + bus_.address + ": " + std::strerror(errno);
}

template <typename Ask>
std::string SetupLine::tried(Ask ask) {
  std::string why;
  for (int i = 0; i < tries; ++i) {
    if (why = open(); !why.empty()) return why;
    const modbus::Answer answer = ask();
    why = words_of(answer);
    if (answer == modbus::Answer::ok || answer == modbus::Answer::refused) return why;
    std::this_thread::sleep_for(quiet_after_error);
    // A late answer on a TCP connection would be taken for the next one.
    if (bus_.transport == settings::BusTransport::tcp || answer == modbus::Answer::lost) line_.close();
  }
  return why;
}

std::string SetupLine::write(const RegisterWrite& write) {
  return tried([&] { return line_.write(write); });
}

std::string SetupLine::read(const RegisterRead& read, std::vector<std::uint16_t>& values) {
  return tried([&] { return line_.read(read, values); });
}

}  // namespace rytme::app
