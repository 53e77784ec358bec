// SPDX-License-Identifier: Apache-2.0
// The large boxes: what can be started, what can be changed while a session runs, the answer to a stop or a
// pause, and the bar that is always there. Keep in step with dashboards/staff/controls.tsx.
#include <algorithm>
#include <array>
#include <cmath>
#include <span>

#include <fmt/format.h>

#include "controller/room/limits.hpp"
#include "controller/web/page_parts.hpp"

namespace rytme::web {
namespace {

constexpr std::size_t most_more = 6;

const Preset* first_of(const Options& options, Direction direction) {
  const auto found = std::find_if(options.presets.begin(), options.presets.end(),
                                  [direction](const Preset& one) { return one.direction == direction; });
  return found == options.presets.end() ? nullptr : &*found;
}

std::string start(const View& view, const Preset* preset, std::string_view classes, std::string_view name) {
  const std::string note =
      preset == nullptr ? "" : fill(view.say(Word::minutes), {{"n", whole(preset->minutes)}});
  return form(view, "session", {{"preset", preset == nullptr ? "" : preset->id}},
              {classes, name, note, preset == nullptr || view.state.mode != RoomMode::idle});
}

std::string section(const View& view, std::string_view classes, Word label, const std::string& inside) {
  return fmt::format(R"(<section class="{}" aria-label="{}">{}</section>)", classes, view.say(label), inside);
}

std::string intents(const View& view) {
  return section(
      view, "first", Word::choices,
      start(view, first_of(view.options, Direction::down), "intent down", view.say(Word::regulate_down)) +
          start(view, first_of(view.options, Direction::up), "intent up", view.say(Word::regulate_up)));
}

std::string presets(const View& view) {
  std::string tiles;
  std::size_t shown = 0;
  for (const Preset& preset : view.options.presets) {
    if (&preset == first_of(view.options, Direction::down) ||
        &preset == first_of(view.options, Direction::up))
      continue;
    if (++shown > most_more) break;
    tiles += start(view, &preset, "tile", escape(view.name(preset)));
  }
  return section(view, "second presets", Word::more_choices, tiles);
}

std::string end_gently(const View& view) {
  return form(view, "session/end", {},
              {"intent end", view.say(Word::end_gently), "", view.state.mode == RoomMode::stopping});
}

// What the room waits for after a stop or a restart; nothing else has this place then.
std::string answers(const View& view) {
  std::string inside;
  if (view.state.mode == RoomMode::stopped)
    inside = form(view, "stop/reset", {}, {"intent answer", view.say(Word::ready_again), "", false});
  if (view.state.mode == RoomMode::paused)
    inside = form(view, "session/resume", {}, {"intent answer", view.say(Word::resume), "", false}) +
             end_gently(view);
  return section(view, "first", Word::choices, inside);
}

constexpr std::array light_stops{0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0};
constexpr std::array volume_stops{0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0};
constexpr double tempo_step_bpm = 5;
constexpr double near = 0.005;  // the same, as far as a person sees it

using Stop = std::optional<double>;

Stop below(std::span<const double> stops, double value) {
  const auto found =
      std::find_if(stops.rbegin(), stops.rend(), [value](double stop) { return stop < value - near; });
  return found == stops.rend() ? std::nullopt : Stop(*found);
}

Stop above(std::span<const double> stops, double value, double most = 1) {
  const auto found =
      std::find_if(stops.begin(), stops.end(), [value](double stop) { return stop > value + near; });
  return found == stops.end() || *found > most + near ? std::nullopt : Stop(*found);
}

Stop tempo_stop(const std::optional<double>& bpm, double change) {
  if (!bpm) return std::nullopt;
  const double wanted = std::round((*bpm + change) / tempo_step_bpm) * tempo_step_bpm;
  return wanted < tempo_low_bpm || wanted > tempo_high_bpm ? std::nullopt : Stop(wanted);
}

std::string lower(std::string_view word) {
  std::string out(word);
  if (!out.empty() && out.front() >= 'A' && out.front() <= 'Z') out.front() += 'a' - 'A';
  return out;
}

struct Steps {
  std::string_view channel, field;
  Word name;
  Stop less, more;
};

std::string stepper(const View& view, const Steps& steps) {
  const auto& manual = view.state.manual;
  const std::string what = lower(view.say(steps.name));
  const bool by_hand = std::find(manual.begin(), manual.end(), steps.channel) != manual.end();
  const std::string label =
      by_hand ? form(view, "release", {{"channel", std::string(steps.channel)}},
                     {"back", fill(view.say(Word::hand_back_what), {{"what", what}}), "", false})
              : fmt::format(R"(<p class="channel">{}</p>)", view.say(steps.name));
  const auto button = [&](const Stop& to, std::string_view classes, std::string_view sign, Word word) {
    const std::string aria = fill(view.say(word), {{"what", what}});
    return form(view, steps.channel, {{steps.field, fmt::format("{}", to.value_or(0))}},
                {classes, sign, "", !to, aria});
  };
  return fmt::format(R"(<div class="stepper">{}{}{}</div>)", label,
                     button(steps.less, "step less", "−", Word::less),
                     button(steps.more, "step more", "+", Word::more));
}

// In a session: what it follows. One tap each, and back.
std::string toggle(const View& view, std::string_view field, bool on, Word word) {
  return form(view, "session/follow", {{field, on ? "false" : "true"}},
              {on ? "tile on" : "tile", view.say(word), view.say(on ? Word::is_on : Word::is_off), false});
}

std::string running(const View& view) {
  const RoomState& s = view.state;
  return section(view, "second running", Word::more_choices,
                 end_gently(view) +
                     stepper(view, {"light", "level", Word::light, below(light_stops, s.light.target),
                                    above(light_stops, s.light.target)}) +
                     stepper(view, {"volume", "level", Word::volume, below(volume_stops, s.volume),
                                    above(volume_stops, s.volume, s.volume_max)}) +
                     stepper(view, {"tempo", "bpm", Word::tempo, tempo_stop(s.tempo_bpm, -tempo_step_bpm),
                                    tempo_stop(s.tempo_bpm, tempo_step_bpm)}) +
                     toggle(view, "pace", s.follow.pace, Word::follow_pace) +
                     toggle(view, "swing", s.follow.swing, Word::follow_swing));
}

// With a script there is more (dashboards/staff/strip.tsx); without one a code can be written.
std::string strip(const View& view) {
  return fmt::format(
      R"(<section class="first strip" aria-label="{}"><div class="tabs"></div><form method="post" action="/api/v1/session/participant{}">)"
      R"(<div class="step who"><input class="code" name="code" maxlength="8" autocomplete="off" aria-label="{}"><p class="code" data-empty="true">{}</p>)"
      R"(<button class="tile use">{}</button></div></form></section>)",
      view.say(Word::strip), view.lang_query, view.say(Word::code_enter),
      view.say(view.state.participant_named ? Word::code_named : Word::code_enter), view.say(Word::code_ok));
}

}  // namespace

std::string render_areas(const View& view) {
  switch (view.state.mode) {
    case RoomMode::starting:
    case RoomMode::running:
    case RoomMode::stopping:
      return strip(view) + running(view);
    case RoomMode::idle:
      return intents(view) + presets(view);
    case RoomMode::paused:
    case RoomMode::stopped:
    case RoomMode::safe_mode:
      break;
  }
  return answers(view);
}

std::string render_bar(const View& view) {
  const RoomState& s = view.state;
  return fmt::format(R"(<nav class="bar" aria-label="{}">{}{}{}</nav>)", view.say(Word::always_here),
                     form(view, "stop", {}, {"stop", view.say(Word::stop_all), "", false}),
                     form(view, "mute", {{"on", s.muted ? "false" : "true"}},
                          {"mute", view.say(s.muted ? Word::unmute : Word::mute), "", false}),
                     form(view, "light",
                          {{"level", fmt::format("{}", s.safe_light.level)},
                           {"cct_k", fmt::format("{}", s.safe_light.cct_k)}},
                          {"light", view.say(Word::light_on), "", false}));
}

}  // namespace rytme::web
