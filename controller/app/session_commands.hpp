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

struct ExportRequest {
  std::filesystem::path journal;
  std::string id;
  std::string format{"json"};                 // csv | json | edf | pdf
  std::string separator{","};                 // of CSV: , | ;
  std::optional<std::filesystem::path> file;  // whole or not there (whole_file.hpp); nullopt: to `out`
  bool terminal{};                            // `out` is one: edf and pdf are not for it
};

int session_export(const ExportRequest& request, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
