// SPDX-License-Identifier: Apache-2.0
// Questions of a psychologist to the record: from values that passed the route's table to the port.
#include <cmath>

#include "controller/web/answers.hpp"
#include "controller/web/service.hpp"

namespace rytme::web {
namespace {

using What = ReviewQuestion::What;

std::optional<std::size_t> count_of(const Values& values, std::string_view name) {
  const auto number = values.number(name);
  if (!number) return std::nullopt;
  return static_cast<std::size_t>(std::lround(*number));
}

void ask(Service& service, const Call& call, What what, const Respond& respond) {
  const auto text = [&](std::string_view name) { return call.values.text(name).value_or(""); };
  service.port().review(looker(call),
                        {what, call.parameter, text("names"), text("from"), text("to"),
                         count_of(call.values, "points"), count_of(call.values, "last")},
                        page_to(respond));
}

}  // namespace

void answer_series(Service& service, const Call& call, const Respond& respond) {
  ask(service, call, What::series, respond);
}

void answer_summary(Service& service, const Call& call, const Respond& respond) {
  ask(service, call, What::summary, respond);
}

void answer_marks(Service& service, const Call& call, const Respond& respond) {
  ask(service, call, What::marks, respond);
}

void answer_days(Service& service, const Call& call, const Respond& respond) {
  ask(service, call, What::days, respond);
}

void answer_participant_sessions(Service& service, const Call& call, const Respond& respond) {
  if (call.values.text("aligned")) return ask(service, call, What::aligned, respond);
  service.port().sessions(looker(call), {{"participant", call.parameter}}, page_to(respond));
}

void answer_record(Service& service, const Call& call, const Respond& respond) {
  service.port().participant_record(looker(call), call.parameter, page_to(respond));
}

void answer_changes(Service& service, const Call& call, const Respond& respond) {
  ask(service, call, What::changes, respond);
}

void answer_baselines(Service& service, const Call& call, const Respond& respond) {
  ask(service, call, What::baselines, respond);
}

}  // namespace rytme::web
