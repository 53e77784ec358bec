// SPDX-License-Identifier: Apache-2.0
#include "controller/player/engine.hpp"

#include <algorithm>
#include <utility>

namespace rytme::player {

void Engine::play(bool on) {
  playing_ = on;
  aim_volume();
}

void Engine::mute(bool on) {
  muted_ = on;
  aim_volume();
}

void Engine::volume(double amplitude) {
  volume_ = std::clamp(amplitude, 0.0, 1.0);
  aim_volume();
}

// From nothing heard to something: the tempo and the source are what is wanted, the first beat is now.
void Engine::aim_volume() {
  if (audible() && fader_.silent()) {
    clock_.restart();
    change_unheard();
  }
  fader_.aim(audible() ? volume_ : 0);
}

// A track must be told its speed ahead, so the beat waits for it.
void Engine::tempo(double bpm) {
  clock_.aim(bpm, deck_ && deck_->fade().aimed_on() ? deck_->speed_delay_s() : 0);
  if (!heard()) clock_.restart();
}

void Engine::source(Source wanted) {
  source_ = wanted;
  if (!heard()) change_unheard();
}

void Engine::cue(std::unique_ptr<TrackSource> source, TrackFacts facts) {
  cued_ = source ? std::make_unique<Deck>(std::move(source), std::move(facts)) : nullptr;
}

void Engine::follow(double phase, double output_delay_s) {
  const double then = phase + (through_s + output_delay_s) * clock_.wanted_bpm() / 60;
  heard() ? clock_.follow(then) : clock_.follow_at_once(then);
}

bool Engine::track_waits() {
  return source_.kind == SourceKind::library && cued_ && cued_->health() == TrackSource::Health::ready;
}

void Engine::begin_track() {
  leaving_ = std::move(deck_);
  if (leaving_) leaving_->fade().aim(false);
  deck_ = std::move(cued_);
}

// What sounds becomes what is wanted. Where a track ends or breaks with none behind it, or none can be had,
// the pulse goes on.
void Engine::aim_fades() {
  const bool library = source_.kind == SourceKind::library;
  const bool over = deck_ ? deck_->over() : cued_ == nullptr;
  if (source_.kind == SourceKind::pulse) timbre_ = source_.timbre;
  if (deck_) deck_->fade().aim(library && !over);
  if (source_.kind == SourceKind::pulse || (library && over)) pulse_fade_.aim(true);
  if (source_.kind == SourceKind::silence || (library && deck_ && !over)) pulse_fade_.aim(false);
}

void Engine::change_unheard() {
  if (track_waits()) begin_track();
  aim_fades();
  pulse_fade_.jump(pulse_fade_.aimed_on());
  if (deck_) deck_->fade().jump(deck_->fade().aimed_on());
  leaving_.reset();
  pulse_.hush();
}

void Engine::begin_beat(std::size_t at) {
  if (track_waits()) {
    begin_track();
    deck_->fill(at, clock_);
  }
  aim_fades();
  if (!pulse_fade_.off()) pulse_.strike(timbre_);
}

Frame Engine::mixed(std::size_t at) {
  const auto stroke = static_cast<float>(pulse_fade_.next() * nominal_stroke) * pulse_.next();
  Frame sum{stroke, stroke};
  for (auto* deck : {deck_.get(), leaving_.get()}) {
    if (deck == nullptr) continue;
    const auto frame = deck->next(at);
    sum.left += frame.left;
    sum.right += frame.right;
  }
  const auto gain = static_cast<float>(fader_.next());
  return {sum.left * gain, sum.right * gain};
}

void Engine::render(Block& out) {
  for (auto* deck : {&deck_, &leaving_}) {
    if (*deck && (*deck)->fade().off()) deck->reset();
    if (*deck && playing_) (*deck)->fill(0, clock_);
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (clock_.step() && heard()) begin_beat(i);
    out[i] = mixed(i);
  }
  limits_.process(out);
}

Engine::State Engine::state() {
  State state;
  state.heard = !fader_.silent();
  state.bpm = clock_.bpm();
  state.phase = clock_.phase();
  state.volume = fader_.now();
  if (deck_ && deck_->fade().aimed_on()) {
    state.track = deck_->facts().id;
    state.track_left_s = deck_->left_s();
  }
  if (deck_ && deck_->health() == TrackSource::Health::broken) state.broken = deck_->facts().id;
  state.cued = cued_ != nullptr;
  if (cued_ && cued_->over()) state.broken = cued_->facts().id;
  state.limit_gain = limits_.gain();
  return state;
}

}  // namespace rytme::player
