// SPDX-License-Identifier: Apache-2.0
// Beginning and end of the process.
#include "controller/app/core.hpp"

namespace rytme::app {

void Core::resume_paused(const session::Interrupted& session, Now now, Effects& effects) {
  auto decision = session_.resume_paused(session, now);
  live_.resume(session, now.steady);
  carry_out(decision, "restart", now, effects);
  finish(now, effects);
}

void Core::enter_safe_mode(Now now, Effects& effects) {
  auto decision = session_.enter_safe_mode(now);
  carry_out(decision, "safe_mode", now, effects);
  finish(now, effects);
}

void Core::shutdown(Now now, Effects& effects) {
  ending_ = true;
  auto decision = session_.shutdown(now);
  carry_out(decision, "shutdown", now, effects);
  finish(now, effects);
}

bool Core::settled(Instant now) const {
  return last_stage_.next_wake() == Instant::max() && now != Instant::max();
}

}  // namespace rytme::app
