// SPDX-License-Identifier: Apache-2.0
#include "tests/support/shell.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <sys/wait.h>

namespace rytme::test {

Ended shell(const std::string& command, const std::string& typed) {
  const std::string line = typed.empty() ? command : "printf '%s' '" + typed + "' | " + command;
  FILE* pipe = ::popen(line.c_str(), "r");
  if (pipe == nullptr) throw std::system_error(errno, std::generic_category(), "popen");
  Ended ended;
  std::array<char, 4096> part{};
  while (const auto size = std::fread(part.data(), 1, part.size(), pipe))
    ended.said.append(part.data(), size);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status)) ended.code = WEXITSTATUS(status);
  return ended;
}

}  // namespace rytme::test
