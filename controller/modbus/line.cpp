// SPDX-License-Identifier: Apache-2.0
#include "controller/modbus/line.hpp"

#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <modbus/modbus.h>
#include <sys/select.h>

namespace rytme::modbus {
namespace {

using settings::BusSettings;
using settings::BusTransport;

constexpr std::size_t frame_overhead = 16;  // both frames of a transaction without the values, rounded up

// Start, 8 data, parity, stop.
int bits_per_character(const BusSettings& settings) {
  return 1 + 8 + (settings.parity == 'N' ? 0 : 1) + settings.stop_bits;
}

struct Endpoint {
  std::string ip;
  int port{};
};

// IPv4 only, no names: libmodbus would block in the resolver.
std::optional<Endpoint> endpoint_from(const std::string& address) {
  const auto colon = address.rfind(':');
  if (colon == std::string::npos) return std::nullopt;
  Endpoint endpoint{address.substr(0, colon), 0};
  in_addr parsed{};
  const char* end = address.data() + address.size();
  const auto [rest, error] = std::from_chars(address.data() + colon + 1, end, endpoint.port);
  const bool good = error == std::errc{} && rest == end && endpoint.port > 0 && endpoint.port <= 65535;
  if (!good || inet_pton(AF_INET, endpoint.ip.c_str(), &parsed) != 1) return std::nullopt;
  return endpoint;
}

modbus_t* new_context(const BusSettings& settings) {
  if (settings.transport == BusTransport::rtu) {
    return modbus_new_rtu(settings.address.c_str(), settings.baud, settings.parity, 8, settings.stop_bits);
  }
  const auto endpoint = endpoint_from(settings.address);
  return endpoint ? modbus_new_tcp(endpoint->ip.c_str(), endpoint->port) : nullptr;
}

void set_response_timeout(modbus_t* context, std::chrono::microseconds limit) {
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(limit);
  modbus_set_response_timeout(context, static_cast<std::uint32_t>(whole.count()),
                              static_cast<std::uint32_t>((limit - whole).count()));
}

Answer answer_from(int error) {
  switch (error) {
    case ETIMEDOUT:
      return Answer::timeout;
    case EMBXGPATH:
    case EMBXGTAR:
      return Answer::unreachable;
    case EMBBADCRC:
    case EMBBADDATA:
    case EMBBADEXC:
    case EMBUNKEXC:
    case EMBMDATA:
    case EMBBADSLAVE:
      return Answer::garbled;
    case EMBXACK:
    case EMBXSBUSY:
    case EMBXNACK:
    case EMBXMEMPAR:
      return Answer::busy;
    case EMBXILFUN:
    case EMBXILADD:
    case EMBXILVAL:
    case EMBXSFAIL:
      return Answer::refused;
    default:
      return Answer::lost;
  }
}

}  // namespace

std::chrono::microseconds frame_silence(const BusSettings& settings) {
  if (settings.silence == settings::BusSilence::us1750) return std::chrono::microseconds{1750};
  const std::int64_t numerator = 35LL * bits_per_character(settings) * 100000;
  return std::chrono::microseconds{(numerator + settings.baud - 1) / settings.baud};
}

std::chrono::microseconds wire_time(const BusSettings& settings, std::size_t bytes) {
  if (settings.transport == BusTransport::tcp) return std::chrono::microseconds{0};
  const auto bits = static_cast<std::int64_t>(bytes) * bits_per_character(settings);
  return std::chrono::microseconds{bits * 1000000 / settings.baud};
}

void Line::Free::operator()(_modbus* context) const {
  modbus_close(context);
  modbus_free(context);
}

Line::Line(BusSettings settings) : settings_(std::move(settings)) {}
Line::~Line() = default;

// A fresh context each time: nothing of the old line is left in it.
bool Line::open() {
  std::unique_ptr<_modbus, Free> context(new_context(settings_));
  if (!context) return false;
  modbus_set_error_recovery(context.get(), MODBUS_ERROR_RECOVERY_NONE);
  set_response_timeout(context.get(), settings_.response_timeout);  // for the TCP connect
  modbus_set_byte_timeout(context.get(), 0, 0);                     // the whole reply has one deadline
  if (modbus_connect(context.get()) != 0) return false;
  if (modbus_get_socket(context.get()) >= FD_SETSIZE) return false;  // libmodbus selects on it
  context_ = std::move(context);
  last_traffic_ = std::chrono::steady_clock::now();
  return true;
}

bool Line::prepare(std::uint8_t unit, std::size_t bytes_both_ways) {
  if (settings_.transport == BusTransport::rtu) {
    std::this_thread::sleep_until(last_traffic_ + frame_silence(settings_));
  }
  set_response_timeout(context_.get(), settings_.response_timeout + wire_time(settings_, bytes_both_ways));
  if (modbus_flush(context_.get()) < 0) return false;
  if (modbus_set_slave(context_.get(), unit) == 0) return true;
  errno = EMBXILVAL;  // no such unit: refused, and the line is as good as before
  return false;
}

Answer Line::done(int result, std::size_t expected) {
  const int error = errno;
  last_traffic_ = std::chrono::steady_clock::now();
  if (result >= 0) return static_cast<std::size_t>(result) == expected ? Answer::ok : Answer::garbled;
  return answer_from(error);
}

Answer Line::read(const RegisterRead& read, std::vector<std::uint16_t>& values) {
  values.clear();
  const bool bits = read.area == RegisterArea::coil || read.area == RegisterArea::discrete;
  const std::size_t bytes = bits ? read.count / 8u + 1u : 2u * read.count;
  const int result = !prepare(read.unit, frame_overhead + bytes) ? -1
                     : bits                                      ? read_bits(read, values)
                                                                 : read_registers(read, values);
  const Answer answer = done(result, read.count);
  if (answer != Answer::ok) values.clear();
  return answer;
}

int Line::read_bits(const RegisterRead& read, std::vector<std::uint16_t>& values) {
  std::vector<std::uint8_t> bits(read.count);
  const auto function = read.area == RegisterArea::coil ? modbus_read_bits : modbus_read_input_bits;
  const int result = function(context_.get(), read.address, read.count, bits.data());
  const int error = errno;
  values.assign(bits.begin(), bits.end());
  errno = error;
  return result;
}

int Line::read_registers(const RegisterRead& read, std::vector<std::uint16_t>& values) {
  values.resize(read.count);
  const auto function =
      read.area == RegisterArea::holding ? modbus_read_registers : modbus_read_input_registers;
  return function(context_.get(), read.address, read.count, values.data());
}

Answer Line::write(const RegisterWrite& write) {
  const bool bits = write.area == RegisterArea::coil;
  const std::size_t bytes = bits ? write.values.size() / 8 + 1 : 2 * write.values.size();
  const int result = !prepare(write.unit, frame_overhead + bytes) ? -1
                     : bits                                       ? write_bits(write)
                                                                  : write_registers(write);
  return done(result, write.values.size());
}

// One value goes as function 05 or 06, which almost every device knows; several at once as 0F or 10.
int Line::write_bits(const RegisterWrite& write) {
  if (write.values.size() == 1 && !write.multiple) {
    return modbus_write_bit(context_.get(), write.address, write.values[0] != 0 ? 1 : 0);
  }
  std::vector<std::uint8_t> bits;
  for (const auto value : write.values) bits.push_back(value != 0 ? 1 : 0);
  return modbus_write_bits(context_.get(), write.address, static_cast<int>(bits.size()), bits.data());
}

int Line::write_registers(const RegisterWrite& write) {
  if (write.values.size() == 1 && !write.multiple)
    return modbus_write_register(context_.get(), write.address, write.values[0]);
  return modbus_write_registers(context_.get(), write.address, static_cast<int>(write.values.size()),
                                write.values.data());
}

}  // namespace rytme::modbus
