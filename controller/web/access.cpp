// SPDX-License-Identifier: Apache-2.0
#include "controller/web/access.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

#include "controller/access/accounts.hpp"
#include "controller/access/secret.hpp"
#include "controller/web/fields.hpp"

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

Access::Access(const std::map<std::string, std::string>& tokens, std::shared_ptr<access::Accounts> accounts)
    : accounts_(std::move(accounts)) {
  for (const auto& [token, word] : tokens) {
    if (word == "tablet")
      tokens_.push_back({token, {ActorKind::tablet, Role::staff, word}});
    else if (const std::optional<Role> role = role_from(word))
      tokens_.push_back({token, {ActorKind::user, *role, word}});
  }
}

std::optional<Actor> Access::of_token(std::string_view token) const {
  std::optional<Actor> actor;
  for (const Account& account : tokens_)  // all of them, so that time tells nothing
    if (same_secret(token, account.token)) actor = account.actor;
  return actor;
}

std::vector<Proof> Access::identify(const Incoming& incoming, Instant now, bool active) const {
  std::vector<Proof> proofs;
  const auto add = [&proofs](const std::optional<Actor>& actor, By by) {
    if (actor) proofs.push_back({*actor, by});
  };
  if (!incoming.authorization.empty()) {
    add(of_token(bearer(incoming.authorization)), By::token);
    return proofs;
  }
  if (accounts_ && !incoming.session.empty())
    add(accounts_->user(incoming.session, now, active), By::session);
  if (accounts_ && !incoming.tablet.empty()) add(accounts_->tablet(incoming.tablet), By::tablet);
  if (incoming.loopback) add(Actor{ActorKind::local, Role::staff, "local"}, By::loopback);
  return proofs;
}

// A form under Referrer-Policy no-referrer carries "Origin: null", so the browser's other word goes first.
OwnPage own_page(const Incoming& incoming) {
  if (!incoming.fetch_site.empty())
    return incoming.fetch_site == "same-origin" || incoming.fetch_site == "none" ? OwnPage::yes : OwnPage::no;
  if (incoming.origin.empty()) return OwnPage::unsaid;
  const char* const scheme = incoming.tls ? "https://" : "http://";
  return incoming.origin == scheme + incoming.host ? OwnPage::yes : OwnPage::no;
}

FormTokens::FormTokens() : key_(access::random_token()) {}

std::string FormTokens::made_for(const Incoming& incoming) const {
  const std::string& whose = !incoming.session.empty()  ? incoming.session
                             : !incoming.tablet.empty() ? incoming.tablet
                                                        : incoming.peer;
  std::string text;
  for (const char c : access::digest(key_ + "\n" + whose)) {
    constexpr std::string_view hex = "0123456789abcdef";
    const auto byte = static_cast<unsigned char>(c);
    text += hex[byte >> 4U];
    text += hex[byte & 0xFU];
  }
  return text;
}

bool FormTokens::fits(const Incoming& incoming) const {
  Query form;
  if (!is_form(incoming) || !parse_form(incoming.body, form)) return false;
  const auto sent = form.find(std::string(form_token_field));
  return sent != form.end() && same_secret(sent->second, made_for(incoming));
}

bool known_host(const Incoming& incoming) {
  const std::string name(without_port(incoming.host));
  if (name.find('.') == std::string::npos) return true;
  boost::system::error_code error;
  boost::asio::ip::make_address(name, error);
  return !error;
}

}  // namespace rytme::web
