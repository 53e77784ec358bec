// SPDX-License-Identifier: Apache-2.0
// `rytme participant export`: the record of one participant as a ZIP. Returns the process's exit code: 0
// done, 1 nobody is known by that code, 2 cannot do it, told in one line on `err`.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace rytme::app {

struct ParticipantExportRequest {
  std::filesystem::path journal;
  std::string code;
  std::optional<std::filesystem::path> file;  // nullopt: to `out`
  bool terminal{};                            // `out` is one: a ZIP is not for it
};

int participant_export(const ParticipantExportRequest& request, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
