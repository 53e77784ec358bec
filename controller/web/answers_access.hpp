// SPDX-License-Identifier: Apache-2.0
// Handlers of log-in, log-out, first account, tablets. What is said of an attempt never says which part of it
// was wrong, and nothing that was typed goes into the access log.
#pragma once

#include <functional>
#include <string>
#include <utility>

#include "controller/web/routes.hpp"

namespace rytme::web {

void answer_login_page(Service& service, const Call& call, const Respond& respond);
void answer_login(Service& service, const Call& call, const Respond& respond);
void answer_logout(Service& service, const Call& call, const Respond& respond);
void answer_first_page(Service& service, const Call& call, const Respond& respond);
void answer_first(Service& service, const Call& call, const Respond& respond);
void answer_enrol_page(Service& service, const Call& call, const Respond& respond);
void answer_enrol(Service& service, const Call& call, const Respond& respond);
void answer_me(Service& service, const Call& call, const Respond& respond);
void answer_tablets(Service& service, const Call& call, const Respond& respond);
void answer_tablet_code(Service& service, const Call& call, const Respond& respond);
void answer_revoke_tablet(Service& service, const Call& call, const Respond& respond);

// The tablet's cookie once more for as long as browsers keep one (400 days).
std::pair<std::string, std::string> tablet_for_long(const std::string& token);

// True as long as the cookie that the call was made with would still be good.
std::function<bool()> while_proven(const Service& service, const Call& call);

}  // namespace rytme::web
