// SPDX-License-Identifier: Apache-2.0
#include "controller/web/server.hpp"

#include <algorithm>
#include <stdexcept>
#include <system_error>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>

#include "controller/web/connection.hpp"
#include "controller/web/json.hpp"
#include "controller/web/tls.hpp"

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
      : core_(std::make_shared<Core>(Core{Service(std::move(options), std::move(port)), nullptr, {}})) {
    core_->live = std::make_shared<Live>(io, [core = core_.get()] { return state_event(core->service); });
    const Options& all = core_->service.options();
    listen(io, all.host, all.port, nullptr);
    if (all.tls) listen(io, all.tls->host, all.tls->port, std::make_unique<TlsCredentials>(*all.tls));
  }

  void accept() {
    for (const auto& listener : listeners_) accept(*listener);
  }

  void stop() {
    boost::system::error_code ignored;
    for (const auto& listener : listeners_) {
      listener->acceptor.close(ignored);
      listener->retry.cancel();
    }
    while (!core_->connections.empty()) core_->connections.front()->close();
    core_->live->stop();
  }

  std::uint16_t port(bool tls) const {
    for (const auto& listener : listeners_)
      if ((listener->tls != nullptr) == tls) return listener->port;
    return 0;
  }
  Live& live() { return *core_->live; }

  Counters counters() const {
    Counters out = core_->service.counters();
    out.connections = core_->connections.size();
    out.viewers = core_->live->viewers();
    return out;
  }

 private:
  struct Listener {
    explicit Listener(asio::io_context& io) : acceptor(io), retry(io) {}
    tcp::acceptor acceptor;
    asio::steady_timer retry;
    std::unique_ptr<TlsCredentials> tls;  // nullptr: plain
    std::uint16_t port{};
  };

  void listen(asio::io_context& io, const std::string& host, std::uint16_t port,
              std::unique_ptr<TlsCredentials> tls) {
    auto listener = std::make_unique<Listener>(io);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(host == "localhost" ? "127.0.0.1" : host, error);
    if (error) throw std::system_error(error, host);
    const tcp::endpoint endpoint(address, port);
    tcp::acceptor& acceptor = listener->acceptor;
    acceptor.open(endpoint.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error) throw std::system_error(error, host + ":" + std::to_string(port));
    listener->port = acceptor.local_endpoint().port();
    listener->tls = std::move(tls);
    listeners_.push_back(std::move(listener));
  }

  void accept(Listener& listener) {
    listener.acceptor.async_accept(
        [self = shared_from_this(), &listener](boost::system::error_code error, tcp::socket socket) {
          self->on_accept(listener, error, std::move(socket));
        });
  }

  void on_accept(Listener& listener, boost::system::error_code error, tcp::socket socket) {
    if (!listener.acceptor.is_open()) return;
    if (error) return accept_later(listener);
    if (make_place()) {
      asio::ssl::context* tls = listener.tls ? &listener.tls->context() : nullptr;
      core_->connections.push_back(std::make_shared<Connection>(std::move(socket), tls, core_));
      core_->connections.back()->start();
    }
    accept(listener);
  }

  void accept_later(Listener& listener) {
    listener.retry.expires_after(accept_pause);
    listener.retry.async_wait([self = shared_from_this(), &listener](boost::system::error_code error) {
      if (!error) self->accept(listener);
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

  std::vector<std::unique_ptr<Listener>> listeners_;  // one or two, as long as we live
  std::shared_ptr<Core> core_;
};

Server::Server(asio::io_context& io, Options options, RoomPort port)
    : impl_(std::make_shared<Impl>(io, std::move(options), std::move(port))) {
  impl_->accept();
}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return impl_->port(false); }
std::uint16_t Server::tls_port() const { return impl_->port(true); }
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
