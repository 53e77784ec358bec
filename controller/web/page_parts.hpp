// SPDX-License-Identifier: Apache-2.0
// The parts of the staff page, each HTML. Keep in step with dashboards/staff: the page test compares both.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/web/html.hpp"
#include "controller/web/server.hpp"

namespace rytme::web {

// What a part is made of; lives while the page is rendered.
struct View {
  const Options& options;
  const RoomState& state;
  Language language{};
  std::string lang_query;  // "?lang=en" when it differs from the room's own
  std::string said;

  std::string_view say(Word word) const { return text(word, language); }
  std::string_view name(const Preset& preset) const {
    return language == Language::nb ? preset.name.nb : preset.name.en;
  }
  bool session_on() const { return !state.session.empty(); }
};

std::string whole(double value);                                              // rounded
std::string names_of(const View& view, const std::vector<std::string>& ids);  // as people call them, escaped
std::string form(const View& view, std::string_view path, const Fields& fields, const Button& button);

// page_now.cpp
std::string render_top(const View& view);
std::string render_values(const View& view);

// page_controls.cpp: the two areas of large boxes, and the bar
std::string render_areas(const View& view);
std::string render_bar(const View& view);

}  // namespace rytme::web
