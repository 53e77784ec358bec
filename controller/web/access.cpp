// SPDX-License-Identifier: Apache-2.0
#include "controller/web/access.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace rytme::web {
namespace {

// Time depends on the length of what was sent only, never on how much of it is right.
bool same_secret(std::string_view sent, std::string_view secret) {
  unsigned difference = sent.size() == secret.size() ? 0 : 1;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    const char against = secret.empty() ? '\0' : secret[i % secret.size()];
    difference |=
        static_cast<unsigned>(static_cast<unsigned char>(sent[i]) ^ static_cast<unsigned char>(against));
  }
  return difference == 0 && !secret.empty();
}

std::string_view bearer(std::string_view authorization) {
  constexpr std::string_view scheme = "Bearer ";
  return authorization.starts_with(scheme) ? authorization.substr(scheme.size()) : std::string_view{};
}

std::string_view without_port(std::string_view host) {
  if (host.starts_with('[')) return host.substr(1, std::max<std::size_t>(host.find(']'), 1) - 1);
  return host.substr(0, host.find(':'));
}

}  // namespace

RateLimit::Bucket& RateLimit::refreshed(const std::string& address, Instant now) {
  constexpr std::size_t most = 1024;
  const auto found = buckets_.find(address);
  if (found == buckets_.end()) {
    if (buckets_.size() >= most)
      buckets_.erase(std::min_element(buckets_.begin(), buckets_.end(), [](const auto& a, const auto& b) {
        return a.second.at < b.second.at;
      }));
    return buckets_.emplace(address, Bucket{burst_, now}).first->second;
  }
  Bucket& bucket = found->second;
  bucket.tokens = std::min(burst_, bucket.tokens + per_second_ * seconds_between(bucket.at, now));
  bucket.at = now;
  return bucket;
}

bool RateLimit::take(const std::string& address, Instant now) {
  Bucket& bucket = refreshed(address, now);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

Access::Access(const std::map<std::string, std::string>& tokens) {
  for (const auto& [token, word] : tokens) {
    if (word == "tablet")
      accounts_.push_back({token, {ActorKind::tablet, Role::staff, word}});
    else if (const std::optional<Role> role = role_from(word))
      accounts_.push_back({token, {ActorKind::user, *role, word}});
  }
}

std::optional<Actor> Access::identify(const Incoming& incoming) const {
  if (incoming.authorization.empty())
    return incoming.loopback ? std::optional<Actor>({ActorKind::local, Role::staff, "local"}) : std::nullopt;
  const std::string_view sent = bearer(incoming.authorization);
  std::optional<Actor> actor;
  for (const Account& account : accounts_)  // all of them, so that time tells nothing
    if (same_secret(sent, account.token)) actor = account.actor;
  return actor;
}

// A form under Referrer-Policy no-referrer carries "Origin: null", so the browser's own word goes first.
bool from_own_page(const Incoming& incoming) {
  if (!incoming.fetch_site.empty())
    return incoming.fetch_site == "same-origin" || incoming.fetch_site == "none";
  if (incoming.origin.empty()) return true;
  return incoming.origin == "http://" + incoming.host || incoming.origin == "https://" + incoming.host;
}

bool known_host(const Incoming& incoming) {
  const std::string name(without_port(incoming.host));
  if (name.find('.') == std::string::npos) return true;
  boost::system::error_code error;
  boost::asio::ip::make_address(name, error);
  return !error;
}

}  // namespace rytme::web
