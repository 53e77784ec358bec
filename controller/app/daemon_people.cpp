// SPDX-License-Identifier: Apache-2.0
// Whose a record is, and that it goes: what the web may ask of the journal's writer.
#include <algorithm>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <spdlog/spdlog.h>

#include "controller/app/access_answers.hpp"
#include "controller/app/clock.hpp"
#include "controller/app/daemon.hpp"
#include "controller/journal/participants.hpp"
#include "controller/review/person_memory.hpp"
#include "controller/session/words.hpp"
#include "controller/web/json.hpp"

namespace rytme::app {
namespace {

constexpr std::chrono::seconds disk_patience{5};

signals::PersonMemory memory_of(journal::Reader& reader, const std::string& participant) {
  review::PersonMemory kept;
  reader.ask([&](journal::Connection& connection) { kept = review::person_memory(connection, participant); });
  signals::PersonMemory memory;
  for (const double bpm : kept.calm_bpm) memory.calm.add_bpm(bpm);
  for (const auto& row : kept.movement) {
    const auto place = row.place == "wrist" ? signals::SensorPlace::wrist : signals::SensorPlace::chest;
    memory.movement.at(static_cast<std::size_t>(place)) = {row.xx, row.xy, row.yy,
                                                           row.xd, row.yd, row.seconds};
  }
  return memory;
}

}  // namespace

void Daemon::people_port(web::RoomPort& port) {
  port.participants = [this](const web::Looker& looker, const web::PageHandler& answer) {
    ask_journal(
        looker, "participants", "",
        [](journal::Reader& reader) {
          return web::Page{200, "application/json", journal::to_json(reader.participants())};
        },
        answer);
  };
  port.access_log = [this](const web::Looker& looker, const web::AccessQuestion& question,
                           const web::PageHandler& answer) {
    ask_journal(
        looker, "access log", question.session.empty() ? question.participant : question.session,
        [question](journal::Reader& reader) { return answer_access(reader, question); }, answer);
  };
  port.variant = [this](const web::Looker& looker, const std::string& code, const web::PageHandler& answer) {
    if (!session::is_participant_code(code))
      return answer(web::problem_page(422, "A participant code is 2 to 8 capital letters or digits."));
    core_->looked({looker.actor, "variant", code, looker.from, looker.why, false}, now(), effects_);
    carry_out();
    answer({200, "application/json", boost::json::serialize(web::to_json(core_->variant_of(code)))});
  };
  port.add_participant = [this](const web::Looker&, const web::PageHandler& answer) {
    ask_then(
        answer, [](journal::Reader& reader) { return reader.unused_code(); },
        [this, answer](const std::string& code) {
          const auto seq = core_->keep(entry::ParticipantAdded{code}, now(), effects_);
          answer_when_durable(seq, {201, "application/json", R"({"code":")" + code + R"("})"}, answer);
        });
  };
  port.correct_participant = [this](const web::Looker& looker, const std::string& id, const std::string& code,
                                    const web::PageHandler& answer) {
    if (!session::is_participant_code(code))
      return answer(web::problem_page(422, "A participant code is 2 to 8 capital letters or digits."));
    if (core_->state(now().steady).session == id)
      return answer(web::problem_page(409, "The session is on: name the participant there."));
    ask_then(
        answer, [id](journal::Reader& reader) { return reader.session(id); },
        [this, answer, id, code, by = looker.actor.id](const std::optional<journal::SessionSummary>& found) {
          if (!found) return answer(web::problem_page(404, "There is no such session."));
          // Without recording it is kept without participant.
          if (!found->recording && found->participant.empty())
            return answer(web::problem_page(409, "The session was not recorded and is nobody's."));
          const auto seq = core_->keep(entry::SessionChange{id, code, std::nullopt, by}, now(), effects_);
          answer_when_durable(seq, {200, "application/json", "{}"}, answer);
        });
  };
  port.participant_record = [this](const web::Looker& looker, const std::string& code,
                                   const web::PageHandler& answer) { take_record(looker, code, answer); };
  port.erase = [this](const web::Looker& looker, entry::Erase::What what, const std::string& key,
                      const web::PageHandler& answer) {
    const bool one_session = what == entry::Erase::What::session;
    auto known = [key, one_session](journal::Reader& reader) {
      return one_session ? reader.session(key).has_value() : reader.is_in_use(key);
    };
    ask_then(answer, std::move(known), [this, answer, what, key, looker](bool is_known) {
      if (!is_known) return answer(web::problem_page(404, "There is nothing kept under this."));
      const auto state = core_->state(now().steady);
      if (!state.session.empty() && (state.session == key || what == entry::Erase::What::participant))
        return answer(web::problem_page(409, "A session is on: end it first, or withdraw from it."));
      const auto seq = core_->keep(entry::Erase{what, key, looker.actor, looker.from}, now(), effects_);
      answer_when_durable(seq, {202, "application/json", R"({"erasing":true})"}, answer);
    });
  };
}

void Daemon::take_record(const web::Looker& looker, const std::string& code, const web::PageHandler& answer) {
  if (records_->busy()) return answer(web::problem_page(503, "A record is being made. Try again soon."));
  core_->looked({looker.actor, "record", code, looker.from, looker.why, false}, now(), effects_);
  carry_out();
  records_->begin(code, [this, answer](web::Page page) {
    boost::asio::post(
        io_, [this, answer, page = std::move(page)] { answer_when_durable(last_urgent_seq_, page, answer); });
  });
}

// What cannot be read in time is as if nothing were known of the participant.
void Daemon::recall(const std::string& participant) {
  auto job = [this, participant](journal::Reader* reader) {
    if (reader == nullptr) return;
    try {
      boost::asio::post(io_, [this, participant, memory = memory_of(*reader, participant)] {
        core_->recalled(participant, memory);
      });
    } catch (const journal::JournalError& error) {
      spdlog::warn("journal: what is kept for a participant was not read: {}", error.what());
    }
  };
  if (!queries_->ask(std::move(job))) spdlog::warn("journal: too many questions wait to read what is kept");
}

// `question` is asked on the journal's thread, `then` goes on here with its answer.
template <typename Question, typename Then>
void Daemon::ask_then(const web::PageHandler& answer, Question question, Then then) {
  auto job = [this, answer, question = std::move(question), then = std::move(then)](journal::Reader* reader) {
    if (reader == nullptr)
      return boost::asio::post(io_,
                               [answer] { answer(web::problem_page(503, "The journal cannot be read.")); });
    boost::asio::post(io_, [then, found = question(*reader)] { then(found); });
  };
  if (!queries_->ask(std::move(job))) answer(web::problem_page(503, "Too many questions wait."));
}

void Daemon::answer_when_durable(std::uint64_t seq, web::Page page, const web::PageHandler& answer) {
  carry_out();
  when_kept(seq, disk_patience, [answer, page = std::move(page)](bool kept) {
    answer(kept ? page : web::problem_page(503, "The disk does not take it now; it is done when it does."));
  });
}

}  // namespace rytme::app
