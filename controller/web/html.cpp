// SPDX-License-Identifier: Apache-2.0
#include "controller/web/html.hpp"

#include <fmt/format.h>

namespace rytme::web {

std::string escape(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string fill(std::string_view text, const Fields& values) {
  std::string out(text);
  for (const auto& [name, value] : values) {
    const std::string mark = fmt::format("{{{}}}", name);
    if (const std::size_t at = out.find(mark); at != std::string::npos) out.replace(at, mark.size(), value);
  }
  return out;
}

std::string post_form(const std::string& action, const Fields& fields, const Button& button) {
  std::string hidden;
  for (const auto& [name, value] : fields)
    hidden += fmt::format(R"(<input type="hidden" name="{}" value="{}">)", name, escape(value));
  return fmt::format(
      R"(<form method="post" action="{}">{}<button class="{}"{}><i></i><span class="name">{}</span><span class="note">{}</span></button></form>)",
      action, hidden, button.classes, button.disabled ? " disabled" : "", button.name, button.note);
}

}  // namespace rytme::web
