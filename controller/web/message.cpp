// SPDX-License-Identifier: Apache-2.0
#include "controller/web/message.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "controller/web/json.hpp"

namespace rytme::web {
namespace {

std::string_view title(unsigned status) {
  switch (status) {
    case 400:
      return "Bad request";
    case 401:
      return "Log-in needed";
    case 403:
      return "Not allowed";
    case 404:
      return "Not found";
    case 405:
      return "Method not allowed";
    case 408:
      return "Too slow";
    case 409:
      return "Not in this state";
    case 413:
      return "Body too large";
    case 415:
      return "Unsupported content type";
    case 422:
      return "Values not allowed";
    case 429:
      return "Too many requests";
    case 431:
      return "Header too large";
    case 503:
      return "Not available";
    default:
      return "Internal error";
  }
}

bool decode(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    unsigned value = 0;
    if (i + 2 >= text.size()) return false;
    const char* end = text.data() + i + 3;
    if (std::from_chars(text.data() + i + 1, end, value, 16).ptr != end) return false;
    out += static_cast<char>(value);
    i += 2;
  }
  return true;
}

}  // namespace

Reply problem(unsigned status, std::string_view detail, const std::vector<FieldError>& errors) {
  boost::json::object body{{"type", "about:blank"},
                           {"title", boost::json::string(title(status))},
                           {"status", status},
                           {"detail", boost::json::string(detail)}};
  if (!errors.empty()) {
    boost::json::array list;
    for (const FieldError& error : errors)
      list.push_back(boost::json::object{{"field", error.field}, {"detail", error.detail}});
    body["errors"] = std::move(list);
  }
  Reply reply;
  reply.status = status;
  reply.content_type = "application/problem+json";
  reply.body = dump(body);
  return reply;
}

bool parse_form(std::string_view text, Query& into) {
  constexpr std::size_t most_pairs = 32;
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    std::string key;
    std::string value;
    if (!decode(pair.substr(0, equals), key)) return false;
    if (equals != std::string_view::npos && !decode(pair.substr(equals + 1), value)) return false;
    into[key] = value;
    if (into.size() > most_pairs) return false;
  }
  return true;
}

void read_cookies(std::string_view header, Incoming& into) {
  while (!header.empty()) {
    const std::size_t end = std::min(header.find(';'), header.size());
    std::string_view pair = header.substr(0, end);
    header.remove_prefix(std::min(end + 1, header.size()));
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    const std::size_t equals = pair.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = pair.substr(0, equals);
    if (name == session_cookie) into.session = pair.substr(equals + 1);
    if (name == tablet_cookie) into.tablet = pair.substr(equals + 1);
  }
}

std::pair<std::string, std::string> set_cookie(std::string_view name, std::string_view value,
                                               long long for_s) {
  std::string text(name);
  text.append("=").append(value).append("; Path=/; Secure; HttpOnly; SameSite=Strict");
  if (for_s != 0) text.append("; Max-Age=").append(std::to_string(std::max(for_s, 0LL)));
  return {"Set-Cookie", text};
}

}  // namespace rytme::web
