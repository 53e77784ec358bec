// SPDX-License-Identifier: Apache-2.0
#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

// Silence between two frames on the bus: 3.5 characters, or 1750 µs. Modbus over serial line 1.02, 2.5.1.1.
std::chrono::microseconds silence_of(const BusSettings& bus) {
  if (bus.silence == BusSilence::us1750) return std::chrono::microseconds(1750);
  const int bits = 1 + 8 + (bus.parity == 'N' ? 0 : 1) + bus.stop_bits;
  return std::chrono::microseconds(3'500'000LL * bits / bus.baud);
}

}  // namespace

void warn_link(TableReader& reader, const DeviceSettings& device, const ModbusLink& link,
               const BusSettings& bus) {
  const std::string who = "device \"" + device.id + "\" ";
  const std::string where = "bus \"" + bus.id + "\" ";
  const auto warn = [&](const std::string& text) { reader.warning("bus", text); };
  if (link.response_timeout && bus.response_timeout < *link.response_timeout)
    warn(who + "may take " + std::to_string(link.response_timeout->count()) + " ms to answer, " + where +
         "waits " + std::to_string(bus.response_timeout.count()) + " ms");
  if (bus.transport != BusTransport::rtu) return;
  std::string differs;
  const auto compare = [&](const std::string& key, const std::string& factory, const std::string& line) {
    if (factory != line)
      differs += (differs.empty() ? "" : ", ") + key + " " + factory + " (bus: " + line + ")";
  };
  if (link.baud) compare("baud", std::to_string(*link.baud), std::to_string(bus.baud));
  if (link.parity) compare("parity", {*link.parity}, {bus.parity});
  if (link.stop_bits) compare("stop_bits", std::to_string(*link.stop_bits), std::to_string(bus.stop_bits));
  if (!differs.empty())
    warn(who + "leaves the factory with " + differs + "; set the device to the bus before it is connected");
  if (link.guard && silence_of(bus) < *link.guard)
    warn(who + "wants " + std::to_string(link.guard->count()) + " us of silence between frames, " + where +
         "keeps " + std::to_string(silence_of(bus).count()) + " us");
}

}  // namespace rytme::settings
