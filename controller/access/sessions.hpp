// SPDX-License-Identifier: Apache-2.0
// Who is logged in. In memory alone: a session ends with the process at the latest, and no token is ever on a
// disk. Pure
// but for random numbers; logic thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "controller/room/actor.hpp"
#include "controller/room/time.hpp"

namespace rytme::access {

struct Login {
  std::string user;  // the account's id
  Role role{};
  std::int64_t epoch{};  // of the account when it logged in
};

// Without activity: staff and review 10 min, maintainer 30 min; 12 h whatever happens (OWASP ASVS 7.3).
std::chrono::minutes longest_silence(Role role);
constexpr std::chrono::hours longest_session{12};

class Sessions {
 public:
  // A new token. More than 8 of one account or 64 in all: the one unused for longest ends.
  std::string begin(const Login& login, Instant now);
  // nullopt: no such session, or it has ended. `active`: a person did something.
  std::optional<Login> find(std::string_view token, Instant now, bool active);
  bool end(std::string_view token);  // false: there was none
  void end_where(const std::function<bool(const Login&)>& is_over);
  std::size_t count() const { return all_.size(); }

 private:
  struct Session {
    Login login;
    Instant begun{}, used{};
  };
  void make_place(const std::string& user);

  std::map<std::string, Session> all_;  // by the token's digest
};

}  // namespace rytme::access
