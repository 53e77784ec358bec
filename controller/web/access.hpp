// SPDX-License-Identifier: Apache-2.0
// Who asks, by what it proves, and how often. Logic thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/actor.hpp"
#include "controller/room/time.hpp"
#include "controller/web/message.hpp"

namespace rytme::access {
class Accounts;
}

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

// What says who asks: a token, the cookie of a log-in, the cookie of an enrolled tablet, or that it comes
// from this machine.
enum class By : std::uint8_t { nothing, token, session, tablet, loopback };
struct Proof {
  Actor actor;
  By by{};
};
constexpr bool is_cookie(By by) { return by == By::session || by == By::tablet; }

class Access {
 public:
  // token -> tablet | psychologist | maintainer | officer; other words are ignored. `accounts` may be
  // nullptr.
  Access(const std::map<std::string, std::string>& tokens, std::shared_ptr<access::Accounts> accounts);

  // All that the request proves, a person's log-in first; nothing: nobody. A token stands alone: a wrong one
  // is not forgiven. A cookie that is over is as none: a browser cannot help sending it, and a stop must go
  // through. `active`: a person did something, which keeps a log-in from ending.
  std::vector<Proof> identify(const Incoming& incoming, Instant now, bool active) const;

 private:
  std::optional<Actor> of_token(std::string_view token) const;

  struct Account {
    std::string token;
    Actor actor;
  };
  std::vector<Account> tokens_;
  std::shared_ptr<access::Accounts> accounts_;
};

// A POST must not come from a foreign page. `yes` and `no` are the browser's own word.
enum class OwnPage : std::uint8_t { yes, no, unsaid };
OwnPage own_page(const Incoming& incoming);

// What a form of ours carries, so that a browser that says nothing of where it comes from can use it: the
// hash of the cookie, or else the address, that it was made for, with a key of this process.
class FormTokens {
 public:
  FormTokens();
  std::string made_for(const Incoming& incoming) const;
  bool fits(const Incoming& incoming) const;

 private:
  std::string key_;
};

// Without a token the Host must be an address or a name without dots: a foreign name can be made to point
// here.
bool known_host(const Incoming& incoming);

}  // namespace rytme::web
