// SPDX-License-Identifier: Apache-2.0
// Tells all viewers what changed: at most 10 states a second, each viewer only the newest. Logic thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/steady_timer.hpp>

namespace rytme::web {

using Text = std::shared_ptr<const std::string>;

// A connection that receives events. Bounded: a state replaces the one that waits; too many others drop the
// viewer.
class Viewer {
 public:
  virtual ~Viewer() = default;
  virtual void show_state(Text event) = 0;
  virtual void show(Text event) = 0;
};

class Live : public std::enable_shared_from_this<Live> {
 public:
  // `state_event` makes the text of the whole state event now.
  Live(boost::asio::io_context& io, std::function<std::string()> state_event);

  void join(const std::shared_ptr<Viewer>& viewer);
  void leave(const Viewer* viewer);
  void changed();
  void show(std::string event);
  void stop();
  std::size_t viewers() const { return viewers_.size(); }

 private:
  void send_state();
  void arm_pause();
  void arm_ping();

  std::function<std::string()> state_event_;
  boost::asio::steady_timer pause_;
  boost::asio::steady_timer ping_;
  std::vector<std::shared_ptr<Viewer>> viewers_;
  bool pausing_{};
  bool dirty_{};
  bool pinging_{};
};

}  // namespace rytme::web
