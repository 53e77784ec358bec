// SPDX-License-Identifier: Apache-2.0
#include "controller/web/service.hpp"

#include <algorithm>
#include <array>
#include <exception>

#include "controller/web/answers.hpp"

namespace rytme::web {
namespace {

constexpr double wrong_tokens_burst = 10;
constexpr double wrong_tokens_per_s = 0.2;
constexpr double posts_burst = 200;
constexpr double posts_per_s = 50;
constexpr double denials_burst = 20;
constexpr double denials_per_s = 0.1;
constexpr std::string_view stop_path = "/api/v1/stop";
// What makes a room quieter, and what ends a stop, is never counted against anyone.
constexpr std::array<std::string_view, 5> never_counted{
    stop_path, "/api/v1/stop/reset", "/api/v1/session/end", "/api/v1/mute", "/api/v1/light"};

// The session or participant that a request names, in its path or behind the ?.
std::string whose(const Incoming& incoming, const Route& route) {
  std::string parameter;
  if (matches(route.path, incoming.path, parameter) && !parameter.empty()) return parameter;
  for (const char* name : {"session", "participant"})
    if (const auto found = incoming.query.find(name); found != incoming.query.end()) return found->second;
  return "";
}

std::string label(const Route& route) {
  return std::string(name_of(route.method)) + " " + std::string(route.path);
}

// What a page asks for by itself keeps no log-in from ending.
bool is_activity(const Route& route) {
  constexpr std::array<std::string_view, 7> by_itself{"/",
                                                      "/api/v1/room",
                                                      "/api/v1/live",
                                                      "/metrics",
                                                      "/api/v1/devices",
                                                      "/api/v1/devices/{id}",
                                                      "/api/v1/faults"};
  return route.method != Method::get ||
         std::find(by_itself.begin(), by_itself.end(), route.path) == by_itself.end();
}

Reply with_header(Reply reply, std::string name, std::string value) {
  reply.headers.emplace_back(std::move(name), std::move(value));
  return reply;
}

// A person is shown where, a program is told.
Reply log_in_first(const Incoming& incoming, const Route& route) {
  if (!route.content_type.starts_with("text/html") && !is_form(incoming))
    return with_header(problem(401, "This needs a log-in."), "WWW-Authenticate", "Bearer");
  Reply reply;
  reply.status = 303;
  reply.content_type.clear();
  return with_header(std::move(reply), "Location", "/login");
}

}  // namespace

Service::Service(Options options, RoomPort port)
    : options_(std::move(options)),
      port_(std::move(port)),
      access_(options_.tokens, options_.accounts),
      wrong_tokens_(wrong_tokens_burst, wrong_tokens_per_s),
      denials_(denials_burst, denials_per_s),
      posts_(posts_burst, posts_per_s) {}

void Service::handle(const Incoming& incoming, const Respond& respond) {
  ++counters_.requests;
  std::string allow;
  for (const Route& route : routes()) {
    std::string parameter;
    if (!matches(route.path, incoming.path, parameter)) continue;
    if (name_of(route.method) == incoming.method) return run(incoming, route, parameter, respond);
    allow += (allow.empty() ? "" : ", ") + std::string(name_of(route.method));
  }
  ++counters_.refused;
  if (allow.empty()) return respond(problem(404, "There is no such address."));
  respond(with_header(problem(405, "This address does not take that method."), "Allow", allow));
}

std::size_t Service::body_limit(const Incoming& incoming) {
  std::string parameter;
  for (const Route& route : routes()) {
    if (route.longest_body == 0 || !matches(route.path, incoming.path, parameter)) continue;
    const auto proofs = access_.identify(incoming, port_.now(), false);
    if (std::any_of(proofs.begin(), proofs.end(),
                    [&route](const Proof& proof) { return (route.roles & bit(proof.actor.role)) != 0; }))
      return std::max(route.longest_body, options_.max_body);
  }
  return options_.max_body;
}

std::chrono::steady_clock::duration Service::patience(const Incoming& incoming) const {
  std::string parameter;
  for (const Route& route : routes())
    if (route.patience.count() != 0 && matches(route.path, incoming.path, parameter)) return route.patience;
  return options_.deadline;
}

void Service::run(const Incoming& incoming, const Route& route, std::string parameter,
                  const Respond& respond) {
  Call call{incoming, route, {}, By::nothing, std::move(parameter), {}};
  std::optional<Reply> refused = admit(incoming, route, call);
  const bool changes = route.method != Method::get;
  if (!refused && changes) refused = check_post(incoming, call);
  if (!refused && !route.query.empty()) refused = read_query(incoming.query, route.query, call.values);
  // A stop has no fields, so nothing in its body can be in its way.
  if (!refused && changes && route.path != stop_path) {
    refused = read_body(incoming, route.fields, call.values);
    // Without script a person shall see the page again, not a problem in JSON.
    if (refused && refused->status == 422 && is_form(incoming) && route.path.starts_with("/api/"))
      refused = see_page(call, Verdict::refused);
  }
  if (refused) {
    ++counters_.refused;
    return respond(std::move(*refused));
  }
  try {
    route.answer(*this, call, respond);
  } catch (const std::exception&) {
    respond(problem(500, "The request could not be carried out."));
  }
}

// Of all that the request proves, the first that may: a log-in takes nothing from the tablet it was made on.
std::optional<Reply> Service::admit(const Incoming& incoming, const Route& route, Call& call) {
  if (route.roles == anyone) return std::nullopt;
  const auto proofs = access_.identify(incoming, port_.now(), is_activity(route));
  if (proofs.empty()) return refuse_stranger(incoming, route);
  const auto may = std::find_if(proofs.begin(), proofs.end(), [&route](const Proof& proof) {
    return (route.roles & bit(proof.actor.role)) != 0;
  });
  const Proof& proof = may == proofs.end() ? proofs.front() : *may;
  call.actor = proof.actor;
  call.by = proof.by;
  if (proof.by == By::loopback && !known_host(incoming))
    return problem(403, "Without a token the host must be an address or a local name.");
  if (may != proofs.end()) return std::nullopt;
  tell_denied(incoming, route, call.actor);
  if (proof.by == By::loopback || proof.by == By::tablet) return log_in_first(incoming, route);
  return problem(403, "Your role does not include this.");
}

std::optional<Reply> Service::refuse_stranger(const Incoming& incoming, const Route& route) {
  const Instant now = port_.now();
  if (!incoming.authorization.empty() && !wrong_tokens_.take(incoming.peer, now))
    return with_header(problem(429, "Too many wrong tokens from this address."), "Retry-After", "5");
  tell_denied(incoming, route, {ActorKind::user, Role::staff, "unknown"});
  return log_in_first(incoming, route);
}

// The access log is for people to read: an address that knocks a thousand times is told a few times, and
// counted.
void Service::tell_denied(const Incoming& incoming, const Route& route, const Actor& actor) {
  if (denials_.take(incoming.peer, port_.now()))
    port_.denied({actor, incoming.peer, incoming.reason}, label(route), whose(incoming, route));
  else
    ++counters_.denied_untold;
}

// With a cookie the browser, or the form, has to say that the page was ours; a token is sent by no browser.
bool Service::may_change(const Incoming& incoming, By by) const {
  if (by == By::token) return true;
  switch (own_page(incoming)) {
    case OwnPage::yes:
      return true;
    case OwnPage::unsaid:
      return !is_cookie(by) || form_tokens_.fits(incoming);
    case OwnPage::no:
      break;
  }
  return incoming.fetch_site.empty() && incoming.origin == "null" && form_tokens_.fits(incoming);
}

// Each tablet and account has a measure of its own, and those who try to log in another: none of them can use
// up what a tablet has.
std::optional<Reply> Service::check_post(const Incoming& incoming, const Call& call) {
  if (!may_change(incoming, call.by)) return problem(403, "This came from a foreign page.");
  const bool counted =
      std::find(never_counted.begin(), never_counted.end(), call.route.path) == never_counted.end();
  const std::string whose = call.route.roles == anyone ? "anyone "
                            : is_cookie(call.by)       ? call.actor.id + " "
                                                       : "";
  if (counted && !posts_.take(whose + incoming.peer, port_.now()))
    return with_header(problem(429, "Too many requests from this address."), "Retry-After", "1");
  return std::nullopt;
}

}  // namespace rytme::web
