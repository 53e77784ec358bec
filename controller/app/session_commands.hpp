// SPDX-License-Identifier: Apache-2.0
// `rytme session list | show | export`: contracts §2 and §7. They read the journal file, whether the room
// runs or not. Return the process's exit code: 0 done, 1 no such session, 2 cannot do it, told in one line on
// `err`.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace rytme::app {

int session_list(const std::filesystem::path& journal, bool json, std::ostream& out, std::ostream& err);

int session_show(const std::filesystem::path& journal, const std::string& id, bool json, std::ostream& out,
                 std::ostream& err);

// format: json | csv. `file`: written under a temporary name, made durable and renamed, so it is whole or not
// there; nullopt: to `out`.
int session_export(const std::filesystem::path& journal, const std::string& id, const std::string& format,
                   const std::optional<std::filesystem::path>& file, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
