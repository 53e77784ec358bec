// SPDX-License-Identifier: Apache-2.0
// Questions of a maintainer to the desk: from values that passed the route's table to the port.
#include <cmath>

#include "controller/web/answers.hpp"
#include "controller/web/service.hpp"

namespace rytme::web {

void answer_desk(Service& service, const Call& call, const Respond& respond) {
  const auto text = [&](std::string_view name) { return call.values.text(name).value_or(""); };
  DeskQuestion question{call.route.desk, text("name"), text("base"),  call.values.texts("files"),
                        text("from"),    text("to"),   text("level"), std::nullopt};
  for (const auto name : {"version", "last"})
    if (const auto number = call.values.number(name))
      question.number = static_cast<std::size_t>(std::lround(*number));
  service.port().desk(looker(call), question, page_to(respond));
}

}  // namespace rytme::web
