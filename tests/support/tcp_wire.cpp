// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tcp_wire.hpp"

#include <array>
#include <stdexcept>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "controller/simulator/modbus_pdu.hpp"

namespace rytme::test {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::size_t header = 7;

}  // namespace

TcpWire::TcpWire(Settings settings, std::vector<std::unique_ptr<TruthSlave>> slaves)
    : settings_(std::move(settings)),
      slaves_(std::move(slaves)),
      listener_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(settings_.port));
  const int yes = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 4) != 0)
    throw std::runtime_error("cannot listen");
  getsockname(listener_, generic, &size);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

TcpWire::~TcpWire() {
  stopping_ = true;
  thread_.join();
  hang_up();
  close(listener_);
}

void TcpWire::with_slave(std::uint8_t unit, const std::function<void(TruthSlave&)>& look) {
  const std::lock_guard lock(mutex_);
  for (const auto& slave : slaves_)
    if (slave->unit() == unit) look(*slave);
}

void TcpWire::run() {
  ::prctl(PR_SET_TIMERSLACK, 1000UL, 0UL, 0UL, 0UL);
  while (!stopping_) {
    const Instant tick = Clock::now() + 5ms;
    const Instant until = frames_.empty() ? tick : std::min(tick, frames_.front().due);
    const auto left = std::max<std::chrono::nanoseconds>(until - Clock::now(), 0ns);
    const timespec limit{0, left.count()};
    std::array<pollfd, 2> fds{pollfd{listener_, POLLIN, 0}, pollfd{peer_, POLLIN, 0}};
    if (::ppoll(fds.data(), fds.size(), &limit, nullptr) > 0) {
      if (fds[1].revents != 0) take_requests();
      if (fds[0].revents != 0) accept();
    }
    while (!frames_.empty() && frames_.front().due <= Clock::now()) {
      const auto& bytes = frames_.front().bytes;
      if (peer_ >= 0 && ::send(peer_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0) hang_up();
      if (!frames_.empty()) frames_.pop_front();
    }
  }
}

void TcpWire::hang_up() {
  if (peer_ >= 0) close(peer_);
  peer_ = -1;
  input_.clear();
  frames_.clear();
}

void TcpWire::accept() {
  hang_up();
  peer_ = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  const int yes = 1;
  setsockopt(peer_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  ++connections_;
}

void TcpWire::take_requests() {
  std::array<std::uint8_t, 1024> bytes{};
  const auto got = ::recv(peer_, bytes.data(), bytes.size(), MSG_DONTWAIT);
  if (got <= 0) return hang_up();
  input_.insert(input_.end(), bytes.begin(), bytes.begin() + got);
  while (input_.size() >= header) {
    const std::size_t size = 6U + (std::size_t{input_[4]} << 8U) + input_[5];
    if (input_.size() < size) return;
    const Bytes request(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(size));
    input_.erase(input_.begin(), input_.begin() + static_cast<std::ptrdiff_t>(size));
    answer(request);
  }
}

std::optional<Bytes> TcpWire::reply_to(const Bytes& request, std::uint64_t serial) {
  const std::lock_guard lock(mutex_);
  for (const auto& slave : slaves_) {
    if (slave->unit() != request[6]) continue;
    slave->served_by(serial);
    const auto pdu = simulator::answer(*slave, std::span(request).subspan(header), Clock::now());
    Bytes reply(request.begin(), request.begin() + header);
    reply[4] = static_cast<std::uint8_t>((pdu.size() + 1) >> 8U);
    reply[5] = static_cast<std::uint8_t>((pdu.size() + 1) & 0xFFU);
    reply.insert(reply.end(), pdu.begin(), pdu.end());
    return reply;
  }
  return std::nullopt;
}

void TcpWire::answer(const Bytes& request) {
  const Instant arrived = Clock::now();
  const auto serial = log_.request(arrived);
  FaultDraw draw(settings_.faults, serial);
  log_.fault(draw.fault());
  if (draw.fault() == WireFault::hang_up) return hang_up();
  if (arrived < rebooted_until_ || draw.fault() == WireFault::lost_request) return;
  if (draw.fault() == WireFault::reboot) {
    rebooted_until_ = arrived + settings_.faults.reboot_time;
    const std::lock_guard lock(mutex_);
    for (const auto& slave : slaves_) slave->reboot();
    return;
  }
  const Instant at = arrived + settings_.answer_time;
  if (script_) {
    if (const auto frames = script_(request, serial)) {
      for (const auto& frame : *frames) schedule(frame, at);
      return;
    }
  }
  if (auto reply = reply_to(request, serial)) disturb(draw, std::move(*reply), at);
}

void TcpWire::disturb(FaultDraw& draw, Bytes reply, Instant at) {
  const std::chrono::nanoseconds patience = settings_.faults.patience;
  switch (draw.fault()) {
    case WireFault::lost_reply:
      return;
    case WireFault::late:
      return schedule(
          std::move(reply),
          at + patience + std::chrono::nanoseconds(settings_.faults.lateness) * draw.below(1000) / 1000);
    case WireFault::corrupt_reply:
      reply[draw.below(header + 2)] ^= static_cast<std::uint8_t>(1U + draw.below(255));
      break;
    case WireFault::truncated:
      reply.resize(1 + draw.below(reply.size() - 1));
      break;
    case WireFault::doubled:
      schedule(reply, at + patience * draw.below(1000) / 500);
      break;
    case WireFault::noise:
      for (auto n = 1 + draw.below(6); n > 0; --n) reply.insert(reply.begin(), draw.byte());
      break;
    case WireFault::other_unit:
      reply[6] = static_cast<std::uint8_t>(reply[6] % slaves_.size() + 1);
      break;
    case WireFault::strange_number: {
      const unsigned before = ((unsigned{reply[0]} << 8U) | reply[1]) - 1;
      reply[0] = static_cast<std::uint8_t>(before >> 8U);
      reply[1] = static_cast<std::uint8_t>(before & 0xFFU);
      break;
    }
    default:
      break;
  }
  schedule(std::move(reply), at);
}

void TcpWire::schedule(Bytes bytes, Instant at) {
  frames_.push_back({at, std::move(bytes)});
  std::ranges::stable_sort(frames_, {}, &Frame::due);
}

}  // namespace rytme::test
