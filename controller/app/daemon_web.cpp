// SPDX-License-Identifier: Apache-2.0
// What the web may see and ask of the room: RoomPort filled.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include <boost/asio/post.hpp>

#include "controller/app/clock.hpp"
#include "controller/app/daemon.hpp"
#include "controller/app/metrics.hpp"
#include "controller/app/review_answers.hpp"
#include "controller/journal/participants.hpp"
#include "controller/journal/session_facts.hpp"
#include "controller/report/export.hpp"
#include "controller/report/participant.hpp"

namespace rytme::app {
namespace {

constexpr std::array<std::string_view, 3> directions{"down", "up", "both"};

std::string query_value(const std::map<std::string, std::string>& query, const std::string& key) {
  const auto found = query.find(key);
  return found == query.end() ? "" : found->second;
}

constexpr std::chrono::milliseconds patience{500};  // of somebody who waits for an answer

web::Page found_or_404(std::optional<std::string> body, std::string content_type) {
  if (!body) return web::problem_page(404, "There is no such session.");
  return {200, std::move(content_type), std::move(*body)};
}

web::Page export_page(journal::Reader& reader, const std::string& id, const report::FormatInfo& format,
                      report::Separator separator) {
  auto facts = reader.facts(id);
  if (!facts) return web::problem_page(404, "There is no such session.");
  report::leave_out_others(*facts);
  try {
    return {200, std::string(format.content_type), report::write(*facts, format.format, separator)};
  } catch (const std::exception&) {
    return web::problem_page(500, "The export cannot be made.");
  }
}

}  // namespace

web::Options Daemon::web_options() const {
  web::Options options;
  options.host = house_.web.host;
  options.port = static_cast<std::uint16_t>(house_.web.port);
  options.tls = tls_options();
  options.language = house_.room.language;
  options.room_name = house_.room.name;
  options.presets = house_.presets;
  options.tokens = house_.web.tokens;
  options.accounts = accounts_;
  options.code_letters = journal::code_letters;
  options.safe_light_level = house_.room.safe_light.level;
  options.where_the_switch_is = house_.card.where_the_switch_is;
  options.whom_to_call = house_.card.whom_to_call;
  for (const auto& device : house_.devices) {
    if (!device.name.empty()) options.device_names[device.id] = device.name;
    if (!device.place.starts_with("button.")) continue;
    if (device.press.starts_with("start:")) options.wall_buttons.emplace_back("start");
    if (device.long_press == "stop") options.wall_buttons.emplace_back("stop");
  }
  for (const auto& activity : house_.activities)
    options.activities.push_back(
        {activity.id, std::string(directions[static_cast<std::size_t>(activity.direction)]), activity.text});
  return options;
}

web::RoomPort Daemon::room_port() {
  web::RoomPort port;
  port.ask = [this](const Asked& asked) {
    auto answer = core_->ask(asked, now(), effects_);
    carry_out();
    return answer;
  };
  port.kept = [this](std::function<void()> go_on) {
    when_kept(last_urgent_seq_, patience, [go_on = std::move(go_on)](bool) { go_on(); });
  };
  port.state = [this] { return core_->state(now().steady); };
  devices_port(port);
  discovery_port(port);
  port.metrics = [this] { return metrics(); };
  port.ready = [this] { return broker_->link() == mqtt::Link::up && !core_->ending(); };
  port.healthy = [this] { return now().steady - last_wake_ < std::chrono::seconds{2}; };
  port.now = [] { return now().steady; };
  port.wall = [] { return now().wall; };
  port.sessions = [this](const web::Looker& looker, const std::map<std::string, std::string>& query,
                         const web::PageHandler& answer) {
    journal::SessionFilter filter{query_value(query, "participant"), query_value(query, "from"),
                                  query_value(query, "to")};
    auto whose = filter.participant;
    ask_journal(
        looker, "sessions", std::move(whose),
        [filter = std::move(filter)](journal::Reader& reader) {
          return web::Page{200, "application/json", journal::to_json(reader.sessions(filter))};
        },
        answer);
  };
  port.session = [this](const web::Looker& looker, const std::string& id, const web::PageHandler& answer) {
    ask_journal(
        looker, "session", id,
        [id](journal::Reader& reader) {
          const auto summary = reader.session(id);
          return found_or_404(summary ? std::optional(journal::to_json(*summary)) : std::nullopt,
                              "application/json");
        },
        answer);
  };
  port.session_export = [this](const web::Looker& looker, const std::string& id, const web::ExportForm& form,
                               const web::PageHandler& answer) {
    const auto format = report::format_from(form.format);
    const auto separator = report::separator_from(form.separator);
    if (!format || !separator) return answer(web::problem_page(400, "There is no such format or separator."));
    ask_journal(
        looker, "export " + form.format, id,
        [id, format = *format, separator = *separator](journal::Reader& reader) {
          return export_page(reader, id, format, separator);
        },
        answer);
  };
  people_port(port);
  state_map_port(port);
  desk_port(port);
  port.review = [this](const web::Looker& looker, const web::ReviewQuestion& question,
                       const web::PageHandler& answer) {
    ask_journal(
        looker, std::string(name_of(question.what)), question.whose,
        [question](journal::Reader& reader) { return answer_review(reader, question); }, answer);
  };
  port.denied = [this](const web::Looker& looker, const std::string& route, const std::string& whose) {
    core_->looked({looker.actor, route, whose, looker.from, looker.why, true}, now(), effects_);
    carry_out();
  };
  port.entered = [this](const web::Looker& looker, const std::string& what, bool refused) {
    entered(looker, what, refused);
  };
  return port;
}

// The access is journaled before the question is put.
void Daemon::ask_journal(const web::Looker& looker, std::string what, std::string whose,
                         std::function<web::Page(journal::Reader&)> question,
                         const web::PageHandler& answer) {
  core_->looked({looker.actor, std::move(what), std::move(whose), looker.from, looker.why, false}, now(),
                effects_);
  carry_out();
  auto job = [this, question = std::move(question), answer](journal::Reader* reader) {
    auto page = reader != nullptr ? question(*reader) : web::problem_page(503, "The journal cannot be read.");
    boost::asio::post(io_, [this, answer, page = std::move(page)]() mutable {
      when_kept(last_urgent_seq_, patience, [answer, page = std::move(page)](bool) { answer(page); });
    });
  };
  if (!queries_->ask(std::move(job))) answer(web::problem_page(503, "Too many questions wait."));
}

std::string Daemon::metrics() {
  MetricsInput input;
  input.uptime_s = seconds_between(started_, now().steady);
  input.loop = lags_;
  input.watchdog_margin_s = watchdog_margin_s_;
  input.core = core_.get();
  input.mqtt = broker_->counters();
  input.broker_up = broker_->link() == mqtt::Link::up;
  for (std::size_t i = 0; i < buses_.size(); ++i) input.buses[house_.buses[i].id] = buses_[i]->counters();
  input.journal = journal_->health();
  input.web = server_->counters();
  if (accounts_) input.wrong_log_ins = accounts_->failures();
  if (accounts_) input.log_ins = accounts_->sessions();
  input.certificate_days = certificate_days();
  if (const auto last_s = backup_.last_s(); last_s != 0)
    input.backup_age_s = static_cast<double>(unix_s(now().wall) - last_s);
  input.backups_failed = backup_.failed();
  input.devices = device_rows(device_view());
  return metrics_text(input);
}

}  // namespace rytme::app
