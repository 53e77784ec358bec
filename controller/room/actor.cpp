// SPDX-License-Identifier: Apache-2.0
#include "controller/room/actor.hpp"

#include <array>

namespace rytme {
namespace {
constexpr std::array<std::string_view, 3> kinds{"tablet", "user", "local"};
constexpr std::array<std::string_view, 4> roles{"staff", "psychologist", "maintainer", "officer"};
}  // namespace

std::string_view name_of(ActorKind kind) { return kinds[static_cast<std::size_t>(kind)]; }
std::string_view name_of(Role role) { return roles[static_cast<std::size_t>(role)]; }

std::optional<Role> role_from(std::string_view name) {
  for (std::size_t i = 0; i < roles.size(); ++i)
    if (roles[i] == name) return static_cast<Role>(i);
  return std::nullopt;
}

}  // namespace rytme
