// SPDX-License-Identifier: Apache-2.0
#include "controller/modbus/line.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include <arpa/inet.h>
#include <modbus/modbus.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rytme::modbus {
namespace {

using settings::BusSettings;
using settings::BusTransport;

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t serial_overhead = 3;  // unit and checksum round a PDU
constexpr std::size_t smallest_frame =
    5;                                 // an exception; less is a glitch of a driver that lets go of the line
constexpr int trusted_unanswered = 3;  // transactions on a TCP connection
constexpr std::chrono::milliseconds babble = 50ms;  // a line that does not fall silent for so long is no line
constexpr std::chrono::milliseconds echo_delay = 50ms;  // of an adapter on USB, generously

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

// Remaining time of a reply; never 0, which libmodbus takes for "for ever".
void set_patience(modbus_t* context, Instant deadline) {
  const auto left = std::max<std::chrono::microseconds>(
      std::chrono::duration_cast<std::chrono::microseconds>(deadline - Clock::now()), 1us);
  const auto whole = std::chrono::duration_cast<std::chrono::seconds>(left);
  modbus_set_response_timeout(context, static_cast<std::uint32_t>(whole.count()),
                              static_cast<std::uint32_t>((left - whole).count()));
}

Answer answer_from(int error) {
  switch (error) {
    case ETIMEDOUT:
      return Answer::timeout;
    case EMBBADCRC:
    case EMBBADDATA:
    case EMBMDATA:
    case EMBBADSLAVE:
      return Answer::garbled;
    default:
      return Answer::lost;
  }
}

// Whether there is something to read by then; a time that has passed means now.
bool readable(int fd, Instant until) {
  const auto left = std::max<std::chrono::nanoseconds>(until - Clock::now(), 0ns);
  const timespec limit{std::chrono::duration_cast<std::chrono::seconds>(left).count(), (left % 1s).count()};
  pollfd one{fd, POLLIN, 0};
  return ::ppoll(&one, 1, &limit, nullptr) > 0;
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

std::chrono::milliseconds quiet_time(const BusSettings& settings) {
  if (settings.transport == BusTransport::tcp) return 0ms;
  return std::max(settings.quiet, settings.response_timeout);
}

void Line::Free::operator()(_modbus* context) const {
  modbus_close(context);
  modbus_free(context);
}

Line::Line(BusSettings settings, std::uint8_t unused_unit)
    : settings_(std::move(settings)), unused_unit_(unused_unit), suppress_echo_(settings_.echo_suppress) {}
Line::~Line() = default;

int Line::socket() const { return modbus_get_socket(context_.get()); }

// A fresh context each time: nothing of the old line is left in it.
bool Line::open() {
  std::unique_ptr<_modbus, Free> context(new_context(settings_));
  if (!context) return false;
  modbus_set_error_recovery(context.get(), MODBUS_ERROR_RECOVERY_NONE);
  set_patience(context.get(), Clock::now() + settings_.response_timeout);  // for the TCP connect
  modbus_set_byte_timeout(context.get(), 0, 0);                            // the whole reply has one deadline
  if (modbus_connect(context.get()) != 0) return false;
  if (modbus_get_socket(context.get()) >= FD_SETSIZE) return false;  // libmodbus selects on it
  context_ = std::move(context);
  last_traffic_ = Clock::now();
  unanswered_ = 0;
  if (settings_.transport == BusTransport::tcp || suppress_echo_ || probed_) return true;
  if (!probe_echo()) close();
  return is_open();
}

// Asks a unit that is not there. An adapter that returns what is sent would pass the echo of a write for its
// reply.
bool Line::probe_echo() {
  const Bytes request = request_pdu(RegisterRead{0, unused_unit_, RegisterArea::holding, 0, 1, {}});
  if (fall_silent(SIZE_MAX) != Answer::ok || !send_serial(unused_unit_, request)) return false;
  const auto wait = echo_delay + wire_time(settings_, request.size() + serial_overhead);
  const Answer echo = take_echo(request, Clock::now() + wait);
  if (echo == Answer::lost) return false;
  counters_.hears_itself = suppress_echo_ = echo == Answer::ok;
  probed_ = true;
  return true;
}

Answer Line::read(const RegisterRead& read, std::vector<std::uint16_t>& values) {
  Bytes reply;
  const Answer answer = exchange(read.unit, request_pdu(read), reply);
  values.clear();
  if (answer == Answer::ok) values = values_of(read, reply);
  return answer;
}

Answer Line::write(const RegisterWrite& write) {
  Bytes reply;
  return exchange(write.unit, request_pdu(write), reply);
}

Answer Line::exchange(std::uint8_t unit, const Bytes& request, Bytes& reply) {
  const bool serial = settings_.transport == BusTransport::rtu;
  // Unit 0 is for everybody, who would not answer; no device has a unit above 247.
  if (modbus_set_slave(context_.get(), unit) != 0 || (serial && unit == 0)) return Answer::refused;
  return serial ? exchange_serial(unit, request, reply) : exchange_tcp(unit, request, reply);
}

Answer Line::exchange_serial(std::uint8_t unit, const Bytes& request, Bytes& reply) {
  if (const Answer silent = fall_silent(SIZE_MAX); silent != Answer::ok) return silent;
  if (!send_serial(unit, request)) return Answer::lost;
  const auto bytes = request.size() + reply_length(request) + 2 * serial_overhead;
  const Instant deadline = Clock::now() + settings_.response_timeout + wire_time(settings_, bytes);
  if (suppress_echo_) {
    const Answer echo = take_echo(request, deadline);
    if (echo != Answer::ok) return echo;
  }
  Bytes frame;
  const Answer received = receive(deadline, frame);
  last_traffic_ = Clock::now();
  if (received != Answer::ok) return received;
  if (frame.size() < smallest_frame || frame[0] != unit) return Answer::garbled;
  reply.assign(frame.begin() + 1, frame.end() - 2);
  const Answer answer = judge(request, reply);
  if (answer == Answer::garbled) return answer;
  // A frame ends in silence. Where another begins, nobody knows which of them was the reply.
  const Answer silent = fall_silent(smallest_frame - 1);
  return silent == Answer::ok ? answer : silent;
}

// libmodbus adds the checksum.
bool Line::send_serial(std::uint8_t unit, const Bytes& request) {
  Bytes raw{unit};
  raw.insert(raw.end(), request.begin(), request.end());
  const int sent = modbus_send_raw_request(context_.get(), raw.data(), static_cast<int>(raw.size()));
  last_traffic_ = Clock::now();
  return sent >= 0;
}

Answer Line::receive(Instant deadline, Bytes& frame) {
  if (Clock::now() >= deadline) return Answer::timeout;
  set_patience(context_.get(), deadline);
  frame.resize(MODBUS_TCP_MAX_ADU_LENGTH);
  const int received = modbus_receive_confirmation(context_.get(), frame.data());
  const int error = errno;
  frame.resize(static_cast<std::size_t>(std::max(received, 0)));
  if (received > 0) return Answer::ok;
  return received == 0 ? Answer::garbled : answer_from(error);  // 0: from another unit
}

// Throws away what comes unasked, until nothing has come for as long as frames are apart.
Answer Line::fall_silent(std::size_t tolerated) {
  const Instant limit = Clock::now() + babble;
  std::size_t strays = 0;
  while (readable(socket(), last_traffic_ + frame_silence(settings_))) {
    std::array<std::uint8_t, 256> bytes{};
    const auto got = ::read(socket(), bytes.data(), bytes.size());
    if (got == 0 || (got < 0 && errno != EAGAIN)) return Answer::lost;
    const auto bytes_got = static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    strays += bytes_got;
    counters_.strays += bytes_got;
    last_traffic_ = Clock::now();
    if (last_traffic_ > limit) return Answer::garbled;
  }
  return strays > tolerated ? Answer::garbled : Answer::ok;
}

// The bytes just sent must come back before anything else.
Answer Line::take_echo(const Bytes& sent, Instant deadline) {
  Bytes echo(sent.size() + serial_overhead);
  std::size_t have = 0;
  while (have < echo.size()) {
    if (!readable(socket(), deadline)) return Answer::timeout;
    const auto got = ::read(socket(), echo.data() + have, echo.size() - have);
    if (got == 0 || (got < 0 && errno != EAGAIN)) return Answer::lost;
    have += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    last_traffic_ = Clock::now();
  }
  return std::equal(sent.begin(), sent.end(), echo.begin() + 1) ? Answer::ok : Answer::garbled;
}

Answer Line::exchange_tcp(std::uint8_t unit, const Bytes& request, Bytes& reply) {
  const TcpHeader header{++transaction_, unit};
  const Bytes frame = tcp_frame(header, request);
  modbus_flush(context_.get());
  const auto sent = ::send(socket(), frame.data(), frame.size(), MSG_NOSIGNAL);
  if (sent != static_cast<ssize_t>(frame.size())) return Answer::lost;
  const Answer answer = receive_tcp(header, request, reply);
  const bool answered = answer != Answer::timeout && answer != Answer::garbled && answer != Answer::lost;
  unanswered_ = answered ? 0 : unanswered_ + 1;
  const int trusted = settings_.tid_strict ? trusted_unanswered : 1;
  if (unanswered_ >= trusted) close();
  return answer;
}

// Answers to earlier attempts are thrown away until ours comes, or its time is over.
Answer Line::receive_tcp(TcpHeader expected, const Bytes& request, Bytes& reply) {
  const Instant deadline = Clock::now() + settings_.response_timeout;
  Answer none = Answer::timeout;
  for (;;) {
    Bytes frame;
    const Answer received = receive(deadline, frame);
    if (received == Answer::timeout) return none;
    if (received == Answer::lost) return received;
    const auto header = received == Answer::ok ? tcp_header(frame) : std::nullopt;
    if (!header) {
      unanswered_ = trusted_unanswered;  // what follows on this connection is not known to begin a frame
      return Answer::garbled;
    }
    if (settings_.tid_strict && header->transaction != expected.transaction) {
      ++counters_.foreign;
      none = Answer::garbled;
      continue;
    }
    if (header->unit != expected.unit) return Answer::garbled;
    reply.assign(frame.begin() + TcpHeader::bytes, frame.end());
    // One request, one reply: what follows at once may be the rest of a frame whose beginning stands in this
    // one.
    const bool two_in_one = ends_in_another(frame, expected.transaction) || readable(socket(), Clock::now());
    if (!two_in_one) return judge(request, reply);
    unanswered_ = trusted_unanswered;
    return Answer::garbled;
  }
}

}  // namespace rytme::modbus
