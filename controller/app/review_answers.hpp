// SPDX-License-Identifier: Apache-2.0
// A psychologist's question answered from the record: JSON, or an RFC 9457 problem. Thread: the reader's.
#pragma once

#include <string_view>

#include "controller/journal/reader.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

// As the access log calls it.
std::string_view name_of(web::ReviewQuestion::What what);

// Throws journal::JournalError when the record cannot be read.
web::Page answer_review(journal::Reader& reader, const web::ReviewQuestion& question);

}  // namespace rytme::app
