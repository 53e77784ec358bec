// SPDX-License-Identifier: Apache-2.0
#include "controller/app/rtu_server.hpp"

#include <stdexcept>
#include <system_error>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <fcntl.h>
#include <pty.h>
#include <termios.h>
#include <unistd.h>

#include "controller/app/clock.hpp"
#include "controller/simulator/rtu_frame.hpp"

namespace rytme::app {
namespace {

namespace fs = std::filesystem;
using boost::system::error_code;

constexpr std::size_t largest_frame = 256;

std::runtime_error cannot(const settings::BusSettings& bus, const std::string& why) {
  return std::runtime_error("bus " + bus.id + ": no simulated line at " + bus.address + ": " + why);
}

void place_link(const settings::BusSettings& bus, const std::string& pty) {
  const fs::path link = bus.address;
  std::error_code error;
  if (fs::is_symlink(fs::symlink_status(link, error))) fs::remove(link, error);
  if (fs::exists(fs::symlink_status(link))) throw cannot(bus, "something else is there");
  fs::create_directories(link.parent_path(), error);
  fs::create_symlink(pty, link, error);
  if (error) throw cannot(bus, error.message());
}

// Modbus over serial line V1.02, 2.5.1.1: above 19 200 baud a fixed time.
std::chrono::microseconds end_of_frame(const settings::BusSettings& bus) {
  constexpr std::int64_t bits_of_silence = 35LL * 11;  // tenths, of the longest character
  return std::chrono::microseconds(bus.baud > 19'200 ? 1750 : bits_of_silence * 100'000 / bus.baud);
}

}  // namespace

RtuServer::RtuServer(boost::asio::io_context& io, const settings::BusSettings& bus,
                     std::vector<simulator::RegisterPeer*> slaves)
    : slaves_(std::move(slaves)), link_(bus.address), silence_(end_of_frame(bus)), master_(io), silent_(io) {
  int master{};
  std::array<char, 128> name{};
  termios raw{};
  ::cfmakeraw(&raw);
  if (::openpty(&master, &line_end_, name.data(), &raw, nullptr) != 0) throw cannot(bus, "no pty");
  ::fcntl(master, F_SETFD, FD_CLOEXEC);
  ::fcntl(line_end_, F_SETFD, FD_CLOEXEC);
  master_.assign(master);
  try {
    place_link(bus, name.data());
  } catch (...) {
    ::close(line_end_);
    throw;
  }
  read();
}

RtuServer::~RtuServer() {
  std::error_code ignored;
  if (fs::is_symlink(fs::symlink_status(link_, ignored))) fs::remove(link_, ignored);
  ::close(line_end_);
}

void RtuServer::read() {
  master_.async_read_some(boost::asio::buffer(fresh_), [this](error_code error, std::size_t got) {
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
  error_code ignored;
  master_.write_some(boost::asio::buffer(*reply), ignored);
}

}  // namespace rytme::app
