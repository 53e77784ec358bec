// SPDX-License-Identifier: Apache-2.0
// Who asks, and how often. Pure but for its own counters; logic thread.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/actor.hpp"
#include "controller/room/time.hpp"
#include "controller/web/message.hpp"

namespace rytme::web {

// Token bucket per address. At most 1024 addresses; when full, the stalest is forgotten.
class RateLimit {
 public:
  RateLimit(double burst, double per_second) : burst_(burst), per_second_(per_second) {}
  // False: too many; nothing is taken.
  bool take(const std::string& address, Instant now);

 private:
  struct Bucket {
    double tokens{};
    Instant at{};
  };
  Bucket& refreshed(const std::string& address, Instant now);
  double burst_;
  double per_second_;
  std::map<std::string, Bucket> buckets_;
};

class Access {
 public:
  // token -> tablet | psychologist | maintainer | officer; other words are ignored.
  explicit Access(const std::map<std::string, std::string>& tokens);

  // nullopt: no such token, or no token and not from this machine.
  std::optional<Actor> identify(const Incoming& incoming) const;

 private:
  struct Account {
    std::string token;
    Actor actor;
  };
  std::vector<Account> accounts_;
};

// A POST without a token must not come from a foreign page: the browser says same origin, or nothing.
bool from_own_page(const Incoming& incoming);

// Without a token the Host must be an address or a name without dots: a foreign name can be made to point
// here.
bool known_host(const Incoming& incoming);

}  // namespace rytme::web
