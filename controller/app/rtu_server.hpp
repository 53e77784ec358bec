// SPDX-License-Identifier: Apache-2.0
// A serial line of simulated slaves on a pty. A request ends with 3.5 characters of silence; what has a wrong
// checksum or another unit gets no answer. Everything on the owner's io_context; nothing blocks.
#pragma once

#include <array>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "controller/app/pty.hpp"
#include "controller/settings/house.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::app {

class RtuServer {
 public:
  // The bus's address becomes a link to the pty; a link there is replaced, anything else is left alone. The
  // slaves must outlive the io_context. Throws std::runtime_error with one line when it cannot be there.
  RtuServer(boost::asio::io_context& io, const settings::BusSettings& bus,
            std::vector<simulator::RegisterPeer*> slaves);

 private:
  void read();
  void take_frame();

  std::vector<simulator::RegisterPeer*> slaves_;
  std::chrono::microseconds silence_;
  Pty line_;
  boost::asio::steady_timer silent_;
  std::array<std::uint8_t, 256> fresh_{};
  std::vector<std::uint8_t> frame_;
};

}  // namespace rytme::app
