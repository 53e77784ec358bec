// SPDX-License-Identifier: Apache-2.0
#include "controller/web/read_request.hpp"

#include <algorithm>

namespace rytme::web {
namespace http = boost::beast::http;

std::optional<Incoming> read_request(const http::request<http::string_body>& message) {
  const auto field = [&message](http::field name) { return std::string(message[name]); };
  Incoming in;
  in.method = message.method() == http::verb::head ? "GET" : std::string(message.method_string());
  in.path = std::string(message.target());
  in.body = message.body();
  in.content_type = field(http::field::content_type);
  in.authorization = field(http::field::authorization);
  in.host = field(http::field::host);
  in.origin = field(http::field::origin);
  in.accept_encoding = field(http::field::accept_encoding);
  in.fetch_site = std::string(message["Sec-Fetch-Site"]);
  in.reason = std::string(message["X-Rytme-Reason"]).substr(0, longest_reason);
  read_cookies(message[http::field::cookie], in);
  const std::size_t question = in.path.find('?');
  const bool readable = question == std::string::npos || parse_form(in.path.substr(question + 1), in.query);
  in.path.resize(std::min(question, in.path.size()));
  if (!readable || !in.path.starts_with('/') || (message.version() >= 11 && in.host.empty()))
    return std::nullopt;
  return in;
}

}  // namespace rytme::web
