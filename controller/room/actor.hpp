// SPDX-License-Identifier: Apache-2.0
// Who asks. Every request has an actor from the first day.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rytme {

// tablet: enrolled screen on the wall; user: a person with an account; local: the machine itself (loopback,
// command line).
enum class ActorKind : std::uint8_t { tablet, user, local };
enum class Role : std::uint8_t { staff, psychologist, maintainer, officer };

struct Actor {
  ActorKind kind{ActorKind::local};
  Role role{Role::staff};
  std::string id;  // "tablet-1", "local"; an account's id, never a name
};

std::string_view name_of(ActorKind kind);
std::string_view name_of(Role role);
std::optional<Role> role_from(std::string_view name);

}  // namespace rytme
