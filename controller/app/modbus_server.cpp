// SPDX-License-Identifier: Apache-2.0
#include "controller/app/modbus_server.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <stdexcept>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include "controller/app/clock.hpp"
#include "controller/simulator/modbus_pdu.hpp"

namespace rytme::app {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Slaves = std::vector<simulator::RegisterPeer*>;

// MBAP header: transaction, protocol (0), length of what follows the length, unit; then the PDU.
constexpr std::size_t header_bytes = 7;
constexpr std::size_t largest_pdu = 253;

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, std::shared_ptr<const Slaves> slaves)
      : socket_(std::move(socket)), slaves_(std::move(slaves)) {}

  void read_header() {
    asio::async_read(socket_, asio::buffer(header_),
                     [self = shared_from_this()](error_code error, std::size_t) {
                       if (!error) self->read_pdu();
                     });
  }

 private:
  // A header that is none ends the connection: behind it nothing can be trusted.
  void read_pdu() {
    const std::size_t following = (std::size_t{header_[4]} << 8U) | header_[5];
    if (header_[2] != 0 || header_[3] != 0 || following < 2 || following - 1 > largest_pdu) return;
    pdu_.resize(following - 1);
    asio::async_read(socket_, asio::buffer(pdu_), [self = shared_from_this()](error_code error, std::size_t) {
      if (!error) self->reply();
    });
  }

  std::vector<std::uint8_t> answered() const {
    const auto slave = std::ranges::find(*slaves_, header_[6], &simulator::RegisterPeer::unit);
    if (slave == slaves_->end()) return simulator::exception_answer(pdu_[0], simulator::exception_no_answer);
    return simulator::answer(**slave, pdu_, now().steady);
  }

  void reply() {
    const auto pdu = answered();
    const auto following = pdu.size() + 1;
    response_.assign(header_.begin(), header_.end());
    response_[4] = static_cast<std::uint8_t>(following >> 8U);
    response_[5] = static_cast<std::uint8_t>(following & 0xFFU);
    response_.insert(response_.end(), pdu.begin(), pdu.end());
    asio::async_write(socket_, asio::buffer(response_),
                      [self = shared_from_this()](error_code error, std::size_t) {
                        if (!error) self->read_header();
                      });
  }

  tcp::socket socket_;
  std::shared_ptr<const Slaves> slaves_;
  std::array<std::uint8_t, header_bytes> header_{};
  std::vector<std::uint8_t> pdu_;
  std::vector<std::uint8_t> response_;
};

tcp::endpoint endpoint_of(const std::string& address) {
  const auto colon = address.rfind(':');
  std::uint16_t port{};
  if (colon != std::string::npos) {
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), port);
  }
  error_code error;
  const auto ip = asio::ip::make_address(address.substr(0, colon), error);
  if (error || port == 0) throw std::runtime_error("Modbus address " + address + " is not IP:PORT");
  return {ip, port};
}

tcp::acceptor listen_on(asio::io_context& io, const std::string& address) {
  try {
    return {io, endpoint_of(address)};
  } catch (const boost::system::system_error& error) {
    throw std::runtime_error("Modbus address " + address + ": " + error.code().message());
  }
}

}  // namespace

ModbusServer::ModbusServer(asio::io_context& io, const std::string& address, Slaves slaves)
    : acceptor_(listen_on(io, address)), slaves_(std::make_shared<const Slaves>(std::move(slaves))) {
  accept();
}

void ModbusServer::accept() {
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted) return;
    if (!error) {
      error_code ignored;
      socket.set_option(tcp::no_delay(true), ignored);
      std::make_shared<Connection>(std::move(socket), slaves_)->read_header();
    }
    accept();
  });
}

}  // namespace rytme::app
