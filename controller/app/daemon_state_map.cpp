// SPDX-License-Identifier: Apache-2.0
// State maps: read by those who review, changed by them, and one row at a time shown in a session.
#include "controller/app/clock.hpp"
#include "controller/app/daemon.hpp"
#include "controller/app/state_map_answers.hpp"
#include "controller/journal/state_maps.hpp"
#include "controller/session/words.hpp"

namespace rytme::app {

void Daemon::state_map_port(web::RoomPort& port) {
  port.state_map = [this](const web::Looker& looker, const std::string& code,
                          const web::PageHandler& answer) {
    if (!session::is_participant_code(code))
      return answer(web::problem_page(422, "A participant code is 2 to 8 capital letters or digits."));
    ask_journal(
        looker, "state map", code, [code](journal::Reader& reader) { return answer_state_map(reader, code); },
        answer);
  };
  port.set_state_map = [this](const web::Looker& looker, const std::string& code, const StateMapRow& row,
                              const web::PageHandler& answer) {
    if (!session::is_participant_code(code))
      return answer(web::problem_page(422, "A participant code is 2 to 8 capital letters or digits."));
    if (const auto unknown = unknown_activity(row, house_.activities))
      return answer(web::problem_page(422, "Field activities must hold ids of activities.toml.",
                                      {{"activities", "has no activity " + *unknown}}));
    const auto seq = core_->keep(
        entry::Event{"state_map", journal::state_map_data(code, row, looker.actor.id)}, now(), effects_);
    answer_when_durable(seq, {200, "application/json", "{}"}, answer);
  };
  // Of the one who is here, and of nobody else: a tablet never names whose map it wants.
  port.session_map = [this](const web::Looker& looker, const web::PageHandler& answer) {
    if (core_->state(now().steady).session.empty())
      return answer(web::problem_page(409, "No session is on."));
    const std::string code = core_->participant();
    if (code.empty()) return answer(answer_session_map(nullptr, "", house_.activities));
    ask_journal(
        looker, "state map", code,
        [this, code](journal::Reader& reader) {
          return answer_session_map(&reader, code, house_.activities);
        },
        answer);
  };
}

}  // namespace rytme::app
