// SPDX-License-Identifier: Apache-2.0
// Everything one participant may see of the own record: each session as PDF, CSV and JSON, the access log,
// and a page in plain Bokmål that says what it is. Nothing of anybody else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/journal/reader.hpp"
#include "controller/journal/session_facts.hpp"
#include "controller/report/zip.hpp"

namespace rytme::report {

// A code that was chosen by mistake and corrected stands in a session's trail: it is another person's, and
// no word of it leaves with this one's record.
void leave_out_others(journal::SessionFacts& facts);

// The files; their texts are made when asked for, while `reader` lives. nullopt: nobody is known by that
// code. Throws JournalError.
std::optional<std::vector<ZipEntry>> participant_files(journal::Reader& reader, const std::string& code);

}  // namespace rytme::report
