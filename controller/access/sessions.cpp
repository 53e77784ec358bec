// SPDX-License-Identifier: Apache-2.0
#include "controller/access/sessions.hpp"

#include <algorithm>

#include "controller/access/secret.hpp"

namespace rytme::access {
namespace {

constexpr std::size_t most_of_one = 8;
constexpr std::size_t most = 64;

}  // namespace

std::chrono::minutes longest_silence(Role role) {
  return std::chrono::minutes(role == Role::maintainer ? 30 : 10);
}

std::string Sessions::begin(const Login& login, Instant now) {
  make_place(login.user);
  std::string token = random_token();
  all_.emplace(digest(token), Session{login, now, now});
  return token;
}

void Sessions::make_place(const std::string& user) {
  const auto of_user = [&user](const auto& one) { return one.second.login.user == user; };
  const auto own = static_cast<std::size_t>(std::count_if(all_.begin(), all_.end(), of_user));
  if (own < most_of_one && all_.size() < most) return;
  auto oldest = all_.end();
  for (auto at = all_.begin(); at != all_.end(); ++at)
    if ((own < most_of_one || of_user(*at)) &&
        (oldest == all_.end() || at->second.used < oldest->second.used))
      oldest = at;
  all_.erase(oldest);
}

std::optional<Login> Sessions::find(std::string_view token, Instant now, bool active) {
  const auto found = all_.find(digest(token));
  if (found == all_.end()) return std::nullopt;
  Session& session = found->second;
  if (now - session.used >= longest_silence(session.login.role) || now - session.begun >= longest_session) {
    all_.erase(found);
    return std::nullopt;
  }
  if (active) session.used = now;
  return session.login;
}

bool Sessions::end(std::string_view token) { return all_.erase(digest(token)) > 0; }

void Sessions::end_where(const std::function<bool(const Login&)>& is_over) {
  std::erase_if(all_, [&is_over](const auto& one) { return is_over(one.second.login); });
}

}  // namespace rytme::access
