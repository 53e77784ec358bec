// SPDX-License-Identifier: Apache-2.0
#include "tests/support/shared_data.hpp"

#include <cstdlib>
#include <stdexcept>

namespace rytme::test {

namespace {

std::filesystem::path root() {
  const char* named = std::getenv("RYTME_SHARED");
  return named != nullptr && *named != '\0' ? named : "../shared";
}

bool required() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string_view(ci) == "true";
}

}  // namespace

bool shared_available() { return required() || std::filesystem::is_directory(root()); }

std::filesystem::path shared(std::string_view relative) {
  auto path = root() / relative;
  if (!std::filesystem::exists(path)) {
    throw std::runtime_error("reference data missing: " + path.string() + " (set RYTME_SHARED)");
  }
  return path;
}

}  // namespace rytme::test
