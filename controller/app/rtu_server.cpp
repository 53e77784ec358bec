// SPDX-License-Identifier: Apache-2.0
#include "controller/app/rtu_server.hpp"

#include <utility>

#include <boost/asio/buffer.hpp>

#include "controller/app/clock.hpp"
#include "controller/simulator/rtu_frame.hpp"

namespace rytme::app {
namespace {

using boost::system::error_code;

constexpr std::size_t largest_frame = 256;

// Modbus over serial line V1.02, 2.5.1.1: above 19 200 baud a fixed time.
std::chrono::microseconds end_of_frame(const settings::BusSettings& bus) {
  constexpr std::int64_t bits_of_silence = 35LL * 11;  // tenths, of the longest character
  return std::chrono::microseconds(bus.baud > 19'200 ? 1750 : bits_of_silence * 100'000 / bus.baud);
}

}  // namespace

RtuServer::RtuServer(boost::asio::io_context& io, const settings::BusSettings& bus,
                     std::vector<simulator::RegisterPeer*> slaves)
    : slaves_(std::move(slaves)),
      silence_(end_of_frame(bus)),
      line_(io, bus.address, "bus " + bus.id),
      silent_(io) {
  read();
}

void RtuServer::read() {
  line_.ours().async_read_some(boost::asio::buffer(fresh_), [this](error_code error, std::size_t got) {
    if (error) return;
    frame_.insert(frame_.end(), fresh_.begin(), fresh_.begin() + static_cast<std::ptrdiff_t>(got));
    if (frame_.size() > largest_frame) frame_.clear();
    silent_.expires_after(silence_);
    silent_.async_wait([this](error_code stopped) {
      if (!stopped) take_frame();
    });
    read();
  });
}

// A reply fits into the pty's buffer; where nobody reads, it is lost as on a wire.
void RtuServer::take_frame() {
  const auto frame = std::exchange(frame_, {});
  const auto reply = simulator::answer_frame(slaves_, frame, now().steady);
  if (!reply) return;
  line_.write(reply->data(), reply->size());
}

}  // namespace rytme::app
