// SPDX-License-Identifier: Apache-2.0
// One request and its answer as plain values, free of the HTTP library: what routes read and make.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rytme::web {

using Query = std::map<std::string, std::string>;

struct Incoming {
  std::string method;  // "GET"; HEAD arrives as GET
  std::string path;    // as sent, without the query; never percent-decoded, so "%2e%2e" matches nothing
  Query query;
  std::string body;
  std::string content_type, authorization, host, origin, fetch_site, reason, accept_encoding;
  std::string session, tablet;  // the cookies of ours that it carries
  std::string peer;             // address without port
  bool loopback{};
  bool tls{};
};

constexpr std::size_t longest_reason = 200;

struct FieldError {
  std::string field, detail;
};

struct Reply {
  unsigned status{200};
  std::string content_type{"application/json"};
  std::string body;
  std::shared_ptr<const std::filesystem::path> file;  // to send instead of `body`, held until it is sent
  std::vector<std::pair<std::string, std::string>> headers;
  bool live{};                    // the connection becomes a viewer of server-sent events
  std::function<bool()> still{};  // live: false once who looks may not any more; empty: for good
  bool immutable{};               // named by its content: may be cached for ever
};

using Respond = std::function<void(Reply)>;

// The cookies as browsers keep them: for this host, path / and secure connections alone (or loopback).
constexpr std::string_view session_cookie = "__Host-rytme";
constexpr std::string_view tablet_cookie = "__Host-rytme-tablet";
// Takes ours out of a Cookie header.
void read_cookies(std::string_view header, Incoming& into);
// A Set-Cookie header that keeps the value for that long; 0 s: as long as the browser runs; negative: not any
// more.
std::pair<std::string, std::string> set_cookie(std::string_view name, std::string_view value,
                                               long long for_s);

// RFC 9457. `detail` is one English sentence; `errors` names fields.
Reply problem(unsigned status, std::string_view detail, const std::vector<FieldError>& errors = {});

// application/x-www-form-urlencoded, also of a query. False: broken escapes, or more than 32 pairs.
bool parse_form(std::string_view text, Query& into);

}  // namespace rytme::web
