// SPDX-License-Identifier: Apache-2.0
// Keep in step with dashboards/staff/app.tsx: the page test compares the text of both.
#include "controller/web/page.hpp"

#include <algorithm>
#include <cmath>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/web/assets.hpp"
#include "controller/web/html.hpp"
#include "controller/web/json.hpp"

namespace rytme::web {
namespace {

constexpr std::size_t most_more = 6;
constexpr std::size_t most_names = 3;

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
};

std::string count(double value) { return std::to_string(std::lround(value)); }

Word word_of(RoomMode mode) {
  constexpr std::array words{Word::mode_idle,     Word::mode_starting, Word::mode_running,  Word::mode_paused,
                             Word::mode_stopping, Word::mode_stopped,  Word::mode_safe_mode};
  return words[static_cast<std::size_t>(mode)];
}

Word hint_of(const View& view) {
  if (view.said == "conflict") return Word::said_conflict;
  if (view.said == "refused") return Word::said_refused;
  if (view.said == "unknown") return Word::said_unknown;
  if (view.said == "late") return Word::said_late;
  constexpr std::array words{Word::hint_idle,     Word::hint_starting, Word::hint_running,  Word::hint_paused,
                             Word::hint_stopping, Word::hint_stopped,  Word::hint_safe_mode};
  return words[static_cast<std::size_t>(view.state.mode)];
}

std::string phase_name(const View& view) {
  const std::string& phase = view.state.phase;
  if (phase == "arrive") return std::string(view.say(Word::phase_arrive));
  if (phase == "lead") return std::string(view.say(Word::phase_lead));
  if (phase == "stay") return std::string(view.say(Word::phase_stay));
  if (phase == "close") return std::string(view.say(Word::phase_close));
  return phase;
}

std::string preset_name(const View& view) {
  const auto& all = view.options.presets;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&view](const Preset& one) { return one.id == view.state.preset; });
  return found == all.end() ? view.state.preset : std::string(view.name(*found));
}

const Preset* first_of(const Options& options, Direction direction) {
  const auto found = std::find_if(options.presets.begin(), options.presets.end(),
                                  [direction](const Preset& one) { return one.direction == direction; });
  return found == options.presets.end() ? nullptr : &*found;
}

std::string form(const View& view, std::string_view path, const Fields& fields, const Button& button) {
  return post_form(fmt::format("/api/v1/{}{}", path, view.lang_query), fields, button);
}

// The lamp is for everyone in the room; in a session one tap turns recording off while the room works on.
std::string recording(const View& view) {
  const bool on = view.state.recording;
  std::string lamp = fmt::format(R"(<p class="lamp" data-on="{}"><i></i>{}</p>)", on,
                                 view.say(on ? Word::recording_on : Word::recording_off));
  if (view.state.session.empty()) return lamp;
  return lamp +
         form(view, "session/recording", {{"on", on ? "false" : "true"}},
              {"record", view.say(on ? Word::turn_recording_off : Word::turn_recording_on), "", false});
}

std::string top(const View& view) {
  return fmt::format(
      R"(<header class="top"><h1>{}</h1>{}{}</header>)", escape(view.options.room_name),
      view.state.simulated ? fmt::format(R"(<p class="simulated">{}</p>)", view.say(Word::simulated)) : "",
      recording(view));
}

std::string mode_line(const View& view) {
  const RoomState& s = view.state;
  std::string what = preset_name(view);
  if (!s.phase.empty()) what += (what.empty() ? "" : " · ") + phase_name(view);
  const std::string left =
      s.session.empty() ? ""
                        : fill(view.say(Word::minutes_left), {{"n", count(std::ceil(s.remaining_s / 60))}});
  return fmt::format(
      R"(<p class="mode"><i class="shape"></i><strong>{}</strong><span class="what">{}</span><span class="left">{}</span></p>)",
      view.say(word_of(s.mode)), escape(what), left);
}

std::string value(std::string_view label, std::string_view number, std::string_view unit,
                  const std::string& note) {
  return fmt::format(
      R"(<div class="value"><dt>{}</dt><dd class="number">{}<small>{}</small></dd><dd class="note">{}</dd></div>)",
      label, number, unit, note);
}

// A channel touched by hand stays so until it is handed back.
std::string channel_note(const View& view, const std::string& channel, std::string_view otherwise) {
  const auto& manual = view.state.manual;
  if (std::find(manual.begin(), manual.end(), channel) == manual.end()) return std::string(otherwise);
  return fmt::format(
      "{} {}", view.say(Word::by_hand),
      form(view, "release", {{"channel", channel}}, {"back", view.say(Word::hand_back), "", false}));
}

std::string calm_pulse(const View& view) {
  const CalmPulseNow& calm = view.state.calm_pulse;
  if (calm.state == "none") return "";
  const bool running = calm.state == "running";
  const Word word = running                    ? Word::calm_pulse_running
                    : calm.state == "good"     ? Word::calm_pulse_good
                    : calm.state == "doubtful" ? Word::calm_pulse_doubtful
                                               : Word::calm_pulse_failed;
  return " · " + fill(view.say(word), {{"n", count(running ? calm.elapsed_s : calm.bpm.value_or(0))}});
}

std::string pulse(const View& view) {
  const HeartNow& heart = view.state.heart;
  const std::string& unfit = view.state.heart_unfit;
  if (!heart.bpm) {
    const std::string_view why = unfit == "no_signal"     ? view.say(Word::unfit_no_signal)
                                 : unfit == "no_contact"  ? view.say(Word::unfit_no_contact)
                                 : unfit == "battery_low" ? view.say(Word::unfit_battery_low)
                                                          : "";
    return value(view.say(Word::pulse), view.say(Word::unknown), "", std::string(why));
  }
  const std::string battery =
      unfit == "battery_low" ? " · " + std::string(view.say(Word::unfit_battery_low)) : "";
  const Word age = heart.quality == Quality::good ? Word::age : Word::doubtful;
  const RoomMode mode = view.state.mode;
  const bool at_rest = mode == RoomMode::paused || mode == RoomMode::stopped || mode == RoomMode::safe_mode;
  const std::string button =
      view.state.calm_pulse.state == "running" || at_rest
          ? ""
          : form(view, "baseline", {}, {"back", view.say(Word::calm_pulse_take), "", false});
  return value(
      view.say(Word::pulse), count(*heart.bpm), view.say(Word::per_minute),
      fill(view.say(age), {{"n", count(heart.age_s.value_or(0))}}) + calm_pulse(view) + battery + button);
}

// Only where the maintainer has switched it on (room.toml level_on_page).
std::string level(const View& view) {
  const ArousalNow& arousal = view.state.arousal;
  if (!view.state.show_level) return "";
  const auto answer = [&](const char* same, Word word) {
    return form(view, "wearer", {{"same", same}}, {"back", view.say(word), "", false});
  };
  const std::string note =
      arousal.wearer_unsure
          ? std::string(view.say(Word::worn_again)) + answer("true", Word::same_person) +
                answer("false", Word::another_person)
          : std::string(arousal.low_side ? view.say(Word::very_quiet) : "") +
                fmt::format(R"(<details class="why"><summary>{}</summary><p>{}</p></details>)",
                            view.say(Word::why), escape(arousal.reason));
  const std::string number =
      arousal.level ? std::to_string(*arousal.level) : std::string(view.say(Word::level_unknown));
  return value(view.say(Word::level), number, "", note);
}

std::string names_of(const std::vector<std::string>& ids) {
  std::string names;
  for (std::size_t i = 0; i < std::min(ids.size(), most_names); ++i) names += (i == 0 ? "" : ", ") + ids[i];
  return escape(names + (ids.size() > most_names ? " …" : ""));
}

std::string devices(const View& view) {
  const RoomState& s = view.state;
  std::string note(view.say(Word::all_in_contact));
  if (!s.devices_missing.empty())
    note = fill(view.say(Word::without_contact), {{"names", names_of(s.devices_missing)}});
  if (!s.devices_quarantined.empty())
    note = fill(view.say(Word::quarantined), {{"names", names_of(s.devices_quarantined)}});
  return value(view.say(Word::devices), fmt::format("{}/{}", s.devices_ok, s.devices_all), "", note);
}

// What the tempo follows; the preset alone needs no words.
std::string_view tempo_follows(const View& view) {
  const FollowNow& follow = view.state.follow;
  if (follow.beats_per_swing > 0) return view.say(Word::with_swing);
  if (follow.pace_step == "slower") return view.say(Word::pace_slower);
  if (follow.pace_step == "hold") return view.say(Word::pace_hold);
  if (follow.pace_step == "lead_down") return view.say(Word::pace_lead_down);
  return "";
}

// What the player says that it plays, or what is amiss with it; "" while it is silent.
std::string what_plays(const View& view) {
  using Row = std::pair<std::string_view, Word>;
  static constexpr std::array sounds{Row{"pulse", Word::plays_pulse}, Row{"heartbeat", Word::plays_heartbeat},
                                     Row{"drum", Word::plays_drum}, Row{"shaker", Word::plays_shaker},
                                     Row{"wood", Word::plays_wood}};
  static constexpr std::array troubles{
      Row{"output_missing", Word::sound_no_device}, Row{"library_missing", Word::sound_no_library},
      Row{"track_missing", Word::sound_no_track}, Row{"track_unreadable", Word::sound_unreadable}};
  const auto& [source, track, status] = view.state.player;
  for (const auto& [name, word] : troubles)
    if (status == name) return std::string(view.say(word));
  if (status != "playing") return "";
  for (const auto& [name, word] : sounds)
    if (source == name) return std::string(view.say(word));
  return track == "none" ? "" : escape(track);
}

std::string sound_note(const View& view) {
  if (view.state.muted) return std::string(view.say(Word::muted));
  std::string plays = what_plays(view);
  if (view.state.sound_calibrated) return plays;
  return plays + (plays.empty() ? "" : ", ") + std::string(view.say(Word::not_calibrated));
}

std::string values(const View& view) {
  const RoomState& s = view.state;
  const std::string_view percent = view.say(Word::percent);
  const std::string tempo = s.tempo_bpm ? count(*s.tempo_bpm) : std::string(view.say(Word::unknown));
  return std::string(s.show_level ? R"(<dl class="values six">)" : R"(<dl class="values">)") +
         value(view.say(Word::light), fill(percent, {{"n", count(s.light.level * 100)}}), "",
               channel_note(view, "light", "")) +
         value(view.say(Word::tempo), tempo, s.tempo_bpm ? view.say(Word::per_minute) : "",
               channel_note(view, "tempo", tempo_follows(view))) +
         value(view.say(Word::volume), fill(percent, {{"n", count(s.volume * 100)}}), "",
               channel_note(view, "volume", sound_note(view))) +
         pulse(view) + level(view) + devices(view) + "</dl>";
}

std::string intent(const View& view, Direction direction) {
  const bool down = direction == Direction::down;
  const Preset* preset = first_of(view.options, direction);
  const std::string note =
      preset == nullptr ? "" : fill(view.say(Word::minutes), {{"n", count(preset->minutes)}});
  return form(view, "session", {{"preset", preset == nullptr ? "" : preset->id}},
              {down ? "intent down" : "intent up", view.say(down ? Word::regulate_down : Word::regulate_up),
               note, preset == nullptr || view.state.mode != RoomMode::idle});
}

// In a session: what it follows. One tap each, and back.
std::string toggle(const View& view, std::string_view field, bool on, Word word) {
  return form(view, "session/follow", {{field, on ? "false" : "true"}},
              {on ? "tile on" : "tile", view.say(word), view.say(on ? Word::is_on : Word::is_off),
               view.state.mode == RoomMode::paused});
}

std::string more(const View& view) {
  const FollowNow& follow = view.state.follow;
  if (!view.state.session.empty())
    return fmt::format(R"(<div class="more">{}{}</div>)",
                       toggle(view, "pace", follow.pace, Word::follow_pace),
                       toggle(view, "swing", follow.swing, Word::follow_swing));
  std::string tiles;
  std::size_t shown = 0;
  for (const Preset& preset : view.options.presets) {
    if (&preset == first_of(view.options, Direction::down) ||
        &preset == first_of(view.options, Direction::up))
      continue;
    if (++shown > most_more) break;
    tiles += form(
        view, "session", {{"preset", preset.id}},
        {"tile", escape(view.name(preset)), fill(view.say(Word::minutes), {{"n", count(preset.minutes)}}),
         view.state.mode != RoomMode::idle});
  }
  return tiles.empty() ? "" : fmt::format(R"(<div class="more">{}</div>)", tiles);
}

// One place for the answer to what the room asks; otherwise undo.
std::string reply_slot(const View& view) {
  const RoomMode mode = view.state.mode;
  if (mode == RoomMode::paused)
    return form(view, "session/resume", {}, {"intent answer", view.say(Word::resume), "", false});
  if (mode == RoomMode::stopped)
    return form(view, "stop/reset", {}, {"intent answer", view.say(Word::ready_again), "", false});
  return form(view, "undo", {}, {"intent undo", view.say(Word::undo), "", mode == RoomMode::safe_mode});
}

std::string choices(const View& view) {
  const RoomMode mode = view.state.mode;
  const bool can_end = mode == RoomMode::starting || mode == RoomMode::running || mode == RoomMode::paused;
  return fmt::format(
      R"(<section class="choices" aria-label="{}">{}{}{}{}{}</section>)", view.say(Word::choices),
      intent(view, Direction::down), intent(view, Direction::up), reply_slot(view),
      form(view, "session/end", {}, {"intent end", view.say(Word::end_gently), "", !can_end}), more(view));
}

std::string bar(const View& view) {
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

std::string boot(const View& view) {
  return dump(boost::json::object{{"language", view.language == Language::nb ? "nb" : "en"},
                                  {"query", view.lang_query},
                                  {"room", view.options.room_name},
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
      R"({}<body><div id="page" data-boot="{}"><main class="room" data-mode="{}" data-simulated="{}">{})"
      R"(<section class="now" aria-label="{}">{}{}</section><p class="message" role="status">{}</p>{}{}</main></div></body></html>)",
      head, escape(boot(view)), name_of(state.mode), state.simulated, top(view), view.say(Word::room_now),
      mode_line(view), values(view), view.say(hint_of(view)), choices(view), bar(view));
}

}  // namespace rytme::web
