// SPDX-License-Identifier: Apache-2.0
// How often somebody may try to log in: by address, and by account and address together, with a wait that
// doubles. Nobody can use up the tries of another: who comes from an address that has not failed at an
// account may try at once, however many fail elsewhere. Pure; logic thread. docs/security.md has the scheme.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "controller/room/time.hpp"

namespace rytme::access {

class LoginLimit {
 public:
  // How long to wait before the next try; zero: it may be made now. `address` is a host's; of IPv6 the first
  // 64 bits count, because a host has them all.
  std::chrono::seconds wait(std::string_view name, std::string_view address, Instant now) const;
  // A try begins. It is counted as wrong until it is known to be right: many at once are no way round.
  void begun(std::string_view name, std::string_view address, Instant now);
  // The last try that was counted was not wrong after all: nobody looked at it.
  void take_back(std::string_view name, std::string_view address);
  // It was right: what failed at this account is forgotten.
  void succeeded(std::string_view name, std::string_view address);
  std::size_t remembered() const { return tries_.size(); }

 private:
  struct Tries {
    unsigned wrong{};
    Instant last{};
  };
  static std::chrono::seconds wait_after(const Tries& tries, unsigned free, Instant now);
  using Key = std::pair<std::string, std::string>;  // account, host; "" = any
  const Tries* find(const Key& key) const;
  void count(const Key& key, Instant now);
  void discount(const Key& key);

  std::map<Key, Tries> tries_;
};

// The part of an address that stands for one host: all of IPv4, 64 bits of IPv6.
std::string host_of(std::string_view address);

}  // namespace rytme::access
