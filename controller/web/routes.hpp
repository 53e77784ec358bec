// SPDX-License-Identifier: Apache-2.0
// The table of everything that can be asked: method, path, roles, body, handler. What is not in it is
// refused.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "controller/room/actor.hpp"
#include "controller/room/request.hpp"
#include "controller/web/access.hpp"
#include "controller/web/desk_port.hpp"
#include "controller/web/fields.hpp"
#include "controller/web/message.hpp"

namespace rytme::web {

class Service;
struct Route;

enum class Method : std::uint8_t { get, post, del };
std::string_view name_of(Method method);

// Bits of Role, and `anyone` for what needs no actor.
using RoleSet = std::uint8_t;
constexpr RoleSet bit(Role role) { return static_cast<RoleSet>(1U << static_cast<unsigned>(role)); }
constexpr RoleSet anyone = 0x80;
constexpr RoleSet every_role =
    bit(Role::staff) | bit(Role::psychologist) | bit(Role::maintainer) | bit(Role::officer);

// A request that passed the table.
struct Call {
  const Incoming& incoming;
  const Route& route;
  Actor actor;
  By by{};
  std::string parameter;  // the {…} of the path
  Values values;
};

struct Route {
  Method method{};
  std::string_view path;  // at most one {name}, which stands for 1-64 of A-Z a-z 0-9 . _ -
  std::string_view summary;
  RoleSet roles{};
  unsigned success{200};
  std::string_view content_type{"application/json"};
  void (*answer)(Service&, const Call&, const Respond&){};
  Request (*request)(const Values&){};  // of the room: what the body asks of it
  std::span<const Field> fields{};
  std::span<const Field>
      query{};                 // GET: what may stand behind the ?; empty: anything, looked at by the handler
  DeskQuestion::What desk{};   // of the desk: which question it is
  std::size_t longest_body{};  // bytes, of who may; 0: as Options has it
  std::chrono::seconds patience{};  // until it is answered; 0: as Options has it
};

std::span<const Route> routes();

// The longest body of any route; 0: none is longer than usual.
std::size_t longest_body();

// True and the parameter when the path fits the pattern.
bool matches(std::string_view pattern, std::string_view path, std::string& parameter);

}  // namespace rytme::web
