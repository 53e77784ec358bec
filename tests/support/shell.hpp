// SPDX-License-Identifier: Apache-2.0
// A command as a shell runs it.
#pragma once

#include <string>

namespace rytme::test {

struct Ended {
  int code{-1};      // -1: by a signal
  std::string said;  // on its standard output
};

// Waits for its end. `typed`: what comes on its standard input, without quotes; throws std::system_error when
// there is no shell.
Ended shell(const std::string& command, const std::string& typed = "");

}  // namespace rytme::test
