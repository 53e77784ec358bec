// SPDX-License-Identifier: Apache-2.0
#include "controller/web/review_page.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/web/assets.hpp"
#include "controller/web/html.hpp"
#include "controller/web/json.hpp"

namespace rytme::web {

std::string render_review(const Options& options, const Query& query) {
  const auto asked = query.find("lang");
  const std::string lang = asked == query.end() ? options.language : asked->second;
  const Language language = lang == "en" ? Language::en : Language::nb;
  const std::string_view code = language == Language::nb ? "nb" : "en";
  const std::string boot = dump(boost::json::object{{"language", code},
                                                    {"room", options.room_name},
                                                    {"presets", to_json(options.presets)},
                                                    {"activities", to_json(options.activities)}});
  return fmt::format(
      R"(<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}: {}</title>)"
      R"(<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">)"
      R"(<link rel="stylesheet" href="{}"><script type="module" src="{}"></script></head>)"
      R"(<body><div id="page" data-boot="{}"><main><noscript><p class="empty">{}</p></noscript></main></div></body></html>)",
      code, escape(options.room_name), text(Word::review, language), review_style(), review_script(),
      escape(boot), text(Word::needs_script, language));
}

}  // namespace rytme::web
