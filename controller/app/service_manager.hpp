// SPDX-License-Identifier: Apache-2.0
// The three words a service manager wants to hear: ready, alive, stopping. Source: sd_notify(3); a datagram
// to $NOTIFY_SOCKET. Without one every call does nothing.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace rytme::app {

class ServiceManager {
 public:
  ServiceManager();  // reads NOTIFY_SOCKET and WATCHDOG_USEC
  void ready() const { tell("READY=1"); }
  void alive() const { tell("WATCHDOG=1"); }
  void stopping() const { tell("STOPPING=1"); }
  // Half of what the manager allows between two alive(); nullopt: it does not watch.
  std::optional<std::chrono::microseconds> watchdog_period() const { return watchdog_period_; }

 private:
  void tell(std::string_view text) const;

  std::string socket_;
  std::optional<std::chrono::microseconds> watchdog_period_;
};

}  // namespace rytme::app
