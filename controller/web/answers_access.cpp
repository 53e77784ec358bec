// SPDX-License-Identifier: Apache-2.0
#include "controller/web/answers_access.hpp"

#include <boost/json.hpp>

#include "controller/access/accounts.hpp"
#include "controller/access/password.hpp"
#include "controller/access/secret.hpp"
#include "controller/access/totp.hpp"
#include "controller/web/account_pages.hpp"
#include "controller/web/answers.hpp"
#include "controller/web/html.hpp"
#include "controller/web/json.hpp"
#include "controller/web/service.hpp"

namespace rytme::web {
namespace {

namespace json = boost::json;
using access::Outcome;
using What = Outcome::What;

constexpr long long longest_cookie_s = 400LL * 86400;

Now now_of(const Service& service) { return {service.port().now(), service.port().wall()}; }

Reply json_reply(unsigned status, const json::value& body) {
  Reply reply;
  reply.status = status;
  reply.body = dump(body);
  return reply;
}

Reply to(std::string_view path, const Query& query) {
  Reply reply;
  reply.status = 303;
  reply.content_type.clear();
  const auto lang = query.find("lang");
  const bool known = lang != query.end() && (lang->second == "nb" || lang->second == "en");
  reply.headers.emplace_back("Location", std::string(path) + (known ? "?lang=" + lang->second : ""));
  return reply;
}

// An answer to a form comes when the request is gone: what it needs of it.
struct Asker {
  bool form{};
  Query query;
  std::string session;
  Incoming binding;  // for the form's token
  Looker looker;
};

Asker asker_of(const Call& call) {
  Incoming binding;
  binding.session = call.incoming.session;
  binding.tablet = call.incoming.tablet;
  binding.peer = call.incoming.peer;
  return {is_form(call.incoming), call.incoming.query, call.incoming.session, binding, looker(call)};
}

AccountPage page_of(AccountPage::What what) {
  AccountPage page;
  page.what = what;
  return page;
}

Reply page_reply(const Service& service, const Asker& asker, const AccountPage& page, unsigned status = 200) {
  Reply reply;
  reply.status = status;
  reply.content_type = "text/html; charset=utf-8";
  reply.body = with_form_token(render_account(service.options(), page, asker.query),
                               service.form_tokens().made_for(asker.binding));
  return reply;
}

unsigned status_of(What what) {
  switch (what) {
    case What::ok:
      return 200;
    case What::wrong:
      return 401;
    case What::wait:
      return 429;
    case What::taken:
      return 409;
    case What::busy:
    case What::broken:
      break;
  }
  return 503;
}

std::string_view sentence_of(What what) {
  switch (what) {
    case What::wrong:
      return "This is not right, or not any more.";
    case What::wait:
      return "Too many tries; wait before the next one.";
    case What::taken:
      return "This name is taken.";
    case What::busy:
      return "Too many are logging in just now.";
    case What::ok:
    case What::broken:
      break;
  }
  return "The accounts cannot be read.";
}

Word word_of(What what) {
  switch (what) {
    case What::wrong:
      return Word::said_wrong;
    case What::wait:
      return Word::said_wait;
    case What::taken:
      return Word::said_taken;
    case What::busy:
      return Word::said_busy;
    case What::ok:
    case What::broken:
      break;
  }
  return Word::said_broken;
}

Reply refusal(const Service& service, const Asker& asker, const Outcome& outcome, AccountPage page) {
  const unsigned status = status_of(outcome.what);
  page.message = word_of(outcome.what);
  page.wait_s = outcome.wait.count();
  Reply reply =
      asker.form ? page_reply(service, asker, page, status) : problem(status, sentence_of(outcome.what));
  if (outcome.wait.count() > 0)
    reply.headers.emplace_back("Retry-After", std::to_string(outcome.wait.count()));
  return reply;
}

std::string_view home_of(Role role) {
  switch (role) {
    case Role::officer:
      return "/login";
    case Role::maintainer:
      return "/devices";
    case Role::psychologist:
      return "/review";
    case Role::staff:
      break;
  }
  return "/";
}

access::Attempt attempt_of(const Call& call) {
  const auto value = [&call](std::string_view name) { return call.values.text(name).value_or(""); };
  return {value("name"), value("password"), value("code"), call.incoming.peer};
}

// nullptr after it has answered that there are none.
access::Accounts* accounts_of(Service& service, const Respond& respond) {
  access::Accounts* accounts = service.options().accounts.get();
  if (accounts == nullptr) respond(problem(503, "Accounts are not to be had here."));
  return accounts;
}

void tell(Service& service, Looker looker, const Outcome& outcome, const std::string& what) {
  looker.actor = outcome.actor;
  if (outcome.what == What::ok || outcome.what == What::wrong)
    service.port().entered(looker, what, outcome.what != What::ok);
}

}  // namespace

std::pair<std::string, std::string> tablet_for_long(const std::string& token) {
  return set_cookie(tablet_cookie, token, longest_cookie_s);
}

std::function<bool()> while_proven(const Service& service, const Call& call) {
  return [&service, by = call.by, session = call.incoming.session, tablet = call.incoming.tablet] {
    access::Accounts& accounts = *service.options().accounts;
    return by == By::tablet ? accounts.tablet(tablet).has_value()
                            : accounts.user(session, service.port().now(), false).has_value();
  };
}

void answer_login_page(Service& service, const Call& call, const Respond& respond) {
  AccountPage page;
  for (const Proof& proof : service.access().identify(call.incoming, service.port().now(), false))
    if (proof.by == By::session) {
      page.what = AccountPage::What::logged_in;
      page.role = proof.actor.role;
    }
  respond(page_reply(service, asker_of(call), page));
}

// The token is always a new one, and the one from before is over: none that was planted is ever believed.
void answer_login(Service& service, const Call& call, const Respond& respond) {
  access::Accounts* accounts = accounts_of(service, respond);
  if (accounts == nullptr) return;
  const access::Attempt attempt = attempt_of(call);
  accounts->log_in(
      attempt, now_of(service),
      [&service, accounts, asker = asker_of(call), name = attempt.name, respond](const Outcome& outcome) {
        tell(service, asker.looker, outcome, "log in");
        if (outcome.what != What::ok) return respond(refusal(service, asker, outcome, {{}, {}, {}, name}));
        if (!asker.session.empty()) accounts->log_out(asker.session);
        Reply reply =
            asker.form ? to(home_of(outcome.actor.role), asker.query)
                       : json_reply(200, {{"role", name_of(outcome.actor.role)}, {"id", outcome.actor.id}});
        reply.headers.push_back(set_cookie(session_cookie, outcome.token, 0));
        respond(std::move(reply));
      });
}

void answer_logout(Service& service, const Call& call, const Respond& respond) {
  access::Accounts* accounts = accounts_of(service, respond);
  if (accounts == nullptr) return;
  if (accounts->log_out(call.incoming.session)) service.port().entered(looker(call), "log out", false);
  Reply reply = is_form(call.incoming) ? to("/login", call.incoming.query) : json_reply(200, json::object{});
  reply.headers.push_back(set_cookie(session_cookie, "", -1));
  respond(std::move(reply));
}

void answer_first_page(Service& service, const Call& call, const Respond& respond) {
  respond(page_reply(service, asker_of(call), page_of(AccountPage::What::first)));
}

void answer_first(Service& service, const Call& call, const Respond& respond) {
  access::Accounts* accounts = accounts_of(service, respond);
  if (accounts == nullptr) return;
  const access::Attempt attempt = attempt_of(call);
  AccountPage again = page_of(AccountPage::What::first);
  again.name = attempt.name;
  again.code = attempt.code;
  const access::PasswordFault fault = access::fault_of(attempt.password, attempt.name);
  if (!access::is_account_name(attempt.name) || fault != access::PasswordFault::none) {
    const bool name = !access::is_account_name(attempt.name);
    again.message = name ? Word::said_name : Word::said_password;
    if (is_form(call.incoming)) return respond(page_reply(service, asker_of(call), again, 422));
    const auto why =
        name ? std::string_view("must be 1 to 32 of a-z A-Z 0-9 . _ -") : access::sentence_of(fault);
    return respond(problem(422, why, {{name ? "name" : "password", std::string(why)}}));
  }
  accounts->make_first(
      attempt, now_of(service), [&service, asker = asker_of(call), again, respond](const Outcome& outcome) {
        tell(service, asker.looker, outcome, "make the first account");
        if (outcome.what != What::ok) return respond(refusal(service, asker, outcome, again));
        AccountPage done = page_of(AccountPage::What::first_done);
        done.secret = access::base32(outcome.secret);
        done.uri = access::otpauth_uri(outcome.secret, "Rytme " + service.options().room_name, again.name);
        respond(asker.form ? page_reply(service, asker, done)
                           : json_reply(200, {{"id", outcome.actor.id}, {"otpauth", done.uri}}));
      });
}

void answer_enrol_page(Service& service, const Call& call, const Respond& respond) {
  respond(page_reply(service, asker_of(call), page_of(AccountPage::What::enrol)));
}

void answer_enrol(Service& service, const Call& call, const Respond& respond) {
  access::Accounts* accounts = accounts_of(service, respond);
  if (accounts == nullptr) return;
  accounts->enrol(
      attempt_of(call), now_of(service), [&service, asker = asker_of(call), respond](const Outcome& outcome) {
        tell(service, asker.looker, outcome, "enrol a tablet");
        if (outcome.what != What::ok)
          return respond(refusal(service, asker, outcome, page_of(AccountPage::What::enrol)));
        Reply reply = asker.form ? to("/", asker.query) : json_reply(200, {{"id", outcome.actor.id}});
        reply.headers.push_back(tablet_for_long(outcome.token));
        respond(std::move(reply));
      });
}

void answer_me(Service&, const Call& call, const Respond& respond) {
  respond(json_reply(200, {{"kind", name_of(call.actor.kind)},
                           {"role", name_of(call.actor.role)},
                           {"id", call.actor.id},
                           {"logged_in", call.by == By::session}}));
}

void answer_tablets(Service& service, const Call&, const Respond& respond) {
  access::Accounts* accounts = accounts_of(service, respond);
  if (accounts == nullptr) return;
  json::array all;
  for (const auto& tablet : accounts->tablets())
    all.push_back(json::object{{"id", tablet.id}, {"enrolled_s", tablet.enrolled_s}, {"by", tablet.by}});
  respond(json_reply(200, all));
}

void answer_tablet_code(Service& service, const Call& call, const Respond& respond) {
  access::Accounts* accounts = accounts_of(service, respond);
  if (accounts == nullptr) return;
  accounts->offer_enrolment(call.actor, now_of(service), [respond](const Outcome& outcome) {
    if (outcome.what != What::ok) return respond(problem(status_of(outcome.what), sentence_of(outcome.what)));
    respond(json_reply(201, {{"code", access::in_groups(outcome.secret)}, {"minutes", 10}}));
  });
}

void answer_revoke_tablet(Service& service, const Call& call, const Respond& respond) {
  access::Accounts* accounts = accounts_of(service, respond);
  if (accounts == nullptr) return;
  accounts->revoke(call.parameter, call.actor, [respond](const Outcome& outcome) {
    if (outcome.what == What::wrong) return respond(problem(404, "There is no such tablet."));
    if (outcome.what != What::ok) return respond(problem(status_of(outcome.what), sentence_of(outcome.what)));
    respond(json_reply(200, json::object{}));
  });
}

}  // namespace rytme::web
