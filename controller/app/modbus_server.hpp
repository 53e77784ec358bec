// SPDX-License-Identifier: Apache-2.0
// A Modbus TCP gateway of simulated slaves: one listening socket, several masters at a time, one request
// after the other. Everything on the owner's io_context; nothing blocks.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "controller/simulator/world.hpp"

namespace rytme::app {

class ModbusServer {
 public:
  // `address`: IP:PORT. The slaves must outlive the io_context. Throws std::runtime_error with one line when
  // it cannot listen there.
  ModbusServer(boost::asio::io_context& io, const std::string& address,
               std::vector<simulator::RegisterPeer*> slaves);

 private:
  void accept();

  boost::asio::ip::tcp::acceptor acceptor_;
  std::shared_ptr<const std::vector<simulator::RegisterPeer*>> slaves_;
};

}  // namespace rytme::app
