// SPDX-License-Identifier: Apache-2.0
#include "controller/web/answers.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <optional>

#include <boost/json.hpp>

#include "controller/web/answers_access.hpp"
#include "controller/web/assets.hpp"
#include "controller/web/card_page.hpp"
#include "controller/web/html.hpp"
#include "controller/web/json.hpp"
#include "controller/web/openapi.hpp"
#include "controller/web/page.hpp"
#include "controller/web/review_page.hpp"
#include "controller/web/service.hpp"

namespace rytme::web {
namespace {

constexpr std::chrono::seconds person_waits{2};  // what is later than this is not carried out

Reply json_reply(const boost::json::value& value) {
  Reply reply;
  reply.body = dump(value);
  return reply;
}

Reply text_reply(std::string body, const Call& call, unsigned status = 200) {
  Reply reply;
  reply.status = status;
  reply.content_type = call.route.content_type;
  reply.body = std::move(body);
  return reply;
}

unsigned status_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::done:
      return 200;
    case Verdict::created:
      return 201;
    case Verdict::unknown:
      return 404;
    case Verdict::refused:
      return 422;
    case Verdict::conflict:
    case Verdict::late:
      break;
  }
  return 409;
}

std::string_view word_for(Verdict verdict) {
  switch (verdict) {
    case Verdict::conflict:
      return "conflict";
    case Verdict::refused:
      return "refused";
    case Verdict::unknown:
      return "unknown";
    case Verdict::late:
      return "late";
    case Verdict::done:
    case Verdict::created:
      break;
  }
  return "";
}

Reply as_json(const Answer& answer, const Call& call) {
  const unsigned status = status_of(answer.verdict);
  if (status >= 400) return problem(status, answer.detail.empty() ? "The room refused." : answer.detail);
  boost::json::object body{{"generation", answer.generation}};
  if (answer.verdict == Verdict::created) body["id"] = answer.id;
  if (call.route.path == "/api/v1/stop") body["devices"] = answer.devices;
  Reply reply = json_reply(body);
  reply.status = status;
  return reply;
}

}  // namespace

PageHandler page_to(const Respond& respond) {
  return [respond](Page page) {
    Reply reply;
    reply.status = static_cast<unsigned>(page.status);
    reply.content_type = std::move(page.content_type);
    reply.body = std::move(page.body);
    reply.file = std::move(page.file);
    respond(std::move(reply));
  };
}

Looker looker(const Call& call) { return {call.actor, call.incoming.peer, call.incoming.reason}; }

Reply see_page(const Call& call, Verdict verdict) {
  std::string query;
  const auto lang = call.incoming.query.find("lang");
  if (lang != call.incoming.query.end() && (lang->second == "nb" || lang->second == "en"))
    query = "lang=" + lang->second;
  if (const std::string_view word = word_for(verdict); !word.empty())
    query.append(query.empty() ? "" : "&").append("said=").append(word);
  Reply reply;
  reply.status = 303;
  reply.content_type.clear();
  reply.headers.emplace_back("Location", query.empty() ? "/" : "/?" + query);
  return reply;
}

namespace {

// When the person made it: the page says so by the controller's own clock (GET room, clock_s). What a network
// holds back is then as old as it is; nothing is ever newer than its arrival.
Instant made_at(const Query& query, Instant arrived) {
  const auto made = query.find("made");
  if (made == query.end()) return arrived;
  double clock_s = 0;
  const char* end = made->second.data() + made->second.size();
  const auto [stop, error] = std::from_chars(made->second.data(), end, clock_s);
  const double now_s = seconds_between(Instant{}, arrived);
  if (error != std::errc() || stop != end || !(clock_s >= 0 && clock_s < now_s)) return arrived;
  return Instant{} + seconds(clock_s);
}

}  // namespace

void ask_room(Service& service, const Call& call, Request what, const Respond& respond) {
  Asked asked;
  asked.what = std::move(what);
  asked.actor = call.actor;
  asked.origin = "http:" + call.actor.id;
  asked.expires = made_at(call.incoming.query, service.port().now()) + person_waits;
  const Answer answer = service.port().ask(std::move(asked));
  Reply reply = is_form(call.incoming) ? see_page(call, answer.verdict) : as_json(answer, call);
  if (!service.port().kept) return respond(std::move(reply));
  service.port().kept([respond, reply = std::move(reply)] { respond(reply); });
}

void answer_by_room(Service& service, const Call& call, const Respond& respond) {
  ask_room(service, call, call.route.request(call.values), respond);
}

void answer_set_variant(Service& service, const Call& call, const Respond& respond) {
  Variant variant;
  variant.minutes = call.values.number("minutes");
  variant.top_level = call.values.number("top_level");
  variant.rhythm = call.values.boolean("rhythm").value_or(false);
  variant.red = call.values.boolean("red").value_or(false);
  variant.tempo_bpm = call.values.number("tempo_bpm");
  variant.source = call.values.text("source");
  ask_room(service, call, request::SetVariant{call.parameter, std::move(variant)}, respond);
}

void answer_page(Service& service, const Call& call, const Respond& respond) {
  std::string page = render_page(service.options(), service.port().state(), call.incoming.query);
  if (is_cookie(call.by)) page = with_form_token(page, service.form_tokens().made_for(call.incoming));
  Reply reply = text_reply(std::move(page), call);
  if (call.by == By::tablet) reply.headers.push_back(tablet_for_long(call.incoming.tablet));
  respond(std::move(reply));
}

void answer_card(Service& service, const Call& call, const Respond& respond) {
  respond(text_reply(render_card(service.options(), call.incoming.query), call));
}

void answer_asset(Service&, const Call& call, const Respond& respond) {
  const Asset* asset = find_asset(call.parameter);
  if (asset == nullptr) return respond(problem(404, "There is no such file."));
  const bool packed = call.incoming.accept_encoding.find("gzip") != std::string::npos;
  Reply reply;
  reply.content_type = asset->content_type;
  reply.body = packed ? asset->gzip : asset->plain;
  if (packed) reply.headers.emplace_back("Content-Encoding", "gzip");
  reply.headers.emplace_back("Vary", "Accept-Encoding");
  reply.immutable = true;
  respond(std::move(reply));
}

void answer_room(Service& service, const Call&, const Respond& respond) {
  respond(json_reply(to_json(service.port().state())));
}

void answer_live(Service& service, const Call& call, const Respond& respond) {
  Reply reply = text_reply("", call);
  reply.live = true;
  if (is_cookie(call.by)) reply.still = while_proven(service, call);
  respond(std::move(reply));
}

void answer_sessions(Service& service, const Call& call, const Respond& respond) {
  service.port().sessions(looker(call), call.incoming.query, page_to(respond));
}

void answer_session(Service& service, const Call& call, const Respond& respond) {
  service.port().session(looker(call), call.parameter, page_to(respond));
}

void answer_export(Service& service, const Call& call, const Respond& respond) {
  const auto asked = [&](const std::string& name, const char* otherwise) {
    const auto found = call.incoming.query.find(name);
    return found == call.incoming.query.end() ? std::string(otherwise) : found->second;
  };
  const ExportForm form{asked("format", "json"), asked("separator", ",")};
  static constexpr std::array<std::string_view, 4> formats{"csv", "json", "edf", "pdf"};
  if (std::find(formats.begin(), formats.end(), form.format) == formats.end())
    return respond(problem(422, "Field format must be one of csv json edf pdf.",
                           {{"format", "must be one of csv json edf pdf"}}));
  if (form.separator != "," && form.separator != ";")
    return respond(problem(422, "Field separator must be , or ;.", {{"separator", "must be , or ;"}}));
  service.port().session_export(looker(call), call.parameter, form, page_to(respond));
}

void answer_correction(Service& service, const Call& call, const Respond& respond) {
  service.port().correct_participant(looker(call), call.parameter, *call.values.text("code"),
                                     page_to(respond));
}

void answer_erase_session(Service& service, const Call& call, const Respond& respond) {
  service.port().erase(looker(call), entry::Erase::What::session, call.parameter, page_to(respond));
}

void answer_erase_participant(Service& service, const Call& call, const Respond& respond) {
  service.port().erase(looker(call), entry::Erase::What::participant, call.parameter, page_to(respond));
}

void answer_variant(Service& service, const Call& call, const Respond& respond) {
  service.port().variant(looker(call), call.parameter, page_to(respond));
}

void answer_state_map(Service& service, const Call& call, const Respond& respond) {
  service.port().state_map(looker(call), call.parameter, page_to(respond));
}

void answer_set_state_map(Service& service, const Call& call, const Respond& respond) {
  const auto said = [&](std::string_view name) { return call.values.text(name).value_or(""); };
  service.port().set_state_map(looker(call), call.parameter,
                               {said("state"), said("looks_like"), said("makes_worse"), said("seeks"),
                                said("helps"), said("activities")},
                               page_to(respond));
}

void answer_session_map(Service& service, const Call& call, const Respond& respond) {
  service.port().session_map(looker(call), page_to(respond));
}

void answer_participants(Service& service, const Call& call, const Respond& respond) {
  service.port().participants(looker(call), page_to(respond));
}

// All of it, or what concerns the participant that the path names.
void answer_access_log(Service& service, const Call& call, const Respond& respond) {
  const auto text = [&](std::string_view name) { return call.values.text(name).value_or(""); };
  const auto number = [&](std::string_view name) -> std::optional<std::int64_t> {
    const auto found = call.values.number(name);
    return found ? std::optional<std::int64_t>(std::lround(*found)) : std::nullopt;
  };
  service.port().access_log(looker(call),
                            {call.parameter.empty() ? text("participant") : call.parameter, text("session"),
                             text("from"), text("to"), number("cursor"), number("limit")},
                            page_to(respond));
}

void answer_new_participant(Service& service, const Call& call, const Respond& respond) {
  service.port().add_participant(looker(call), page_to(respond));
}

void answer_presets(Service& service, const Call&, const Respond& respond) {
  respond(json_reply(to_json(service.options().presets)));
}

void answer_activities(Service& service, const Call&, const Respond& respond) {
  respond(json_reply(to_json(service.options().activities)));
}

void answer_review_page(Service& service, const Call& call, const Respond& respond) {
  respond(text_reply(render_review(service.options(), call.incoming.query), call));
}

void answer_openapi(Service&, const Call&, const Respond& respond) { respond(json_reply(openapi())); }

void answer_metrics(Service& service, const Call& call, const Respond& respond) {
  respond(text_reply(service.port().metrics(), call));
}

void answer_healthy(Service& service, const Call& call, const Respond& respond) {
  const bool yes = service.port().healthy();
  respond(text_reply(yes ? "ok\n" : "not healthy\n", call, yes ? 200 : 503));
}

void answer_ready(Service& service, const Call& call, const Respond& respond) {
  const bool yes = service.port().ready();
  respond(text_reply(yes ? "ready\n" : "not ready\n", call, yes ? 200 : 503));
}

}  // namespace rytme::web
