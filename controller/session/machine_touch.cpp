// SPDX-License-Identifier: Apache-2.0
// Hands on the room: a touched channel is manual until it is handed back, or the session ends.
#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "controller/room/light_colour.hpp"
#include "controller/room/limits.hpp"
#include "controller/session/machine.hpp"
#include "controller/session/words.hpp"

namespace rytme::session {
namespace {

constexpr std::array<std::string_view, manual_channels + 1> names{"light", "volume", "tempo", "source",
                                                                  "mute"};
constexpr double light_touch_glide_s = 1.0;
constexpr double volume_touch_glide_s = 0.5;
constexpr double undo_glide_s = 2.0;
constexpr auto undo_for = std::chrono::seconds{10};
constexpr double lowest_cct_k = 1000.0;
constexpr double highest_cct_k = 20000.0;

bool is_share(double value) { return value >= 0.0 && value <= 1.0; }

}  // namespace

std::string_view name_of(Channel channel) { return names[static_cast<std::size_t>(channel)]; }

std::optional<Channel> channel_from(std::string_view name) {
  for (std::size_t i = 0; i < manual_channels; ++i)
    if (names[i] == name) return static_cast<Channel>(i);
  return std::nullopt;
}

bool Session::Machine::touchable(Turn& turn) const {
  const bool shut = mode_ == RoomMode::stopped || mode_ == RoomMode::safe_mode;
  if (shut) answer(turn, Verdict::conflict, transition(mode_, Event::start).reason);
  return !shut;
}

void Session::Machine::keep(const Aim& aim) {
  if (aim.light) {
    aimed_.light.level = aim.light->level;
    if (aim.light->cct_k > 0) aimed_.light.cct_k = aim.light->cct_k;
  }
  if (aim.volume) aimed_.volume = *aim.volume;
  if (aim.tempo_bpm) aimed_.tempo_bpm = aim.tempo_bpm;
  if (aim.mute) aimed_.mute = *aim.mute;
  if (aim.play) aimed_.play = *aim.play;
  if (aim.source) aimed_.source = *aim.source;
}

void Session::Machine::touch(Channel channel, EventData data, Aim aim, Turn& turn) {
  // Nobody has named a source yet: what plays is what can be gone back to.
  if (channel == Channel::source && aimed_.source.empty()) aimed_.source = found_source_ = turn.senses.source;
  const bool is_channel = channel != Channel::mute;
  undo_ = Undoable{channel, aimed_, is_channel && is_manual(channel), turn.now.steady + undo_for};
  if (is_channel) manual_[static_cast<std::size_t>(channel)] = true;
  data.text("channel", name_of(channel)).by(turn.asked);
  note("manual", data, turn.out);
  keep(aim);
  turn.out.aims.push_back(std::move(aim));
}

// Red is for a participant whose variant allows it.
double Session::Machine::allowed_cct(double cct_k) const {
  return is_saturated_red(cct_k) && !(on_ && on_->variant.red) ? red_below_cct_k : cct_k;
}

// In nobody's session does a light move by itself.
void Session::Machine::take(const request::TestDevice& request, Turn& turn) {
  if (mode_ != RoomMode::idle) return answer(turn, Verdict::conflict, transition(mode_, Event::start).reason);
  turn.out.test = request.id;
}

void Session::Machine::take(const request::SetLight& request, Turn& turn) {
  const bool is_safe_light = std::abs(request.level - config_.safe_light.level) < 0.001;
  if (mode_ == RoomMode::stopped && is_safe_light &&
      request.cct_k.value_or(config_.safe_light.cct_k) == config_.safe_light.cct_k)
    return;  // it is there already
  if (!touchable(turn)) return;
  const double cct_k = request.cct_k.value_or(0.0);
  const bool colour_allowed = !request.cct_k || (cct_k >= lowest_cct_k && cct_k <= highest_cct_k);
  if (!is_share(request.level) || !colour_allowed)
    return answer(turn, Verdict::refused, "level is 0 to 1, cct_k 1000 to 20000");
  Aim aim = aim_by(turn.asked.origin);
  aim.light = LightScene{request.level, allowed_cct(cct_k)};
  aim.light_glide_s = light_touch_glide_s;
  EventData data;
  data.number("value", request.level);
  if (request.cct_k) data.number("cct_k", cct_k);
  touch(Channel::light, data, std::move(aim), turn);
}

void Session::Machine::take(const request::SetVolume& request, Turn& turn) {
  if (!touchable(turn)) return;
  if (!is_share(request.level)) return answer(turn, Verdict::refused, "level is 0 to 1");
  Aim aim = aim_by(turn.asked.origin);
  aim.volume = request.level;
  aim.volume_glide_s = volume_touch_glide_s;
  touch(Channel::volume, std::move(EventData().number("value", request.level)), std::move(aim), turn);
}

void Session::Machine::take(const request::SetTempo& request, Turn& turn) {
  if (!touchable(turn)) return;
  if (!(request.bpm >= tempo_low_bpm && request.bpm <= tempo_high_bpm))
    return answer(turn, Verdict::refused, "bpm is 20 to 140");
  Aim aim = aim_by(turn.asked.origin);
  aim.tempo_bpm = request.bpm;
  touch(Channel::tempo, std::move(EventData().number("value", request.bpm)), std::move(aim), turn);
}

void Session::Machine::take(const request::SetMute& request, Turn& turn) {
  const bool shut = mode_ == RoomMode::stopped || mode_ == RoomMode::safe_mode;
  if (shut && request.on) return;  // it is muted already
  if (!touchable(turn)) return;
  Aim aim = aim_by(turn.asked.origin);
  aim.mute = request.on;
  touch(Channel::mute, std::move(EventData().flag("value", request.on)), std::move(aim), turn);
}

void Session::Machine::take(const request::SetSource& request, Turn& turn) {
  if (!touchable(turn)) return;
  if (!is_source_id(request.id)) return answer(turn, Verdict::refused, source_id_rule);
  Aim aim = aim_by(turn.asked.origin);
  aim.source = request.id;
  touch(Channel::source, std::move(EventData().text("value", request.id)), std::move(aim), turn);
}

void Session::Machine::take(const request::Undo&, Turn& turn) {
  if (!touchable(turn)) return;
  if (!undo_ || turn.now.steady > undo_->until)
    return answer(turn, Verdict::conflict, "nothing was changed by hand in the last 10 s");
  const Undoable change = *undo_;
  undo_.reset();
  note("undo", EventData().text("channel", name_of(change.channel)).by(turn.asked), turn.out);
  if (change.channel == Channel::mute || change.was_manual || !on_) return restore(change, turn);
  hand_back(change.channel, turn);
}

void Session::Machine::restore(const Undoable& change, Turn& turn) {
  if (change.channel != Channel::mute) manual_[static_cast<std::size_t>(change.channel)] = change.was_manual;
  Aim aim = aim_by(turn.asked.origin);
  aim.light_glide_s = aim.volume_glide_s = undo_glide_s;
  switch (change.channel) {
    case Channel::light:
      aim.light = LightScene{change.before.light.level, allowed_cct(change.before.light.cct_k)};
      break;
    case Channel::volume:
      aim.volume = change.before.volume;
      break;
    case Channel::tempo:
      aim.tempo_bpm = change.before.tempo_bpm;
      break;
    case Channel::mute:
      aim.mute = change.before.mute;
      break;
    case Channel::source:
      if (!change.before.source.empty()) aim.source = change.before.source;
      break;
  }
  keep(aim);
  turn.out.aims.push_back(std::move(aim));
}

void Session::Machine::take(const request::Release& request, Turn& turn) {
  if (!touchable(turn)) return;
  const std::optional<Channel> channel = channel_from(request.channel);
  if (!channel) return answer(turn, Verdict::unknown, "channels are light, volume, tempo, source");
  if (!is_manual(*channel)) return;
  note("release", EventData().text("channel", request.channel).by(turn.asked), turn.out);
  hand_back(*channel, turn);
}

// Back to what the programme wants of the channel now; without a session, light goes back to rest.
void Session::Machine::hand_back(Channel channel, Turn& turn) {
  manual_[static_cast<std::size_t>(channel)] = false;
  Programme named;
  const Programme& wants = held() ? on_->follow.held : programme_;
  if (channel == Channel::light) named.light = wants.light.value_or(config_.safe_light);
  if (channel == Channel::volume) named.volume = wants.volume;
  if (channel == Channel::tempo) named.tempo_bpm = wants.tempo_bpm;
  const bool runs = on_ && mode_ != RoomMode::paused;
  const std::string& own = on_ && !on_->preset.source.empty() ? on_->preset.source : found_source_;
  if (channel == Channel::source && runs && !own.empty()) {
    Aim source = aim_by(turn.asked.origin);
    source.source = own;
    keep(source);
    turn.out.aims.push_back(std::move(source));
    return;
  }
  Aim aim = runs ? programme_aim(named, turn.now.steady) : aim_by(turn.asked.origin);
  if (!runs && channel == Channel::light) {
    aim.light = config_.safe_light;
    aim.light_glide_s = undo_glide_s;
  }
  if (held()) {  // it goes to where the others are held
    aim.light = named.light;
    aim.volume = named.volume;
    aim.tempo_bpm = named.tempo_bpm;
    aim.light_glide_s = aim.volume_glide_s = undo_glide_s;
  }
  aim.origin = turn.asked.origin;
  keep(aim);
  turn.out.aims.push_back(std::move(aim));
}

}  // namespace rytme::session
