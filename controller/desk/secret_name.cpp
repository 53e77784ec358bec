// SPDX-License-Identifier: Apache-2.0
#include "controller/desk/secret_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace rytme::desk {
namespace {

constexpr std::array<std::string_view, 9> parts{"pass", "pwd",  "secret",  "token",     "psk",
                                                "key",  "auth", "private", "credential"};
constexpr std::array<std::string_view, 3> wholes{"pin", "code", "install_code"};

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

}  // namespace

bool is_secret_name(std::string_view name) {
  std::string small(name);
  std::transform(small.begin(), small.end(), small.begin(), lower);
  const auto is_in = [&](std::string_view part) { return small.find(part) != std::string::npos; };
  return std::any_of(parts.begin(), parts.end(), is_in) ||
         std::find(wholes.begin(), wholes.end(), small) != wholes.end();
}

}  // namespace rytme::desk
