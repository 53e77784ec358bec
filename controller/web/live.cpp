// SPDX-License-Identifier: Apache-2.0
#include "controller/web/live.hpp"

#include <utility>

#include <boost/asio/io_context.hpp>

namespace rytme::web {
namespace {
constexpr std::chrono::milliseconds between_states{110};  // at most ten in any second, a late timer included
constexpr std::chrono::seconds between_pings{15};
}  // namespace

Live::Live(boost::asio::io_context& io, std::function<std::string()> state_event)
    : state_event_(std::move(state_event)), pause_(io), ping_(io) {}

void Live::join(const std::shared_ptr<Viewer>& viewer) {
  viewers_.push_back(viewer);
  viewer->show_state(std::make_shared<const std::string>(state_event_()));
  if (!pinging_) arm_ping();
}

void Live::leave(const Viewer* viewer) {
  std::erase_if(viewers_, [viewer](const std::shared_ptr<Viewer>& one) { return one.get() == viewer; });
}

void Live::changed() {
  dirty_ = true;
  if (!pausing_) send_state();
}

void Live::send_state() {
  dirty_ = false;
  if (viewers_.empty()) return;
  const Text event = std::make_shared<const std::string>(state_event_());
  const auto viewers = viewers_;  // one may leave while it is told
  for (const auto& viewer : viewers) viewer->show_state(event);
  arm_pause();
}

void Live::arm_pause() {
  pausing_ = true;
  pause_.expires_after(between_states);
  pause_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    self->pausing_ = false;
    if (!error && self->dirty_) self->send_state();
  });
}

void Live::show(std::string event) {
  const Text text = std::make_shared<const std::string>(std::move(event));
  const auto viewers = viewers_;
  for (const auto& viewer : viewers) viewer->show(text);
}

void Live::arm_ping() {
  pinging_ = true;
  ping_.expires_after(between_pings);
  ping_.async_wait([self = shared_from_this()](boost::system::error_code error) {
    self->pinging_ = false;
    if (error || self->viewers_.empty()) return;
    self->show(": ping\n\n");
    self->arm_ping();
  });
}

void Live::stop() {
  pause_.cancel();
  ping_.cancel();
  viewers_.clear();
}

}  // namespace rytme::web
