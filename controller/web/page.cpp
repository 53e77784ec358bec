// SPDX-License-Identifier: Apache-2.0
// Keep in step with dashboards/staff/app.tsx: the page test compares the text of both.
#include "controller/web/page.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/web/assets.hpp"
#include "controller/web/json.hpp"
#include "controller/web/page_parts.hpp"

namespace rytme::web {

std::string whole(double value) { return std::to_string(std::lround(value)); }

std::string names_of(const View& view, const std::vector<std::string>& ids) {
  constexpr std::size_t most = 3;
  std::string names;
  for (std::size_t i = 0; i < std::min(ids.size(), most); ++i) {
    const auto found = view.options.device_names.find(ids[i]);
    names += (i == 0 ? "" : ", ") + (found == view.options.device_names.end() ? ids[i] : found->second);
  }
  names = escape(names);
  if (ids.size() <= most) return names;
  return fill(view.say(Word::and_more), {{"names", names}, {"n", std::to_string(ids.size() - most)}});
}

std::string form(const View& view, std::string_view path, const Fields& fields, const Button& button) {
  return post_form(fmt::format("/api/v1/{}{}", path, view.lang_query), fields, button);
}

namespace {

// Keep in step with dashboards/shared/theme.ts.
std::string_view theme_of(double light) {
  constexpr double night = 0.2, day = 0.5;  // linear light
  return light < night ? "night" : light < day ? "dusk" : "day";
}

Word hint_of(RoomMode mode) {
  constexpr std::array words{Word::hint_idle,     Word::hint_starting, Word::hint_running,  Word::hint_paused,
                             Word::hint_stopping, Word::hint_stopped,  Word::hint_safe_mode};
  return words[static_cast<std::size_t>(mode)];
}

struct Line {
  std::string text;
  bool warns{};  // it is something to act upon
};

// The one line: the most urgent of what there is to say.
Line line_of(const View& view) {
  const auto said = [&](Word word) { return Line{std::string(view.say(word)), false}; };
  if (view.said == "conflict") return said(Word::said_conflict);
  if (view.said == "refused") return said(Word::said_refused);
  if (view.said == "unknown") return said(Word::said_unknown);
  if (view.said == "late") return said(Word::said_late);
  const RoomState& s = view.state;
  const auto names = [&](Word word, const std::vector<std::string>& ids) {
    return Line{fill(view.say(word), {{"names", names_of(view, ids)}}), true};
  };
  if (!s.devices_quarantined.empty()) return names(Word::quarantined, s.devices_quarantined);
  if (s.mode == RoomMode::idle && !s.devices_missing.empty())
    return names(Word::before_you_go_in, s.devices_missing);
  return said(hint_of(s.mode));
}

std::string render_line(const View& view) {
  const Line line = line_of(view);
  return fmt::format(
      R"(<div class="line"><p class="message" role="status" data-warn="{}">{}</p>{}</div>)", line.warns,
      line.text,
      form(view, "undo", {}, {"small undo", view.say(Word::undo), "", view.state.undo.left_s <= 0}));
}

std::string boot(const View& view) {
  boost::json::object names;
  for (const auto& [id, name] : view.options.device_names) names[id] = name;
  return dump(boost::json::object{{"language", view.language == Language::nb ? "nb" : "en"},
                                  {"room", view.options.room_name},
                                  {"code_letters", view.options.code_letters},
                                  {"names", std::move(names)},
                                  {"presets", to_json(view.options.presets)},
                                  {"state", to_json(view.state)}});
}

View view_of(const Options& options, const RoomState& state, const Query& query) {
  const Language own = options.language == "en" ? Language::en : Language::nb;
  View view{options, state, own, "", ""};
  if (const auto lang = query.find("lang");
      lang != query.end() && (lang->second == "nb" || lang->second == "en")) {
    view.language = lang->second == "en" ? Language::en : Language::nb;
    view.lang_query = "?lang=" + lang->second;
  }
  if (const auto said = query.find("said"); said != query.end()) view.said = said->second;
  return view;
}

}  // namespace

std::string render_page(const Options& options, const RoomState& state, const Query& query) {
  const View view = view_of(options, state, query);
  const std::string head = fmt::format(
      R"(<!doctype html><html lang="{0}"><head><meta charset="utf-8"><title>{1}</title>)"
      R"(<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">)"
      R"(<link rel="stylesheet" href="{2}"><script type="module" src="{3}"></script>)"
      R"(<noscript><meta http-equiv="refresh" content="5; url=/{4}"></noscript></head>)",
      view.language == Language::nb ? "nb" : "en", escape(options.room_name), staff_style(), staff_script(),
      view.lang_query);
  return fmt::format(
      R"({}<body><div id="page" data-boot="{}"><main class="room" data-mode="{}" data-theme="{}" data-simulated="{}">)"
      R"({}<section class="now" aria-label="{}">{}</section>{}{}{}</main></div></body></html>)",
      head, escape(boot(view)), name_of(state.mode), theme_of(state.light.level), state.simulated,
      render_top(view), view.say(Word::room_now), render_values(view), render_line(view), render_areas(view),
      render_bar(view));
}

}  // namespace rytme::web
