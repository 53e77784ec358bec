// SPDX-License-Identifier: Apache-2.0
#include "controller/safety/sound_track.hpp"

#include <algorithm>
#include <cmath>

#include "controller/room/source.hpp"
#include "controller/safety/last_stage.hpp"

namespace rytme::safety {
namespace {

constexpr double quiet = 0.01;  // amplitude of -40 dB: where every sound begins
constexpr double quiet_db = -40.0;
constexpr double fade_in_s = 3.0;      // at least, from quiet to the wanted volume
constexpr double volume_step_s = 0.2;  // 1.2 dB a step at 6 dB/s
constexpr double tempo_step_s = 1.0;
constexpr double longest_tempo_step_s = 10.0;
constexpr double tempo_grain_bpm = 0.25;  // finer steps are not heard
constexpr double unnamed_volume = 0.3;    // when a preset plays without naming a volume
constexpr double unnamed_bpm = 60;        // or a tempo: of one left unsaid nobody knows how far the next is
constexpr double quiet_within = 0.005;    // a report this near is ours, rounded
constexpr double quiet_wait_s = 1.0;
constexpr int quiet_tries = 5;

double decibels(double amplitude) { return 20.0 * std::log10(std::max(amplitude, quiet)); }
double amplitude(double db) { return std::pow(10.0, db / 20.0); }
double share_of(double duration, double left) { return left > duration ? duration / left : 1.0; }

template <class T>
void take(std::optional<T>& wanted, const std::optional<T>& aimed) {
  if (aimed) wanted = aimed;
}

}  // namespace

void SoundTrack::aim(const Aim& aim, Instant now) {
  if (!aim.volume && !aim.tempo_bpm && !aim.mute && !aim.play && !aim.source) return;
  if (aim.volume) volume_end_ = now + seconds(aim.volume_glide_s);
  if (aim.tempo_bpm) tempo_end_ = now + seconds(aim.tempo_glide_s);
  take(wanted_.volume, aim.volume);
  take(wanted_.bpm, aim.tempo_bpm);
  take(wanted_.mute, aim.mute);
  take(wanted_.play, aim.play);
  take(wanted_.source, aim.source);
  if (aim.tempo_bpm) keep_phase_s_ = aim.beat_delay_s;
  changed(aim.origin, now);
}

void SoundTrack::changed(const std::string& origin, Instant now) {
  origin_ = origin;
  if (!changed_at_) changed_at_ = now;
}

void SoundTrack::stop(const std::string& origin, Instant now) {
  wanted_ = State{std::nullopt, std::nullopt, true, told_.play, told_.source};
  // Said again, whatever it was; and what a stop overtakes on its way is never heard.
  told_.mute.reset();
  told_.bpm.reset();
  told_.source.reset();
  quiet_by_.reset();
  changed(origin, now);
}

void SoundTrack::reassert(Instant now) {
  told_ = State{};
  quiet_by_.reset();
  if (!wanted_.play) wanted_.play = false;  // nobody has asked for sound since we began: it may still play
  changed(origin_, now);
}

void SoundTrack::came_late(Instant now) {
  next_tempo_ = std::max(next_tempo_, now + seconds(tempo_step_s));
  next_volume_ = now + seconds(volume_step_s);
}

void SoundTrack::observed_volume(double volume, Instant now) {
  reported_volume_ = volume;
  if (quiet_by_ && volume <= quiet + quiet_within) quiet_by_ = now;
}

double SoundTrack::target_volume() const {
  return std::min(wanted_.volume.value_or(told_.volume.value_or(unnamed_volume)), limits_.volume_max);
}

bool SoundTrack::tells_other_source() const {
  return wanted_.source && (!told_.source || parts_of(*wanted_.source).name != parts_of(*told_.source).name);
}

bool SoundTrack::volume_moves() const { return audible_wanted() && told_.volume != target_volume(); }

bool SoundTrack::tempo_moves() const { return wanted_.bpm && told_.bpm != wanted_.bpm; }

std::vector<Setting> SoundTrack::due(Instant now) {
  std::vector<Setting> out;
  const bool begins = audible_wanted() && !audible_told();
  const bool other_source = tells_other_source() && !wanted_.mute.value_or(false);
  if (changed_at_) add_silence(out);
  changed_at_.reset();
  // A player that was out of sight may still be heard: quiet comes before another tempo.
  const bool from_quiet = audible_wanted() && (begins || other_source);
  if (!from_quiet) quiet_by_.reset();
  if (from_quiet && !is_quiet(out, now)) return out;
  add_tempo(out, now);
  if (begins || other_source) add_start(out, now);
  if (!wanted_.mute.value_or(false)) add_track(out);
  if (!begins) add_volume_step(out, now);
  return out;
}

void SoundTrack::add_silence(std::vector<Setting>& out) {
  if (wanted_.mute.value_or(false) && told_.mute != true) out.push_back({Capability::player_mute, 1.0, ""});
  if (wanted_.play == false && told_.play != false) out.push_back({Capability::player_play, 0.0, ""});
  if (wanted_.mute.value_or(false)) told_.mute = true;
  if (wanted_.play == false) told_.play = false;
  const bool unmute_unheard = wanted_.mute == false && told_.mute != false && told_.play == false;
  if (!unmute_unheard) return;
  out.push_back({Capability::player_mute, 0.0, ""});
  told_.mute = false;
}

// A change nobody hears may be made at once; one in running music creeps.
void SoundTrack::add_tempo(std::vector<Setting>& out, Instant now) {
  if (!wanted_.bpm || told_.bpm == wanted_.bpm) return;
  const bool heard = told_.play.value_or(false) && told_.bpm;
  if (heard && now < next_tempo_) return;
  const double pause_s = heard ? tempo_pause_s(now) : tempo_step_s;
  begin_beat(now);
  told_.bpm = heard ? next_bpm(pause_s, now) : *wanted_.bpm;
  next_tempo_ = now + seconds(pause_s);
  out.push_back({Capability::player_bpm, *told_.bpm, ""});
  if (heard && keep_phase_s_) add_phase(out, now);
}

// The beat so far ran at the tempo told before.
void SoundTrack::begin_beat(Instant now) {
  beat_phase_ = beat(now).value_or(Beat{}).phase;
  beat_at_ = now;
}

std::optional<Beat> SoundTrack::beat(Instant now) const {
  if (!audible_told()) return std::nullopt;
  const double bpm = told_.bpm.value_or(unnamed_bpm);  // sound never begins without a tempo
  const double beats = beat_phase_ + seconds_between(beat_at_, now) * bpm / 60.0;
  return Beat{bpm, beats - std::floor(beats)};
}

// Where the beat is when the player takes it up, so that what is heard is where it should be.
void SoundTrack::add_phase(std::vector<Setting>& out, Instant now) {
  const double ahead = beat(now).value_or(Beat{}).phase + *keep_phase_s_ * *told_.bpm / 60.0;
  out.push_back({Capability::player_phase, ahead - std::floor(ahead), ""});
}

double SoundTrack::tempo_pause_s(Instant now) const {
  const double steps = std::abs(*wanted_.bpm - *told_.bpm) / tempo_grain_bpm;
  const double pause = seconds_between(now, tempo_end_) / std::max(1.0, steps);
  return std::clamp(pause, tempo_step_s, longest_tempo_step_s);
}

double SoundTrack::next_bpm(double pause_s, Instant now) const {
  static_assert(tempo_share_per_s * tempo_high_bpm <= rytme::tempo_bpm_per_s);  // which holds by itself then
  const double most = std::min(limits_.tempo_bpm_per_s, tempo_share_per_s * *told_.bpm) * tempo_step_s;
  const double share = share_of(pause_s, seconds_between(now, tempo_end_));
  const double wanted = std::lerp(*told_.bpm, *wanted_.bpm, share);
  return std::clamp(wanted, *told_.bpm - most, *told_.bpm + most);
}

// One that never says its volume, or does not say so however often it is told, is believed.
bool SoundTrack::is_quiet(std::vector<Setting>& out, Instant now) {
  if (quiet_by_ && now < *quiet_by_) return false;
  const bool says_so = reported_volume_ && *reported_volume_ <= quiet + quiet_within;
  if (quiet_by_ && (says_so || quiet_told_ == quiet_tries)) {
    begin_fade_in(now);
    quiet_by_.reset();
    return true;
  }
  quiet_told_ = quiet_by_ ? quiet_told_ + 1 : 1;
  add_quiet(out, now);
  if (says_so || !reported_volume_) return true;
  quiet_by_ = now + seconds(quiet_wait_s);
  return false;
}

// From silence, or to another source: quiet first, then the sound, then the fade in.
void SoundTrack::add_quiet(std::vector<Setting>& out, Instant now) {
  if (!wanted_.volume) wanted_.volume = target_volume();
  if (!wanted_.bpm) wanted_.bpm = unnamed_bpm;
  told_.volume = std::min(quiet, target_volume());
  out.push_back({Capability::player_volume, *told_.volume, ""});
  begin_fade_in(now);
}

void SoundTrack::begin_fade_in(Instant now) {
  fade_in_end_ = now + seconds(fade_in_s);
  next_volume_ = now + seconds(volume_step_s);
}

void SoundTrack::add_start(std::vector<Setting>& out, Instant now) {
  if (tells_other_source()) {
    told_.source = parts_of(*wanted_.source).name;
    out.push_back({Capability::player_source, 0.0, *told_.source});
  }
  if (!audible_wanted()) return;
  if (told_.play != true) out.push_back({Capability::player_play, 1.0, ""});
  if (told_.mute != false) out.push_back({Capability::player_mute, 0.0, ""});
  if (!audible_told()) {  // it begins with its sound
    beat_at_ = now;
    beat_phase_ = 0;
  }
  told_.play = true;
  told_.mute = false;
}

// From one track to another the player crossfades by itself.
void SoundTrack::add_track(std::vector<Setting>& out) {
  if (!wanted_.source || wanted_.source == told_.source) return;
  const auto track = parts_of(*wanted_.source).track;
  if (!track.empty()) out.push_back({Capability::player_track, 0.0, std::string(track)});
  told_.source = wanted_.source;
}

void SoundTrack::add_volume_step(std::vector<Setting>& out, Instant now) {
  if (!volume_moves() || now < next_volume_) return;
  told_.volume = next_volume(now);
  next_volume_ = now + seconds(volume_step_s);
  out.push_back({Capability::player_volume, *told_.volume, ""});
}

double SoundTrack::next_volume(Instant now) const {
  const double target = target_volume();
  const double here = *told_.volume;
  const double share = share_of(volume_step_s, seconds_between(now, volume_end_));
  if (target <= here) return std::lerp(here, target, share);
  const double from_db = decibels(here);
  const double wanted = share < 1 ? amplitude(std::lerp(from_db, decibels(target), share)) : target;
  const bool fading_in = now < fade_in_end_;
  const double rise = std::min(limits_.sound_rise_db_per_s, rytme::sound_rise_db_per_s);
  const double rate = fading_in ? std::min(rise, (decibels(target) - quiet_db) / fade_in_s) : rise;
  return std::min(wanted, amplitude(from_db + rate * volume_step_s));
}

Instant SoundTrack::next_wake() const {
  if (changed_at_) return *changed_at_;
  if (quiet_by_) return *quiet_by_;
  Instant wake = Instant::max();
  if (volume_moves()) wake = next_volume_;
  if (tempo_moves()) wake = std::min(wake, next_tempo_);
  return wake;
}

}  // namespace rytme::safety
