// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/value.hpp>

namespace rytme::web {

// OpenAPI 3.1 of exactly the routes in the table.
boost::json::value openapi();

}  // namespace rytme::web
