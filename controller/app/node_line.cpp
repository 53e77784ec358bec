// SPDX-License-Identifier: Apache-2.0
#include "controller/app/node_line.hpp"

#include <fstream>
#include <optional>
#include <stdexcept>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <spdlog/spdlog.h>

#include "controller/settings/modbus_rules.hpp"
#include "controller/simulator/world.hpp"

namespace rytme::app {
namespace {

namespace fs = std::filesystem;
using boost::system::error_code;
using namespace std::chrono_literals;

constexpr auto sample_step = 10ms;
constexpr auto look_step = 500ms;
constexpr auto restart_after = 1s;
constexpr std::streamoff most_kept = 1 << 20;
constexpr const char* emulator = "/usr/bin/qemu-system-arm";

std::string serial(const char* id, const fs::path& path) {
  return "serial,id=" + std::string(id) + ",path=" + path.string();
}

std::vector<std::string> command(const fs::path& image, const fs::path& line, const fs::path& io) {
  return {emulator,
          "-M",
          "mps2-an385",
          "-display",
          "none",
          "-monitor",
          "none",
          "-kernel",
          image.string(),
          "-chardev",
          serial("line", line),
          "-serial",
          "chardev:line",
          "-chardev",
          serial("io", io),
          "-serial",
          "chardev:io"};
}

fs::path image_of(std::string_view profile) {
  auto image =
      node_images() / (profile == "rytme-dimmer-node" ? "mps2_an385-dimmer.elf" : "mps2_an385-motion.elf");
  if (!fs::exists(image))
    throw std::runtime_error("no firmware at " + image.string() + "; build the target firmware_images");
  if (!fs::exists(emulator))
    throw std::runtime_error("no emulator at " + std::string(emulator) + "; install qemu-system-arm");
  return image;
}

fs::path beside(const fs::path& line, std::int64_t unit, const char* what) {
  return line.string() + "-" + std::to_string(unit) + "-" + what;
}

}  // namespace

fs::path node_images() { return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "boards"; }

struct NodeLine::Node {
  Node(boost::asio::io_context& io, const settings::DeviceSettings& device, const fs::path& bus,
       std::int64_t number, const fs::path& image)
      : unit(number),
        line(io, beside(bus, number, "line"), "device " + device.id),
        second(io, beside(bus, number, "io"), "device " + device.id),
        emulator("node " + device.id, command(image, line.link(), second.link())) {}

  std::int64_t unit;
  Pty line;
  Pty second;
  Child emulator;
  std::optional<std::chrono::steady_clock::time_point> restart_at;
  std::optional<simulator::NodeSamples> sensor;
  std::array<std::uint8_t, 512> heard{};
  std::array<char, 512> told{};
  std::ofstream outputs{outputs_file(), std::ios::trunc};
  fs::path outputs_file() const { return second.link().string() + ".log"; }
};

NodeLine::NodeLine(boost::asio::io_context& io, const settings::House& house, BusIndex bus,
                   std::uint64_t seed)
    : io_(io),
      line_(io, house.buses.at(bus).address, "bus " + house.buses.at(bus).id),
      sample_timer_(io, boost::asio::steady_timer::clock_type::now()),
      look_timer_(io) {
  for (const auto& device : house.devices)
    if (device.bus == bus) add(house, device, seed);
  for (auto& node : nodes_) {
    node->emulator.start();
    listen_to(*node);
    drain(*node);
  }
  listen();
  measure();
  look_after();
}

NodeLine::~NodeLine() = default;

// Several devices of the settings may be channels of one node. The n-th swing is the n-th person's.
void NodeLine::add(const settings::House& house, const settings::DeviceSettings& device, std::uint64_t seed) {
  const auto& profile = house.profiles.at(device.profile).id;
  if (!simulator::is_own_node(profile))
    throw std::runtime_error("device " + device.id +
                             ": on a line with nodes in QEMU every device is one of them");
  const auto unit = settings::number_param(device.params, "unit", 1);
  std::uint64_t swings = 0;
  for (const auto& node : nodes_) {
    if (node->unit == unit) return;
    if (node->sensor) ++swings;
  }
  auto& node =
      *nodes_.emplace_back(std::make_unique<Node>(io_, device, line_.link(), unit, image_of(profile)));
  if (profile == "rytme-swing-node") node.sensor.emplace(seed + swings);
}

void NodeLine::listen() {
  line_.ours().async_read_some(boost::asio::buffer(said_), [this](error_code error, std::size_t got) {
    if (error) return;
    for (auto& node : nodes_) node->line.write(said_.data(), got);
    listen();
  });
}

void NodeLine::listen_to(Node& node) {
  node.line.ours().async_read_some(boost::asio::buffer(node.heard),
                                   [this, &node](error_code error, std::size_t got) {
                                     if (error) return;
                                     line_.write(node.heard.data(), got);
                                     listen_to(node);
                                   });
}

// A dimmer tells what its outputs are, which is kept for whoever wants to look; a port that nobody reads
// would make its emulator wait.
void NodeLine::drain(Node& node) {
  node.second.ours().async_read_some(
      boost::asio::buffer(node.told), [this, &node](error_code error, std::size_t got) {
        if (error) return;
        if (node.outputs.tellp() > most_kept)
          node.outputs = std::ofstream(node.outputs_file(), std::ios::trunc);
        node.outputs.write(node.told.data(), static_cast<std::streamsize>(got));
        node.outputs.flush();
        drain(node);
      });
}

void NodeLine::measure() {
  sample_timer_.expires_at(sample_timer_.expiry() + sample_step);
  sample_timer_.async_wait([this](error_code error) {
    if (error) return;
    for (auto& node : nodes_) {
      if (!node->sensor) continue;
      const auto frame = node->sensor->next();
      node->second.write(frame.data(), frame.size());
    }
    measure();
  });
}

void NodeLine::look_after() {
  look_timer_.expires_after(look_step);
  look_timer_.async_wait([this](error_code error) {
    if (error) return;
    const auto now = std::chrono::steady_clock::now();
    for (auto& node : nodes_) {
      if (const auto end = node->emulator.look()) {
        spdlog::warn("{} ended ({} {}), starting it again", node->emulator.name(),
                     end->by_signal ? "signal" : "exit code", end->code);
        node->restart_at = now + restart_after;
      }
      if (!node->restart_at || now < *node->restart_at) continue;
      node->restart_at.reset();
      node->emulator.start();
    }
    look_after();
  });
}

}  // namespace rytme::app
