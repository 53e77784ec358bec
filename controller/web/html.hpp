// SPDX-License-Identifier: Apache-2.0
// Small pieces of HTML. What comes from settings or devices is escaped by the caller's use of escape().
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/web/words.hpp"

namespace rytme::web {

using Fields = std::vector<std::pair<std::string_view, std::string>>;

std::string escape(std::string_view text);

// "{n} min" with n=12 -> "12 min".
std::string fill(std::string_view text, const Fields& values);

struct Button {
  std::string_view classes;
  std::string_view name;  // HTML
  std::string_view note;  // HTML, small, below the name
  bool disabled{};
  std::string_view label{};  // read out instead of the name; escaped here
};

// A form of hidden fields and one button; values are escaped here.
std::string post_form(const std::string& action, const Fields& fields, const Button& button);

// Puts the token into every form of the page that is sent with POST.
std::string with_form_token(std::string_view page, std::string_view token);

}  // namespace rytme::web
