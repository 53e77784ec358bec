// SPDX-License-Identifier: Apache-2.0
// From the HTTP library's request to ours. Pure.
#pragma once

#include <optional>

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include "controller/web/message.hpp"

namespace rytme::web {

// All but who sent it. nullopt: the request line, the query or the Host cannot be read.
std::optional<Incoming> read_request(
    const boost::beast::http::request<boost::beast::http::string_body>& message);

}  // namespace rytme::web
