// SPDX-License-Identifier: Apache-2.0
#include "controller/web/account_pages.hpp"

#include <array>

#include <fmt/format.h>

#include "controller/web/assets.hpp"
#include "controller/web/html.hpp"

namespace rytme::web {
namespace {

using What = AccountPage::What;

struct View {
  const AccountPage& page;
  Language language{};
  std::string lang_query;
  std::string_view say(Word word) const { return text(word, language); }
};

View view_of(const Options& options, const AccountPage& page, const Query& query) {
  const auto asked = query.find("lang");
  const bool chosen = asked != query.end() && (asked->second == "nb" || asked->second == "en");
  const std::string& lang = chosen ? asked->second : options.language;
  return {page, lang == "en" ? Language::en : Language::nb, chosen ? "?lang=" + lang : ""};
}

struct Input {
  std::string_view name;
  Word label{};
  std::string_view type;
  std::string_view hints;  // attributes that tell the browser what it is
  std::string value{};
};

std::string input(const View& view, const Input& one) {
  return fmt::format(
      R"(<label for="{0}">{1}</label><input id="{0}" name="{0}" type="{2}" required {3} value="{4}">)",
      one.name, view.say(one.label), one.type, one.hints, escape(one.value));
}

std::string form(const View& view, std::string_view action, const std::string& inputs, Word button) {
  return fmt::format(R"(<form method="post" action="{}{}" class="account">{}<button>{}</button></form>)",
                     action, view.lang_query, inputs, view.say(button));
}

Input name_of_account(const View& view) {
  return {
      "name", Word::account_name, "text",
      R"(autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="32" pattern="[A-Za-z0-9._\-]+")",
      view.page.name};
}

std::string log_in(const View& view) {
  return form(view, "/login",
              input(view, name_of_account(view)) +
                  input(view, {"password", Word::password, "password",
                               R"(autocomplete="current-password" maxlength="256")"}) +
                  input(view, {"code", Word::authenticator_code, "text",
                               R"(autocomplete="one-time-code" inputmode="numeric" maxlength="16")"}),
              Word::log_in);
}

std::string logged_in(const View& view) {
  constexpr std::array roles{Word::role_staff, Word::role_psychologist, Word::role_maintainer,
                             Word::role_officer};
  return fmt::format(
             R"(<p>{}</p>)",
             fill(view.say(Word::logged_in_as),
                  {{"role", std::string(view.say(roles[static_cast<std::size_t>(view.page.role)]))}})) +
         form(view, "/logout", "", Word::log_out);
}

std::string first(const View& view) {
  return fmt::format("<p>{}</p>", view.say(Word::first_explained)) +
         form(view, "/first",
              input(view,
                    {"code", Word::first_code, "text",
                     R"(autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64")",
                     view.page.code}) +
                  input(view, name_of_account(view)) +
                  input(view, {"password", Word::new_password, "password",
                               R"(autocomplete="new-password" minlength="8" maxlength="256")"}),
              Word::make_account);
}

std::string first_done(const View& view) {
  return fmt::format(
      R"(<p>{}</p><p class="secret"><code>{}</code></p><p><a href="{}">{}</a></p><p><a href="/login{}">{}</a></p>)",
      view.say(Word::first_done_explained), escape(view.page.secret), escape(view.page.uri),
      view.say(Word::open_authenticator), view.lang_query, view.say(Word::log_in));
}

std::string enrol(const View& view) {
  return fmt::format("<p>{}</p>", view.say(Word::enrol_explained)) +
         form(view, "/enrol",
              input(view,
                    {"code", Word::tablet_code, "text",
                     R"(autocomplete="off" autocapitalize="characters" spellcheck="false" maxlength="64")"}),
              Word::enrol_tablet);
}

std::string body(const View& view) {
  switch (view.page.what) {
    case What::log_in:
      return log_in(view);
    case What::logged_in:
      return logged_in(view);
    case What::first:
      return first(view);
    case What::first_done:
      return first_done(view);
    case What::enrol:
      break;
  }
  return enrol(view);
}

Word title(What what) {
  if (what == What::first || what == What::first_done) return Word::first_account;
  return what == What::enrol ? Word::enrol_tablet : Word::log_in;
}

std::string message(const View& view) {
  if (!view.page.message) return R"(<p class="said" role="status"></p>)";
  return fmt::format(R"(<p class="said" role="alert">{}</p>)",
                     fill(view.say(*view.page.message), {{"n", std::to_string(view.page.wait_s)}}));
}

}  // namespace

std::string render_account(const Options& options, const AccountPage& page, const Query& query) {
  const View view = view_of(options, page, query);
  return fmt::format(
      R"(<!doctype html><html lang="{0}"><head><meta charset="utf-8"><title>{1} – {2}</title>)"
      R"(<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">)"
      R"(<link rel="stylesheet" href="{3}"></head><body><main class="sheet account"><h1>{1}</h1><p class="where">{2}</p>{4}{5}</main></body></html>)",
      view.language == Language::nb ? "nb" : "en", view.say(title(page.what)), escape(options.room_name),
      staff_style(), message(view), body(view));
}

}  // namespace rytme::web
