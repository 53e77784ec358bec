// SPDX-License-Identifier: Apache-2.0
#include "controller/session/session.hpp"

#include <utility>

#include "controller/session/machine.hpp"

namespace rytme::session {

Session::Session(Config config) : machine_(std::make_unique<Machine>(std::move(config))) {}
Session::~Session() = default;

Decision Session::handle(const Asked& asked, const Senses& senses, Now now) {
  return machine_->handle(asked, senses, now);
}
Decision Session::tick(const Senses& senses, Now now) { return machine_->tick(senses, now); }
Instant Session::next_wake() const { return machine_->next_wake(); }

Decision Session::resume_paused(const Interrupted& session, Now now) {
  return machine_->resume_paused(session, now);
}
void Session::forget(const entry::Erase& erase) { machine_->forget(erase); }
Decision Session::shutdown(Now now) { return machine_->shutdown(now); }
Decision Session::enter_safe_mode(Now now) { return machine_->enter_safe_mode(now); }

void Session::describe(RoomState& state, Now now) const { machine_->describe(state, now); }
Variant Session::variant_of(const std::string& participant) const {
  return machine_->variant_of(participant);
}
bool Session::recording() const { return machine_->recording(); }
const std::string& Session::session_id() const { return machine_->session_id(); }
std::string Session::participant() const { return machine_->participant(); }

}  // namespace rytme::session
