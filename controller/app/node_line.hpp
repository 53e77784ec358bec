// SPDX-License-Identifier: Apache-2.0
// A serial line with nodes of our own on it, whose firmware runs in QEMU: one process per node, which is
// started again when it dies. What the controller says reaches all nodes, what a node says the controller. A
// swing's sensor measures the simulated person's swing. Everything on the owner's io_context; nothing blocks.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "controller/app/child.hpp"
#include "controller/app/pty.hpp"
#include "controller/settings/house.hpp"
#include "controller/simulator/node_samples.hpp"

namespace rytme::app {

// Where the build puts the images of the boards: boards/ beside the program's own folder.
std::filesystem::path node_images();

class NodeLine {
 public:
  // The bus's address becomes a link to the line; beside it stand ADDRESS-UNIT-line and, the second port of
  // the node, ADDRESS-UNIT-io. Throws std::runtime_error with one line: no image, no QEMU, no line.
  NodeLine(boost::asio::io_context& io, const settings::House& house, BusIndex bus, std::uint64_t seed);
  ~NodeLine();
  NodeLine(const NodeLine&) = delete;
  NodeLine& operator=(const NodeLine&) = delete;

 private:
  struct Node;
  void add(const settings::House& house, const settings::DeviceSettings& device, std::uint64_t seed);
  void listen();
  void listen_to(Node& node);
  void drain(Node& node);
  void measure();
  void look_after();

  boost::asio::io_context& io_;
  Pty line_;
  std::array<std::uint8_t, 512> said_{};
  std::vector<std::unique_ptr<Node>> nodes_;
  boost::asio::steady_timer sample_timer_;
  boost::asio::steady_timer look_timer_;
};

}  // namespace rytme::app
