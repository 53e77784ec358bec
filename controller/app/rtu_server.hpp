// SPDX-License-Identifier: Apache-2.0
// A serial line of simulated slaves on a pty. A request ends with 3.5 characters of silence; what has a wrong
// checksum or another unit gets no answer. Everything on the owner's io_context; nothing blocks.
#pragma once

#include <array>
#include <filesystem>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "controller/settings/house.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::app {

class RtuServer {
 public:
  // The bus's address becomes a link to the pty; a link there is replaced, anything else is left alone. The
  // slaves must outlive the io_context. Throws std::runtime_error with one line when it cannot be there.
  RtuServer(boost::asio::io_context& io, const settings::BusSettings& bus,
            std::vector<simulator::RegisterPeer*> slaves);
  ~RtuServer();  // removes the link
  RtuServer(const RtuServer&) = delete;
  RtuServer& operator=(const RtuServer&) = delete;

 private:
  void read();
  void take_frame();

  std::vector<simulator::RegisterPeer*> slaves_;
  std::filesystem::path link_;
  std::chrono::microseconds silence_;
  int line_end_{-1};  // held open, so that the pty lives while no controller has it
  boost::asio::posix::stream_descriptor master_;
  boost::asio::steady_timer silent_;
  std::array<std::uint8_t, 256> fresh_{};
  std::vector<std::uint8_t> frame_;
};

}  // namespace rytme::app
