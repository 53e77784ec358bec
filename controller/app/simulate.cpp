// SPDX-License-Identifier: Apache-2.0
#include "controller/app/simulate.hpp"

#include <algorithm>
#include <csignal>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <spdlog/spdlog.h>

#include "controller/app/clock.hpp"
#include "controller/app/modbus_server.hpp"
#include "controller/app/node_line.hpp"
#include "controller/app/rtu_server.hpp"
#include "controller/log/log.hpp"
#include "controller/mqtt/client.hpp"
#include "controller/settings/load.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::app {
namespace {

namespace asio = boost::asio;

// A late loop may send some seconds of frames at once.
constexpr std::size_t outbound_limit = 50'000;

using Passwords = std::map<std::string, std::string>;

// nullopt: there is no such file, and none was asked for.
std::optional<Passwords> read_passwords(const SimulateOptions& options) {
  const bool asked = !options.credentials.empty();
  const auto path = asked ? options.credentials : options.config / "simulator.passwords";
  std::ifstream file(path);
  if (!file) {
    if (asked || std::filesystem::exists(path)) throw std::runtime_error(path.string() + ": cannot be read");
    return std::nullopt;
  }
  Passwords out;
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    if (colon != std::string::npos) out[line.substr(0, colon)] = line.substr(colon + 1);
  }
  return out;
}

mqtt::Options client_options(const settings::BrokerSettings& broker, const simulator::MqttPeer& peer,
                             const std::optional<Passwords>& passwords) {
  mqtt::Options out;
  out.host = broker.host;
  out.port = broker.port;
  out.client_id = peer.client_id();
  out.user = broker.user;
  out.password = broker.password;
  if (passwords) {
    const auto found = passwords->find(out.client_id);
    if (found == passwords->end()) throw std::runtime_error("no password for " + out.client_id);
    out.user = found->first;
    out.password = found->second;
  }
  out.will = peer.will();
  out.farewell = peer.farewell();
  out.outbound_limit = outbound_limit;
  return out;
}

simulator::World make_world(const settings::House& house, const SimulateOptions& options) {
  std::random_device entropy;
  return simulator::make_world(
      house, {options.replay, options.speed, options.seed, entropy(), options.qemu, options.without});
}

// All devices on one loop and one timer; the clients' threads only post here.
class Simulation {
 public:
  explicit Simulation(const SimulateOptions& options)
      : house_(settings::load(options.config)), world_(make_world(house_, options)), seed_(options.seed) {
    const auto passwords = read_passwords(options);
    for (std::size_t bus = 0; bus < house_.buses.size(); ++bus) serve(bus);
    for (auto& peer : world_.mqtt) add_node(*peer, passwords);
  }

  void run() {
    signals_.async_wait([this](boost::system::error_code error, int) {
      if (!error) io_.stop();
    });
    for (auto& node : nodes_) node->client->start();
    spdlog::info("simulating {} devices on MQTT and {} on Modbus", nodes_.size(), world_.slaves.size());
    io_.run();
    spdlog::info("ending: the devices say farewell");
    for (auto& node : nodes_) node->client->stop();
  }

 private:
  struct Node {
    simulator::MqttPeer& peer;
    std::unique_ptr<mqtt::Client> client;
  };

  void serve(std::size_t bus) {
    std::vector<simulator::RegisterPeer*> slaves;
    for (const auto& slave : world_.slaves) {
      if (slave.bus == bus) slaves.push_back(slave.peer.get());
    }
    const auto& settings = house_.buses[bus];
    if (slaves.empty() && has_nodes(bus)) {
      node_lines_.push_back(std::make_unique<NodeLine>(io_, house_, static_cast<BusIndex>(bus), seed_));
      return;
    }
    if (settings.transport == settings::BusTransport::rtu) {
      lines_.push_back(std::make_unique<RtuServer>(io_, settings, std::move(slaves)));
    } else {
      servers_.push_back(std::make_unique<ModbusServer>(io_, settings.address, std::move(slaves)));
    }
  }

  bool has_nodes(std::size_t bus) const {
    return std::ranges::any_of(house_.devices, [&](const settings::DeviceSettings& device) {
      return device.bus == bus && simulator::is_own_node(house_.profiles.at(device.profile).id);
    });
  }

  void add_node(simulator::MqttPeer& peer, const std::optional<Passwords>& passwords) {
    auto& node = *nodes_.emplace_back(std::make_unique<Node>(Node{peer, nullptr}));
    mqtt::Client::Handlers handlers;
    handlers.on_messages = [this, &node] { asio::post(io_, [this, &node] { take_messages(node); }); };
    handlers.on_link = [this, &node](mqtt::Link link, std::string reason) {
      asio::post(io_, [this, &node, link, reason = std::move(reason)] { take_link(node, link, reason); });
    };
    const auto filters = peer.subscriptions();
    node.client = std::make_unique<mqtt::Client>(
        client_options(house_.broker, peer, passwords),
        std::vector<MqttSubscription>(filters.begin(), filters.end()), std::move(handlers));
  }

  void take_link(Node& node, mqtt::Link link, const std::string& reason) {
    if (link == mqtt::Link::up) {
      send(node, node.peer.on_connect(now().steady));
    } else {
      spdlog::warn("{}: {} the broker{}{}", node.peer.client_id(),
                   link == mqtt::Link::refused ? "refused by" : "no connection to",
                   reason.empty() ? "" : ": ", reason);
    }
    arm_timer();
  }

  void take_messages(Node& node) {
    node.client->drain(inbox_);
    std::vector<MqttPublish> out;
    for (const auto& message : inbox_) node.peer.receive(message, now().steady, out);
    send(node, out);
    arm_timer();
  }

  void take_time() {
    for (auto& node : nodes_) {
      std::vector<MqttPublish> out;
      node->peer.tick(now().steady, out);
      send(*node, out);
    }
    arm_timer();
  }

  void send(Node& node, const std::vector<MqttPublish>& messages) {
    for (const auto& message : messages) node.client->publish(message, now().steady);
  }

  // One timer, on the absolute time of whatever comes next.
  void arm_timer() {
    auto next = Instant::max();
    for (const auto& node : nodes_) next = std::min(next, node->peer.next_wake());
    if (next == Instant::max() || next == armed_for_) return;
    armed_for_ = next;
    timer_.expires_at(next);
    timer_.async_wait([this](boost::system::error_code error) {
      if (error) return;
      armed_for_ = Instant::max();
      take_time();
    });
  }

  settings::House house_;
  simulator::World world_;
  std::uint64_t seed_;
  asio::io_context io_{1};
  asio::signal_set signals_{io_, SIGTERM, SIGINT};
  asio::steady_timer timer_{io_};
  Instant armed_for_{Instant::max()};
  std::vector<std::unique_ptr<ModbusServer>> servers_;
  std::vector<std::unique_ptr<RtuServer>> lines_;
  std::vector<std::unique_ptr<NodeLine>> node_lines_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<MqttMessage> inbox_;
};

}  // namespace

int simulate(const SimulateOptions& options) {
  start_log();
  try {
    Simulation(options).run();
    return 0;
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return 2;
  }
}

}  // namespace rytme::app
