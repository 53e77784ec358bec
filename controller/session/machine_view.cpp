// SPDX-License-Identifier: Apache-2.0
// What the session shows of itself, and the aims it makes.
#include <algorithm>
#include <utility>

#include "controller/session/machine.hpp"

namespace rytme::session {
namespace {

constexpr double resting_glide_s = 20.0;  // back to safe light when a session is over

}  // namespace

double Session::Machine::remaining_s(Instant now) const {
  if (!on_) return 0.0;
  const Instant then = mode_ == RoomMode::paused ? on_->began + seconds(on_->elapsed_s) : now;
  double left = std::max(0.0, seconds_between(then, on_->phase_ends));
  for (std::size_t i = on_->phase + 1; i < on_->lengths_s.size(); ++i) left += on_->lengths_s[i];
  return left;
}

void Session::Machine::describe(RoomState& state, Now now) const {
  const bool paused = mode_ == RoomMode::paused;
  state.mode = mode_;
  state.phase = on_ ? on_->preset.phases[on_->phase].id : "";
  state.preset = on_ ? on_->preset.id : "";
  state.session = session_id();
  const Instant since = on_ ? on_->began : mode_since_;
  state.since_s = since == Instant{} ? 0.0 : seconds_between(since, now.steady);  // never changed: no age
  if (on_ && paused) state.since_s = on_->elapsed_s;
  state.remaining_s = remaining_s(now.steady);
  state.recording = on_ && on_->recording;  // what was chosen, also while nothing is kept yet
  state.participant_named = !participant().empty();
  state.participant_change = on_ ? on_->participant_change : 0;
  state.rate_after_s = rate_after_s(now.steady);
  state.undo = {};
  if (undo_ && now.steady <= undo_->until)
    state.undo = {std::string(name_of(undo_->channel)), seconds_between(now.steady, undo_->until)};
  state.light.target = aimed_.light.level;
  state.light.cct_k = aimed_.light.cct_k;
  state.safe_light = config_.safe_light;
  state.tempo_bpm = aimed_.play ? aimed_.tempo_bpm : std::nullopt;
  state.volume = aimed_.volume;
  state.muted = aimed_.mute;
  state.source = aimed_.source;
  state.origin = origin_;
  state.follow = {};
  if (on_)
    state.follow = {on_->follow.pace, on_->follow.swing,
                    on_->follow.pace ? std::string(name_of(on_->follow.pacer.step())) : "",
                    on_->follow.beats};
  state.manual.clear();
  for (std::size_t i = 0; i < manual_channels; ++i)
    if (manual_[i]) state.manual.emplace_back(name_of(static_cast<Channel>(i)));
}

Aim Session::Machine::aim_by(std::string origin) const {
  Aim aim;
  aim.direction = on_ ? on_->preset.direction : Direction::neutral;
  aim.origin = std::move(origin);
  return aim;
}

Aim Session::Machine::resting_aim(std::string origin) {
  Aim aim = aim_by(std::move(origin));
  aim.light = config_.safe_light;
  aim.light_glide_s = resting_glide_s;
  aim.play = false;
  keep(aim);
  return aim;
}

// `named` without the channels in people's hands or following something; tempo glides over what is left of
// the phase.
Aim Session::Machine::programme_aim(const Programme& named, Instant now) {
  Aim aim = aim_by("preset");
  const double glide_s = on_->preset.phases[on_->phase].glide_s;
  if (!is_manual(Channel::light) && !held()) aim.light = named.light;
  if (!is_manual(Channel::volume) && !held()) aim.volume = named.volume;
  const bool tempo_is_free = !is_manual(Channel::tempo) && !held() && on_->follow.beats == 0;
  if (tempo_is_free) aim.tempo_bpm = named.tempo_bpm;
  aim.light_glide_s = aim.volume_glide_s = glide_s;
  aim.tempo_glide_s = std::max(0.0, seconds_between(now, on_->phase_ends));
  keep(aim);
  return aim;
}

}  // namespace rytme::session
