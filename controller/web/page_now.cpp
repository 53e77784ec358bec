// SPDX-License-Identifier: Apache-2.0
// What the room does and what is known of it. Keep in step with dashboards/staff/top.tsx and values.tsx.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "controller/web/page_parts.hpp"

namespace rytme::web {
namespace {

Word word_of(RoomMode mode) {
  constexpr std::array words{Word::mode_idle,     Word::mode_starting, Word::mode_running,  Word::mode_paused,
                             Word::mode_stopping, Word::mode_stopped,  Word::mode_safe_mode};
  return words[static_cast<std::size_t>(mode)];
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

// The lamp is for everyone in the room; in a session one tap turns recording off while the room works on.
std::string recording(const View& view) {
  const bool on = view.state.recording;
  std::string lamp = fmt::format(R"(<p class="lamp" data-on="{}"><i></i>{}</p>)", on,
                                 view.say(on ? Word::recording_on : Word::recording_off));
  if (!view.session_on()) return lamp;
  return lamp +
         form(view, "session/recording", {{"on", on ? "false" : "true"}},
              {"record", view.say(on ? Word::turn_recording_off : Word::turn_recording_on), "", false});
}

std::string mode_line(const View& view) {
  const RoomState& s = view.state;
  std::string what = preset_name(view);
  if (!s.phase.empty()) what += (what.empty() ? "" : " · ") + phase_name(view);
  const std::string left =
      s.session.empty() ? ""
                        : fill(view.say(Word::minutes_left), {{"n", whole(std::ceil(s.remaining_s / 60))}});
  return fmt::format(
      R"(<p class="mode"><i class="shape"></i><strong>{}</strong><span class="what">{}</span><span class="left">{}</span></p>)",
      view.say(word_of(s.mode)), escape(what), left);
}

std::string value(std::string_view label, std::string_view number, std::string_view unit,
                  std::string_view note) {
  return fmt::format(
      R"(<div class="value"><dt>{}</dt><dd class="number">{}<small>{}</small></dd><dd class="note">{}</dd></div>)",
      label, number, unit, note);
}

bool by_hand(const View& view, std::string_view channel) {
  const auto& manual = view.state.manual;
  return std::find(manual.begin(), manual.end(), channel) != manual.end();
}

std::string calm_pulse(const View& view) {
  const CalmPulseNow& calm = view.state.calm_pulse;
  if (calm.state == "none") return "";
  const bool running = calm.state == "running";
  const Word word = running                    ? Word::calm_pulse_running
                    : calm.state == "good"     ? Word::calm_pulse_good
                    : calm.state == "doubtful" ? Word::calm_pulse_doubtful
                                               : Word::calm_pulse_failed;
  return fill(view.say(word), {{"n", whole(running ? calm.elapsed_s : calm.bpm.value_or(0))}});
}

std::string pulse(const View& view) {
  const HeartNow& heart = view.state.heart;
  const std::string& unfit = view.state.heart_unfit;
  if (!heart.bpm) {
    const std::string_view why = unfit == "no_signal"     ? view.say(Word::unfit_no_signal)
                                 : unfit == "no_contact"  ? view.say(Word::unfit_no_contact)
                                 : unfit == "battery_low" ? view.say(Word::unfit_battery_low)
                                                          : "";
    return value(view.say(Word::pulse), view.say(Word::unknown), "", why);
  }
  const bool good = heart.quality == Quality::good;
  std::string note = calm_pulse(view);
  if (note.empty() && good && unfit == "battery_low")
    note = std::string(view.say(Word::unfit_battery_low)) + " · ";
  if (calm_pulse(view).empty())
    note += fill(view.say(good ? Word::age : Word::doubtful), {{"n", whole(heart.age_s.value_or(0))}});
  return value(view.say(Word::pulse), whole(*heart.bpm), view.say(Word::per_minute), note);
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

// What is missing is told before a session, in the line below; in one the number is enough.
std::string devices(const View& view) {
  const RoomState& s = view.state;
  std::string note(view.say(Word::all_in_contact));
  if (!s.devices_missing.empty())
    note = view.session_on()
               ? ""
               : fill(view.say(Word::without_contact), {{"n", std::to_string(s.devices_missing.size())}});
  return value(view.say(Word::devices), fmt::format("{}/{}", s.devices_ok, s.devices_all), "", note);
}

// What the tempo follows; the preset alone needs no words.
std::string_view tempo_follows(const View& view) {
  const FollowNow& follow = view.state.follow;
  if (by_hand(view, "tempo")) return view.say(Word::by_hand);
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
  const auto& [source, track, status, offered] = view.state.player;
  for (const auto& [name, word] : troubles)
    if (status == name) return std::string(view.say(word));
  if (status != "playing") return "";
  for (const auto& [name, word] : sounds)
    if (source == name) return std::string(view.say(word));
  const auto named = std::ranges::find(offered, track, &OfferedTrack::id);
  if (named != offered.end()) return escape(named->title);
  return track == "none" ? "" : escape(track);
}

std::string sound_note(const View& view) {
  if (view.state.muted) return std::string(view.say(Word::muted));
  if (by_hand(view, "volume")) return std::string(view.say(Word::by_hand));
  std::string plays = what_plays(view);
  return plays.empty() && !view.state.sound_calibrated ? std::string(view.say(Word::not_calibrated)) : plays;
}

}  // namespace

std::string render_top(const View& view) {
  return fmt::format(
      R"(<header class="top"><h1>{}</h1>{}{}{}</header>)", escape(view.options.room_name), mode_line(view),
      view.state.simulated ? fmt::format(R"(<p class="simulated">{}</p>)", view.say(Word::simulated)) : "",
      recording(view));
}

std::string render_values(const View& view) {
  const RoomState& s = view.state;
  const std::string_view percent = view.say(Word::percent);
  const std::string tempo = s.tempo_bpm ? whole(*s.tempo_bpm) : std::string(view.say(Word::unknown));
  return std::string(s.show_level ? R"(<dl class="values six">)" : R"(<dl class="values">)") +
         value(view.say(Word::light), fill(percent, {{"n", whole(s.light.level * 100)}}), "",
               by_hand(view, "light") ? view.say(Word::by_hand) : "") +
         value(view.say(Word::tempo), tempo, s.tempo_bpm ? view.say(Word::per_minute) : "",
               tempo_follows(view)) +
         value(view.say(Word::volume), fill(percent, {{"n", whole(s.volume * 100)}}), "", sound_note(view)) +
         pulse(view) + level(view) + devices(view) + "</dl>";
}

}  // namespace rytme::web
