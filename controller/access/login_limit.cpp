// SPDX-License-Identifier: Apache-2.0
#include "controller/access/login_limit.hpp"

#include <algorithm>
#include <array>

#include <arpa/inet.h>

#include "controller/access/secret.hpp"

namespace rytme::access {
namespace {

constexpr std::size_t most_remembered = 4096;
constexpr std::chrono::minutes forgotten_after{30};
constexpr std::chrono::seconds longest_wait{300};
constexpr unsigned free_of_pair = 3;        // wrong tries of one account from one address without a wait
constexpr unsigned free_when_attacked = 1;  // the same while the account is tried from many sides
constexpr unsigned free_of_address = 10;    // of all accounts from one address
constexpr unsigned many = 10;               // wrong tries of one account from anywhere: it is attacked

}  // namespace

std::string host_of(std::string_view address) {
  std::array<unsigned char, 16> bytes{};
  std::string text(address.substr(0, address.find('%')));
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) != 1) return text;
  static constexpr std::array<unsigned char, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (!std::equal(mapped.begin(), mapped.end(), bytes.begin()))
    std::fill(bytes.begin() + 8, bytes.end(), static_cast<unsigned char>(0));
  std::array<char, INET6_ADDRSTRLEN> out{};
  inet_ntop(AF_INET6, bytes.data(), out.data(), out.size());
  return out.data();
}

const LoginLimit::Tries* LoginLimit::find(const Key& key) const {
  const auto found = tries_.find(key);
  return found == tries_.end() ? nullptr : &found->second;
}

std::chrono::seconds LoginLimit::wait_after(const Tries& tries, unsigned free, Instant now) {
  if (tries.wrong < free || now - tries.last >= forgotten_after) return std::chrono::seconds{0};
  const unsigned doublings = std::min(tries.wrong - free + 1, 9U);
  const auto wait = std::min(std::chrono::seconds{1U << doublings}, longest_wait);
  const auto left = std::chrono::ceil<std::chrono::seconds>(tries.last + wait - now);
  return std::max(left, std::chrono::seconds{0});
}

std::chrono::seconds LoginLimit::wait(std::string_view name, std::string_view address, Instant now) const {
  const std::string account = lowered(name);
  const std::string host = host_of(address);
  std::chrono::seconds longest{0};
  if (const Tries* all = find({"", host})) longest = wait_after(*all, free_of_address, now);
  const Tries* of_account = find({account, ""});
  const bool attacked =
      of_account != nullptr && of_account->wrong >= many && now - of_account->last < forgotten_after;
  if (const Tries* pair = find({account, host}))
    longest = std::max(longest, wait_after(*pair, attacked ? free_when_attacked : free_of_pair, now));
  return longest;
}

void LoginLimit::begun(std::string_view name, std::string_view address, Instant now) {
  const std::string account = lowered(name);
  const std::string host = host_of(address);
  count({"", host}, now);
  count({account, ""}, now);
  count({account, host}, now);
}

void LoginLimit::count(const Key& key, Instant now) {
  if (tries_.size() >= most_remembered && !tries_.contains(key))
    tries_.erase(std::min_element(tries_.begin(), tries_.end(), [](const auto& a, const auto& b) {
      return a.second.last < b.second.last;
    }));
  Tries& tries = tries_[key];
  if (now - tries.last >= forgotten_after) tries.wrong = 0;
  ++tries.wrong;
  tries.last = now;
}

void LoginLimit::discount(const Key& key) {
  const auto found = tries_.find(key);
  if (found != tries_.end() && found->second.wrong > 0) --found->second.wrong;
}

void LoginLimit::take_back(std::string_view name, std::string_view address) {
  const std::string account = lowered(name);
  const std::string host = host_of(address);
  discount({"", host});
  discount({account, ""});
  discount({account, host});
}

// What an address has tried at others stays counted: else one account of one's own would open all.
void LoginLimit::succeeded(std::string_view name, std::string_view address) {
  take_back(name, address);
  tries_.erase({lowered(name), host_of(address)});
  tries_.erase({lowered(name), ""});
}

}  // namespace rytme::access
