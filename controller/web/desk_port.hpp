// SPDX-License-Identifier: Apache-2.0
// What a maintainer asks of the desk: settings, versions, state, log. Nothing of a session.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "controller/web/fields.hpp"

namespace rytme::web {

// Within the bounds of the route's table.
struct DeskQuestion {
  enum class What : std::uint8_t {
    settings,
    file,
    check,
    apply,
    confirm,
    restore,
    versions,
    diff,
    state,
    log,
    support,
    backup
  } what{};
  std::string name;                   // file: a settings file
  std::string base;                   // apply, restore: the hash of what the change was made from
  Texts files;                        // check, apply: the files that are other than they are
  std::string from, to;               // diff: a version's number, "yesterday" or "now"
  std::string level;                  // log: the least; "" = all
  std::optional<std::size_t> number;  // restore: the version; log: how many lines
};

}  // namespace rytme::web
