// SPDX-License-Identifier: Apache-2.0
// The privacy officer's question who looked, answered from the record: JSON, or an RFC 9457 problem. Thread:
// the reader's.
#pragma once

#include "controller/journal/reader.hpp"
#include "controller/web/server.hpp"

namespace rytme::app {

// {"entries": […], "next": the cursor of the page after it, or null}. Throws journal::JournalError when the
// record cannot be read.
web::Page answer_access(journal::Reader& reader, const web::AccessQuestion& question);

}  // namespace rytme::app
