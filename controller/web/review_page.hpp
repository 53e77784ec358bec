// SPDX-License-Identifier: Apache-2.0
// The psychologist's page: an empty sheet that its script fills with answers of the API, each logged. Nothing
// of a session is in it. Pure.
#pragma once

#include <string>

#include "controller/web/message.hpp"
#include "controller/web/server.hpp"

namespace rytme::web {

std::string render_review(const Options& options, const Query& query);

}  // namespace rytme::web
