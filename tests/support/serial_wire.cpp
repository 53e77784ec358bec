// SPDX-License-Identifier: Apache-2.0
#include "tests/support/serial_wire.hpp"

#include <array>
#include <stdexcept>

#include <poll.h>
#include <pty.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#include "controller/simulator/rtu_frame.hpp"

namespace rytme::test {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t header_of_several = 7;  // unit, function, address, count, bytes

// Length of the request that begins so; 0: not known yet.
std::size_t request_length(const Bytes& bytes) {
  if (bytes.size() < 2) return 0;
  if (bytes[1] != 15 && bytes[1] != 16) return 8;
  return bytes.size() < header_of_several ? 0 : header_of_several + bytes[6] + 2;
}

}  // namespace

SerialWire::SerialWire(Settings settings, std::vector<std::unique_ptr<TruthSlave>> slaves)
    : settings_(std::move(settings)), slaves_(std::move(slaves)) {
  for (const auto& slave : slaves_) peers_.push_back(slave.get());
  std::array<char, 128> name{};
  termios raw{};
  cfmakeraw(&raw);
  if (openpty(&master_, &slave_, name.data(), &raw, nullptr) != 0) throw std::runtime_error("no pty");
  path_ = name.data();
  thread_ = std::thread([this] { run(); });
}

SerialWire::~SerialWire() {
  stopping_ = true;
  thread_.join();
  close(master_);
  close(slave_);
}

void SerialWire::with_slave(std::uint8_t unit, const std::function<void(TruthSlave&)>& look) {
  const std::lock_guard lock(mutex_);
  for (const auto& slave : slaves_)
    if (slave->unit() == unit) look(*slave);
}

void SerialWire::say(Bytes bytes) {
  const std::lock_guard lock(mutex_);
  said_ = std::move(bytes);
}

void SerialWire::script(Script script) {
  const std::lock_guard lock(mutex_);
  script_ = std::move(script);
}

bool SerialWire::readable(Instant until) {
  const auto left = std::max<std::chrono::nanoseconds>(until - Clock::now(), 0ns);
  const timespec limit{std::chrono::duration_cast<std::chrono::seconds>(left).count(), (left % 1s).count()};
  pollfd one{master_, POLLIN, 0};
  return ::ppoll(&one, 1, &limit, nullptr) > 0;
}

void SerialWire::run() {
  ::prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
  while (!stopping_) {
    {
      const std::lock_guard lock(mutex_);
      if (!said_.empty()) schedule_at_once(std::exchange(said_, {}), Clock::now());
    }
    const Instant tick = Clock::now() + 5ms;
    const bool spoken_to = readable(pieces_.empty() ? tick : std::min(tick, pieces_.front().due));
    const bool due = !pieces_.empty() && pieces_.front().due <= Clock::now();
    const bool in_turn = std::ranges::any_of(pieces_, [](const Piece& piece) { return !piece.out_of_turn; });
    if (spoken_to && (due || in_turn)) {
      log_.collision();  // both spoke: neither is understood
      std::array<std::uint8_t, 512> lost{};
      if (::read(master_, lost.data(), lost.size()) > 0) log_.request(Clock::now());
      pieces_.clear();
    } else if (spoken_to) {
      take_request();
    } else if (due) {
      give(pieces_.front());
      pieces_.pop_front();
    }
  }
}

void SerialWire::give(const Piece& piece) {
  if (::write(master_, piece.bytes.data(), piece.bytes.size()) < 0) return;
  last_end_ = Clock::now();
}

// What is written in one go arrives in one go; longer requests may come in parts.
void SerialWire::take_request() {
  const Instant arrived = Clock::now();
  Bytes request;
  do {
    std::array<std::uint8_t, 512> bytes{};
    const auto got = ::read(master_, bytes.data(), bytes.size());
    if (got <= 0) return;
    request.insert(request.end(), bytes.begin(), bytes.begin() + got);
  } while ((request_length(request) == 0 || request.size() < request_length(request)) &&
           readable(Clock::now() + settings_.silence));
  if (last_end_ != Instant{}) log_.silence(arrived - last_end_);
  answer(request, arrived);
}

std::optional<Bytes> SerialWire::reply_to(const Bytes& request, std::uint64_t serial) {
  const std::lock_guard lock(mutex_);
  if (script_) {
    if (auto scripted = script_(request, serial)) return scripted;
  }
  for (const auto& slave : slaves_) slave->served_by(serial);
  if (request[0] == silent_) return std::nullopt;
  return simulator::answer_frame(peers_, request, Clock::now());
}

void SerialWire::answer(const Bytes& request, Instant arrived) {
  const auto serial = log_.request(arrived);
  FaultDraw draw(settings_.faults, serial);
  log_.fault(draw.fault());
  const Instant heard = arrived + settings_.character * request.size();
  if (settings_.echo) schedule(request, arrived);
  if (heard < rebooted_until_ || draw.fault() == WireFault::lost_request) return;
  if (draw.fault() == WireFault::reboot) {
    rebooted_until_ = arrived + settings_.faults.reboot_time;
    const std::lock_guard lock(mutex_);
    for (const auto& slave : slaves_) slave->reboot();
    return;
  }
  Bytes received = request;
  if (draw.fault() == WireFault::corrupt_request) burst(received, draw);
  if (auto reply = reply_to(received, serial)) {
    disturb(draw, request, std::move(*reply), heard + settings_.silence);
  }
}

void SerialWire::disturb(FaultDraw& draw, Bytes request, Bytes reply, Instant from) {
  switch (draw.fault()) {
    case WireFault::lost_reply:
      return;
    case WireFault::late: {
      const auto behind = std::chrono::duration_cast<std::chrono::nanoseconds>(
          settings_.faults.patience + settings_.faults.lateness * draw.unit_interval());
      return schedule(reply, from + behind, true);
    }
    case WireFault::corrupt_reply:
      burst(reply, draw);
      break;
    case WireFault::truncated:
      reply.resize(1 + draw.below(reply.size() - 1));
      break;
    case WireFault::doubled: {
      const Bytes copy = reply;
      reply.insert(reply.end(), copy.begin(), copy.end());
      return schedule_at_once(reply, from + settings_.character * reply.size());
    }
    case WireFault::noise:
      for (auto n = 1 + draw.below(6); n > 0; --n) reply.insert(reply.begin(), draw.byte());
      break;
    case WireFault::echo:
      request.insert(request.end(), reply.begin(), reply.end());
      return schedule_at_once(request, from + settings_.character * request.size());
    case WireFault::other_unit:
      reply = simulator::rtu_frame(static_cast<std::uint8_t>(reply[0] % slaves_.size() + 1),
                                   std::span(reply).subspan(1, reply.size() - 3));
      break;
    default:
      break;
  }
  schedule(reply, from);
}

void SerialWire::schedule(const Bytes& bytes, Instant from, bool out_of_turn) {
  for (std::size_t at = 0; at < bytes.size(); at += settings_.piece) {
    const auto end = std::min(at + settings_.piece, bytes.size());
    pieces_.push_back({from + settings_.character * end,
                       Bytes(bytes.begin() + static_cast<std::ptrdiff_t>(at),
                             bytes.begin() + static_cast<std::ptrdiff_t>(end)),
                       out_of_turn});
  }
  std::ranges::stable_sort(pieces_, {}, &Piece::due);
}

void SerialWire::schedule_at_once(Bytes bytes, Instant at) {
  pieces_.push_back({at, std::move(bytes), false});
  std::ranges::stable_sort(pieces_, {}, &Piece::due);
}

}  // namespace rytme::test
