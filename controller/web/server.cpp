// SPDX-License-Identifier: Apache-2.0
#include "controller/web/server.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "controller/web/connection.hpp"
#include "controller/web/json.hpp"

namespace rytme::web {
namespace asio = boost::asio;
using asio::ip::tcp;
namespace {

constexpr std::chrono::milliseconds accept_pause{100};  // after running out of file handles

std::string event(std::string_view name, const std::string& id, const std::string& data) {
  std::string text = "event: ";
  text.append(name).append("\n");
  if (!id.empty()) text.append("id: ").append(id).append("\n");
  return text.append("data: ").append(data).append("\n\n");
}

std::string state_event(const Service& service) {
  const RoomState state = service.port().state();
  return event("state", std::to_string(state.generation), dump(to_json(state)));
}

}  // namespace

void Core::left(const Connection* connection) {
  connections.remove_if([connection](const auto& one) { return one.get() == connection; });
}

class Server::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(asio::io_context& io, Options options, RoomPort port)
      : acceptor_(io),
        retry_(io),
        core_(std::make_shared<Core>(Core{Service(std::move(options), std::move(port)), nullptr, {}})) {
    core_->live = std::make_shared<Live>(io, [core = core_.get()] { return state_event(core->service); });
    listen();
  }

  void accept() {
    acceptor_.async_accept([self = shared_from_this()](boost::system::error_code error, tcp::socket socket) {
      self->on_accept(error, std::move(socket));
    });
  }

  void stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    retry_.cancel();
    while (!core_->connections.empty()) core_->connections.front()->close();
    core_->live->stop();
  }

  std::uint16_t port() const { return port_; }
  Live& live() { return *core_->live; }

  Counters counters() const {
    Counters out = core_->service.counters();
    out.connections = core_->connections.size();
    out.viewers = core_->live->viewers();
    return out;
  }

 private:
  void listen() {
    const Options& options = core_->service.options();
    boost::system::error_code error;
    const auto address =
        asio::ip::make_address(options.host == "localhost" ? "127.0.0.1" : options.host, error);
    if (error) throw std::system_error(error, options.host);
    const tcp::endpoint endpoint(address, options.port);
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(tcp::acceptor::reuse_address(true));
    acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    if (error) throw std::system_error(error, options.host + ":" + std::to_string(options.port));
    port_ = acceptor_.local_endpoint().port();
  }

  void on_accept(boost::system::error_code error, tcp::socket socket) {
    if (!acceptor_.is_open()) return;
    if (error) return accept_later();
    if (make_place()) {
      core_->connections.push_back(std::make_shared<Connection>(std::move(socket), core_));
      core_->connections.back()->start();
    }
    accept();
  }

  void accept_later() {
    retry_.expires_after(accept_pause);
    retry_.async_wait([self = shared_from_this()](boost::system::error_code error) {
      if (!error) self->accept();
    });
  }

  // When all places are taken, the oldest that has not asked anything yet gives way, so that a stop gets
  // through.
  bool make_place() {
    auto& all = core_->connections;
    if (all.size() < core_->service.options().max_connections) return true;
    ++core_->service.counters().refused;
    const auto idle = std::find_if(all.begin(), all.end(), [](const auto& one) { return one->waiting(); });
    if (idle == all.end()) return false;
    const auto leaving = *idle;
    leaving->close();
    return true;
  }

  tcp::acceptor acceptor_;
  asio::steady_timer retry_;
  std::shared_ptr<Core> core_;
  std::uint16_t port_{};
};

Server::Server(asio::io_context& io, Options options, RoomPort port)
    : impl_(std::make_shared<Impl>(io, std::move(options), std::move(port))) {
  impl_->accept();
}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return impl_->port(); }
void Server::changed() { impl_->live().changed(); }
void Server::stop() { impl_->stop(); }
Counters Server::counters() const { return impl_->counters(); }

void Server::confirmed(const StopConfirmation& confirmation) {
  impl_->live().show(event("confirm", "", dump(to_json(confirmation))));
}

Page problem_page(unsigned status, std::string_view detail, const std::vector<FieldError>& errors) {
  Reply reply = problem(status, detail, errors);
  return {static_cast<int>(reply.status), std::move(reply.content_type), std::move(reply.body)};
}

}  // namespace rytme::web
