// SPDX-License-Identifier: Apache-2.0
// The session's state machine: a const table of state x event -> state with the reason, and one pure
// function.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "controller/room/room_state.hpp"

namespace rytme::session {

enum class Event : std::uint8_t {
  start,     // someone asks for a session
  begun,     // its first aims are out
  close,     // end gently, or the minutes are nearly over: the close phase
  finished,  // the close phase is over
  stop,      // «Stopp alt»
  reset,     // «Klar igjen»
  restart,   // the controller comes up in the middle of a session
  resume,    // go on with what was paused
  shutdown,  // the controller ends in order
  fault,     // crash loop: safe mode
  count_
};

std::string_view name_of(Event event);

struct Transition {
  std::optional<RoomMode> to;  // nullopt: not in this state
  std::string_view reason;     // English: why it happens, or why not
};

// Total over both enums (not count_).
const Transition& transition(RoomMode mode, Event event);

// A session is on: it has begun and has not ended.
bool is_on(RoomMode mode);

}  // namespace rytme::session
