// SPDX-License-Identifier: Apache-2.0
#include "controller/web/card_page.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "controller/web/assets.hpp"
#include "controller/web/html.hpp"

namespace rytme::web {
namespace {

struct Card {
  const Options& options;
  Language language{};

  std::string_view say(Word word) const { return text(word, language); }
  bool has_button(std::string_view what) const {
    const auto& all = options.wall_buttons;
    return std::find(all.begin(), all.end(), what) != all.end();
  }
};

std::string part(std::string_view heading, const std::vector<std::string>& lines) {
  std::string out = fmt::format("<h2>{}</h2>", heading);
  for (const std::string& line : lines) out += fmt::format("<p>{}</p>", line);
  return out;
}

std::string minutes(const Card& card, Direction direction, Word name) {
  const auto& all = card.options.presets;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [direction](const Preset& one) { return one.direction == direction; });
  if (found == all.end()) return "";
  const std::string length =
      fill(card.say(Word::minutes), {{"n", std::to_string(std::lround(found->minutes))}});
  return fmt::format("<strong>{}</strong> – {}", card.say(name), length);
}

std::vector<std::string> starts(const Card& card) {
  std::vector<std::string> lines;
  for (const auto& line :
       {minutes(card, Direction::down, Word::regulate_down), minutes(card, Direction::up, Word::regulate_up)})
    if (!line.empty()) lines.push_back(line);
  lines.emplace_back(card.say(Word::card_start_more));
  if (card.has_button("start")) lines.emplace_back(card.say(Word::card_start_button));
  return lines;
}

std::vector<std::string> stops(const Card& card) {
  const std::string level = std::to_string(std::lround(card.options.safe_light_level * 100));
  std::vector<std::string> lines{fill(card.say(Word::card_stop_does), {{"n", level}})};
  if (card.has_button("stop")) lines.emplace_back(card.say(Word::card_stop_button));
  lines.emplace_back(card.say(Word::card_stop_after));
  return lines;
}

std::vector<std::string> dark_tablet(const Card& card) {
  const auto& [at_switch, call] = std::pair{card.options.where_the_switch_is, card.options.whom_to_call};
  std::vector<std::string> lines{std::string(card.say(Word::card_dark_goes_on))};
  lines.push_back(at_switch.empty() ? std::string(card.say(Word::card_switch))
                                    : fill(card.say(Word::card_switch_at), {{"where", escape(at_switch)}}));
  if (!call.empty()) lines.push_back(fill(card.say(Word::card_call), {{"whom", escape(call)}}));
  return lines;
}

}  // namespace

std::string render_card(const Options& options, const Query& query) {
  const auto asked = query.find("lang");
  const std::string lang = asked == query.end() ? options.language : asked->second;
  const Card card{options, lang == "en" ? Language::en : Language::nb};
  return fmt::format(
      R"(<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title>)"
      R"(<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">)"
      R"(<link rel="stylesheet" href="{}"></head><body class="paper"><main class="card"><h1>{}</h1>{}{}{}{}<footer>{}</footer></main></body></html>)",
      card.language == Language::nb ? "nb" : "en", escape(options.room_name), staff_style(),
      escape(options.room_name), part(card.say(Word::card_start), starts(card)),
      part(card.say(Word::stop_all), stops(card)),
      part(card.say(Word::end_gently), {std::string(card.say(Word::card_end))}),
      part(card.say(Word::card_dark), dark_tablet(card)), card.say(Word::card_foot));
}

}  // namespace rytme::web
