// SPDX-License-Identifier: Apache-2.0
#include "controller/web/devices_page.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/web/assets.hpp"
#include "controller/web/html.hpp"
#include "controller/web/json.hpp"

namespace rytme::web {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Word word_of(std::string_view state) {
  if (state == "ok") return Word::device_ok;
  if (state == "late") return Word::device_late;
  if (state == "lost") return Word::device_lost;
  if (state == "changed") return Word::device_changed;
  return Word::unknown;
}

std::string_view fail_safe(std::string_view state, Language language) {
  if (state == "verified") return text(Word::fail_safe_verified, language);
  if (state == "built_in") return text(Word::fail_safe_built_in, language);
  if (state == "none") return text(Word::fail_safe_none, language);
  if (state == "not_set" || state == "differs" || state == "other_settings")
    return text(Word::fail_safe_not_set, language);
  return "";
}

Word response_word(std::string_view response) {
  if (response == "hold") return Word::response_hold;
  if (response == "baseline") return Word::response_baseline;
  if (response == "safe_light") return Word::response_safe_light;
  if (response == "off") return Word::response_off;
  return Word::response_warn;
}

std::string table(const std::vector<std::string_view>& heads, const Rows& rows) {
  std::string html = "<table><thead><tr>";
  for (const auto head : heads) html += fmt::format("<th scope=\"col\">{}</th>", head);
  html += "</tr></thead><tbody>";
  for (const auto& row : rows) {
    html += "<tr>";
    for (const auto& cell : row) html += fmt::format("<td>{}</td>", cell);
    html += "</tr>";
  }
  return html + "</tbody></table>";
}

std::string whole(double seconds) { return std::to_string(std::lround(seconds)); }

// "hold, after 10 s back to the preset"
std::string steps(const FaultRow& row, Language language) {
  std::string words;
  for (const auto& step : row.steps) {
    if (!words.empty()) words += ", ";
    if (step.after_s > 0)
      words += fill(text(Word::after_seconds, language), {{"n", whole(step.after_s)}}) + " ";
    words += text(response_word(step.response), language);
  }
  return words;
}

std::string joined(const std::vector<std::string>& ids) {
  std::string names;
  for (const auto& id : ids) names += (names.empty() ? "" : ", ") + id;
  return escape(names);
}

std::string there_now(const FaultRow& row, Language language) {
  std::string words;
  for (const auto& there : row.now) {
    if (!words.empty()) words += "<br>";
    words += escape(there.device) + (there.device.empty() ? "" : ": ") +
             fill(text(Word::since_seconds, language), {{"n", whole(there.since_s)}});
  }
  return words;
}

// Worst first: what is lost stands above what is well.
Rows device_rows(std::vector<DeviceRow> devices, Language language) {
  const auto badness = [](const DeviceRow& row) {
    constexpr std::array<std::string_view, 4> well{"ok", "changed", "late", "unknown"};
    return std::find(well.begin(), well.end(), row.state) - well.begin();
  };
  std::stable_sort(devices.begin(), devices.end(),
                   [&](const DeviceRow& a, const DeviceRow& b) { return badness(a) > badness(b); });
  Rows rows;
  for (const auto& row : devices) {
    const std::string seen = row.last_seen_s < 0
                                 ? std::string(text(Word::never, language))
                                 : fill(text(Word::age, language), {{"n", whole(row.last_seen_s)}});
    rows.push_back({escape(row.place), escape(row.id), escape(row.profile),
                    std::string(text(word_of(row.state), language)), seen,
                    std::string(fail_safe(row.fail_safe, language))});
  }
  return rows;
}

Rows fault_rows(const std::vector<FaultRow>& faults, Language language) {
  Rows rows;
  for (const auto& row : faults)
    rows.push_back({escape(language == Language::nb ? row.says.nb : row.says.en),
                    escape(language == Language::nb ? row.does.nb : row.does.en), steps(row, language),
                    joined(row.devices), there_now(row, language)});
  return rows;
}

// What the desk's script begins with, and the tables it takes the place of.
std::string desk_of(const Options& options, std::string_view language, bool simulated,
                    const std::string& tables) {
  const std::string boot = dump(
      boost::json::object{{"language", language}, {"room", options.room_name}, {"simulated", simulated}});
  return fmt::format(R"(<div id="page" data-boot="{}">{}</div>)", escape(boot), tables);
}

}  // namespace

std::string render_devices(const Options& options, const std::vector<DeviceRow>& devices,
                           const std::vector<FaultRow>& faults, const Query& query, DevicesLook look,
                           bool simulated) {
  const auto asked = query.find("lang");
  const std::string lang = asked == query.end() ? options.language : asked->second;
  const Language language = lang == "en" ? Language::en : Language::nb;
  const std::string_view code = language == Language::nb ? "nb" : "en";
  const bool desk = look == DevicesLook::desk;
  const auto say = [language](Word word) { return text(word, language); };
  const std::string tables =
      fmt::format(R"(<main class="sheet"><h1>{}: {}</h1>{}<h2>{}</h2>{}</main>)", escape(options.room_name),
                  say(Word::devices),
                  table({say(Word::place), say(Word::device), say(Word::profile_file), say(Word::state),
                         say(Word::last_seen), say(Word::fail_safe)},
                        device_rows(devices, language)),
                  say(Word::when_it_fails),
                  table({say(Word::fault), say(Word::what_happens), say(Word::response), say(Word::concerns),
                         say(Word::right_now)},
                        fault_rows(faults, language)));
  const std::string script =
      desk ? fmt::format(R"(<script type="module" src="{}"></script>)", devices_script()) : "";
  return fmt::format(
      R"(<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}: {}</title>)"
      R"(<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">)"
      R"(<link rel="stylesheet" href="{}">{}</head><body>{}</body></html>)",
      code, escape(options.room_name), say(Word::devices), desk ? devices_style() : staff_style(), script,
      desk ? desk_of(options, code, simulated, tables) : tables);
}

}  // namespace rytme::web
