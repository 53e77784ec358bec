// SPDX-License-Identifier: Apache-2.0
#include "controller/session/states.hpp"

#include <array>
#include <cstddef>

namespace rytme::session {
namespace {

using M = RoomMode;

constexpr std::size_t events = static_cast<std::size_t>(Event::count_);
constexpr std::size_t modes = static_cast<std::size_t>(M::safe_mode) + 1;

constexpr std::array<std::string_view, events> names{"start", "begun",   "close",  "finished", "stop",
                                                     "reset", "restart", "resume", "shutdown", "fault"};

constexpr Transition to(M mode, std::string_view reason) { return {mode, reason}; }
constexpr Transition no(std::string_view reason) { return {std::nullopt, reason}; }

constexpr Transition is_on_already = no("a session is on");
constexpr Transition no_session = no("no session is on");
constexpr Transition latched = no("stopped: it must be made ready again first");
constexpr Transition in_safe_mode = no("safe mode: maintenance is needed");
constexpr Transition not_stopped = no("nothing is stopped");
constexpr Transition not_paused = no("nothing is paused");
constexpr Transition stop_all = to(M::stopped, "stop all");
constexpr Transition power_off = to(M::idle, "the controller ends");
constexpr Transition crash_loop = to(M::safe_mode, "too many restarts");
constexpr Transition end_gently = to(M::stopping, "close phase");

struct Row {
  M mode;
  std::array<Transition, events> cells;
};

// Columns in the order of Event.
constexpr std::array<Row, modes> table{{
    {M::idle,
     {to(M::starting, "session asked for"), no_session, no_session, no_session, stop_all, not_stopped,
      to(M::paused, "restart in the middle of a session"), not_paused, to(M::idle, "the controller ends"),
      crash_loop}},
    {M::starting,
     {is_on_already, to(M::running, "first phase"), end_gently, to(M::idle, "finished"), stop_all,
      not_stopped, is_on_already, not_paused, power_off, crash_loop}},
    {M::running,
     {is_on_already, no("it has begun"), end_gently, to(M::idle, "finished"), stop_all, not_stopped,
      is_on_already, not_paused, power_off, crash_loop}},
    {M::paused,
     {is_on_already, no("it is paused"), to(M::idle, "ended while paused"), to(M::idle, "paused too long"),
      stop_all, not_stopped, is_on_already, to(M::running, "resumed"), power_off, crash_loop}},
    {M::stopping,
     {is_on_already, no("it is closing"), to(M::stopping, "it is closing"), to(M::idle, "finished"), stop_all,
      not_stopped, is_on_already, not_paused, power_off, crash_loop}},
    {M::stopped,
     {latched, latched, latched, latched, to(M::stopped, "stop all again"), to(M::idle, "ready again"),
      latched, latched, to(M::stopped, "the controller ends"), crash_loop}},
    {M::safe_mode,
     {in_safe_mode, in_safe_mode, in_safe_mode, in_safe_mode, stop_all, in_safe_mode, in_safe_mode,
      in_safe_mode, to(M::safe_mode, "the controller ends"), to(M::safe_mode, "too many restarts")}},
}};

constexpr bool rows_follow_modes() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].mode) != i) return false;
  return true;
}

constexpr bool every_cell_has_a_reason() {
  for (const Row& row : table)
    for (const Transition& cell : row.cells)
      if (cell.reason.empty()) return false;
  return true;
}

constexpr bool stop_latches_everywhere() {
  for (const Row& row : table)
    if (row.cells[static_cast<std::size_t>(Event::stop)].to != M::stopped) return false;
  return true;
}

static_assert(rows_follow_modes(), "state table and RoomMode have drifted apart");
static_assert(every_cell_has_a_reason(), "a cell of the state table is missing");
static_assert(stop_latches_everywhere(), "stop must latch in every state");

}  // namespace

std::string_view name_of(Event event) { return names[static_cast<std::size_t>(event)]; }

const Transition& transition(RoomMode mode, Event event) {
  return table[static_cast<std::size_t>(mode)].cells[static_cast<std::size_t>(event)];
}

bool is_on(RoomMode mode) {
  return mode == M::starting || mode == M::running || mode == M::paused || mode == M::stopping;
}

}  // namespace rytme::session
