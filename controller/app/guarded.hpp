// SPDX-License-Identifier: Apache-2.0
// The frame of every command: what it throws is one line for people and exit code 2.
#pragma once

#include <exception>
#include <functional>
#include <ostream>
#include <string>

#include "controller/journal/journal.hpp"

namespace rytme::app {

// `while_it_runs`: what to do instead when the room's journal is in use.
inline int guarded(std::ostream& err, const std::function<int()>& command,
                   const std::string& while_it_runs = "stop it first") {
  constexpr int cannot = 2;
  try {
    return command();
  } catch (const journal::JournalInUse&) {
    err << "rytme: the room is running; " << while_it_runs << '\n';
  } catch (const std::exception& error) {
    err << "rytme: " << error.what() << '\n';
  }
  return cannot;
}

}  // namespace rytme::app
