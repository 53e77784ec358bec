// SPDX-License-Identifier: Apache-2.0
// The maintainer's desk: questions go to the thread that may wait for a disk; what concerns the room that
// runs is decided here. New settings are taken by starting anew (decisions/0060).
#include <algorithm>
#include <exception>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <spdlog/spdlog.h>

#include "controller/app/clock.hpp"
#include "controller/app/daemon.hpp"
#include "controller/app/desk_answers.hpp"
#include "controller/app/desk_state.hpp"
#include "controller/web/json.hpp"

namespace rytme::app {
namespace {

using What = web::DeskQuestion::What;
using Phase = desk::Trial::Phase;

constexpr std::chrono::milliseconds answer_gets_out{250};
constexpr std::chrono::seconds until_tried_again{10};  // where a disk did not take it
constexpr std::size_t usual_lines = 200, all_lines = 1000;

web::Page problem_of(const std::exception& error) { return web::problem_page(503, error.what()); }

web::Page conflict(const std::string& why) { return web::problem_page(409, why); }

}  // namespace

std::optional<double> Daemon::trial_left_s() const {
  if (!trial_.is_on()) return std::nullopt;
  return std::max(0.0, seconds_between(now().steady, trial_until_));
}

DeskNow Daemon::desk_now(const std::string& by) const {
  return {{start_.config, start_.data},
          unix_s(now().wall),
          start_.files_hash,
          trial_left_s(),
          std::chrono::duration<double>(start_.confirm_within).count(),
          by};
}

StateInput Daemon::state_input() {
  const Now at = now();
  StateInput input;
  input.places = {start_.config, start_.data};
  input.now_s = unix_s(at.wall);
  input.uptime_s = seconds_between(started_, at.steady);
  input.broker_up = broker_->link() == mqtt::Link::up;
  input.backup = house_.backup;
  input.backup_running = backup_.running();
  input.backup_broken = backup_.broken();
  input.devices_ok = core_->watch().count(Presence::ok);
  input.devices_all = static_cast<int>(core_->watch().size());
  input.trial_left_s = trial_left_s();
  input.certificate_days = certificate_days();
  input.journal = journal_->health();
  return input;
}

// `question` is put where a disk may be waited for, `then` goes on here with what it gave.
template <typename Question, typename Then>
void Daemon::off_thread(Question question, Then then, const web::PageHandler& answer) {
  auto job = [this, question = std::move(question), then = std::move(then), answer](journal::Reader*) {
    try {
      boost::asio::post(io_, [then, found = question()] { then(found); });
    } catch (const std::exception& error) {
      boost::asio::post(io_, [this, answer, page = problem_of(error)] {
        desk_busy_ = false;
        answer(page);
      });
    }
  };
  if (queries_->ask(std::move(job))) return;
  desk_busy_ = false;
  answer(web::problem_page(503, "Too many questions wait."));
}

void Daemon::ask_desk(std::function<web::Page()> question, const web::PageHandler& answer) {
  off_thread(
      std::move(question), [answer](const web::Page& page) { answer(page); }, answer);
}

void Daemon::desk_port(web::RoomPort& port) {
  port.desk = [this](const web::Looker& looker, const web::DeskQuestion& question,
                     const web::PageHandler& answer) { desk(looker, question, answer); };
}

void Daemon::desk(const web::Looker& looker, const web::DeskQuestion& question,
                  const web::PageHandler& answer) {
  const DeskNow at = desk_now(looker.actor.id);
  switch (question.what) {
    case What::settings:
      return ask_desk([at] { return answer_settings(at); }, answer);
    case What::file:
      return ask_desk([at, question] { return answer_settings_file(at, question.name); }, answer);
    case What::check:
      return ask_desk([at, question] { return answer_check(at, question.files); }, answer);
    case What::versions:
      return ask_desk([at] { return answer_versions(at); }, answer);
    case What::diff:
      return ask_desk([at, question] { return answer_diff(at, question.from, question.to); }, answer);
    case What::apply:
    case What::restore:
      return try_settings(at, question, answer);
    case What::confirm:
      return keep_settings(at, answer);
    case What::state:
      return ask_desk(
          [input = state_input()] {
            return web::Page{200, "application/json", state_text(input)};
          },
          answer);
    case What::backup:
      return begin_backup(answer);
    case What::log:
      return answer(answer_log(recent_log(question.level, question.number.value_or(usual_lines))));
    case What::support:
      return ask_desk([input = support_input()] { return answer_support(input); }, answer);
  }
}

SupportInput Daemon::support_input() {
  return {state_input(), metrics(), web::dump(web::to_json(device_rows(device_view()))),
          recent_log("", all_lines)};
}

// "" = the room can start anew without anybody noticing.
std::string Daemon::why_not_anew() const {
  const auto at = now().steady;
  const RoomState state = core_->state(at);
  if (core_->ending()) return "The room is ending.";
  if (!state.session.empty()) return "A session is on: wait until it has ended.";
  // In safe mode the settings may be what has to be mended.
  if (state.mode != RoomMode::idle && state.mode != RoomMode::safe_mode)
    return "The room is stopped: make it ready first.";
  if (!core_->settled(at)) return "The light is still on its way: try again in a moment.";
  return "";
}

void Daemon::try_settings(const DeskNow& at, const web::DeskQuestion& question,
                          const web::PageHandler& answer) {
  if (trial_.is_on()) return answer(conflict("Settings are on trial already: keep them, or wait."));
  if (desk_busy_) return answer(conflict("Somebody else is changing the settings just now."));
  if (const auto why = why_not_anew(); !why.empty()) return answer(conflict(why));
  desk_busy_ = true;
  const auto then = [this, at, answer](const PutOnTrial& put) {
    desk_busy_ = false;
    if (!put.ready) return answer(put.page);
    if (const auto why = why_not_anew(); !why.empty()) return call_off(at, why, answer);
    note_settings("trial", at.by);
    answer(put.page);
    start_anew();
  };
  off_thread([at, question] { return put_on_trial(at, question); }, then, answer);
}

// Somebody began to use the room while the files were written.
void Daemon::call_off(const DeskNow& at, const std::string& why, const web::PageHandler& answer) {
  desk_busy_ = true;
  off_thread(
      [at] {
        desk::put_back(at.places, "busy", at.now_s);
        return true;
      },
      [this, why, answer](bool) {
        desk_busy_ = false;
        answer(conflict(why));
      },
      answer);
}

void Daemon::keep_settings(const DeskNow& at, const web::PageHandler& answer) {
  if (!trial_.is_on() || desk_busy_) return answer(conflict("No settings are on trial."));
  desk_busy_ = true;
  off_thread(
      [at] {
        desk::keep(at.places);
        return true;
      },
      [this, at, answer](bool) {
        desk_busy_ = false;
        trial_.phase = Phase::kept;
        note_settings("kept", at.by);
        answer({200, "application/json", R"({"kept":true})"});
      },
      answer);
}

// Nobody kept them: the next start puts them back. A session that has begun meanwhile is not disturbed.
void Daemon::look_at_trial(Instant at) {
  if (!trial_.is_on() || desk_busy_ || at < trial_until_ || !why_not_anew().empty()) return;
  desk_busy_ = true;
  off_thread(
      [at = desk_now("")] {
        desk::refuse(at.places, "confirm");
        return true;
      },
      [this](bool) {
        spdlog::warn("settings were not confirmed within {} s: the ones before come back",
                     start_.confirm_within.count());
        note_settings("put_back", "");
        start_anew();
      },
      [this](const web::Page& page) {
        spdlog::error("settings cannot be put back yet: {}", page.body);
        trial_until_ = now().steady + until_tried_again;
      });
}

// The daily one waits for an empty room; whoever asks for one knows what they do.
void Daemon::look_at_backup(const Now& at) {
  if (end_by_ == Instant::max())
    backup_.look(at.steady, unix_s(at.wall), core_->state(at.steady).mode == RoomMode::idle);
}

void Daemon::begin_backup(const web::PageHandler& answer) {
  if (house_.backup.recipient.empty())
    return answer(conflict("No [backup] recipient in room.toml: make one with rytme backup --new-key FILE."));
  try {
    if (!backup_.begin()) return answer(conflict("A backup is being made."));
  } catch (const std::exception& error) {
    return answer(problem_of(error));
  }
  answer({200, "application/json", R"({"running":true})"});
}

void Daemon::note_settings(const std::string& what, const std::string& by) {
  core_->note("settings", boost::json::serialize(boost::json::object{{"what", what}, {"by", by}}), now(),
              effects_);
  carry_out();
}

// The lights stay where they are; what was just answered gets out first.
void Daemon::start_anew() {
  spdlog::info("starting anew with other settings");
  again_ = true;
  core_->take_no_more();
  end_by_ = now().steady + answer_gets_out;
  anew_.expires_at(end_by_);
  anew_.async_wait([this](const boost::system::error_code& error) {
    if (!error) try_finish();
  });
}

}  // namespace rytme::app
