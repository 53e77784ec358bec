// SPDX-License-Identifier: Apache-2.0
#include "controller/web/html.hpp"

#include <fmt/format.h>

#include "controller/web/fields.hpp"

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
  std::string hidden, label;
  if (!button.label.empty()) label = fmt::format(R"( aria-label="{}")", escape(button.label));
  for (const auto& [name, value] : fields)
    hidden += fmt::format(R"(<input type="hidden" name="{}" value="{}">)", name, escape(value));
  return fmt::format(
      R"(<form method="post" action="{}">{}<button class="{}"{}{}><i></i><span class="name">{}</span><span class="note">{}</span></button></form>)",
      action, hidden, button.classes, button.disabled ? " disabled" : "", label, button.name, button.note);
}

std::string with_form_token(std::string_view page, std::string_view token) {
  const std::string field =
      fmt::format(R"(<input type="hidden" name="{}" value="{}">)", form_token_field, escape(token));
  std::string out;
  for (;;) {
    constexpr std::string_view mark = R"(<form method="post")";
    const std::size_t form = page.find(mark);
    const std::size_t end = form == std::string_view::npos ? form : page.find('>', form);
    if (end == std::string_view::npos) return out.append(page);
    out.append(page.substr(0, end + 1)).append(field);
    page.remove_prefix(end + 1);
  }
}

}  // namespace rytme::web
