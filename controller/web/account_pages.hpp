// SPDX-License-Identifier: Apache-2.0
// The pages of log-in, first account and enrolment: plain forms that work without script, in both languages.
// A password manager finds its fields, and everything can be pasted (WCAG 2.2, 3.3.8).
#pragma once

#include <optional>
#include <string>

#include "controller/web/message.hpp"
#include "controller/web/server.hpp"
#include "controller/web/words.hpp"

namespace rytme::web {

struct AccountPage {
  enum class What : std::uint8_t { log_in, logged_in, first, first_done, enrol } what{};
  std::optional<Word> message{};  // why it is shown again
  long long wait_s{};             // for a message with {n}
  std::string name, code{};       // as they were typed
  std::string secret{}, uri{};    // first_done: of the authenticator, for people and as otpauth:
  Role role{};                    // logged_in
};

// A whole document; `query` has the language.
std::string render_account(const Options& options, const AccountPage& page, const Query& query);

}  // namespace rytme::web
