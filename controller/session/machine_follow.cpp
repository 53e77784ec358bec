// SPDX-License-Identifier: Apache-2.0
// Following: the index changes the programme's pace, the swing its tempo.
#include <algorithm>
#include <utility>

#include "controller/session/machine.hpp"
#include "controller/session/programme.hpp"

namespace rytme::session {
namespace {

constexpr double pace_period_s = 1;
constexpr std::chrono::milliseconds swing_period{250};
constexpr double hold_glide_s = 1;
constexpr double lead_down_s = 120;

}  // namespace

void Session::Machine::take(const request::SetFollow& request, Turn& turn) {
  if (!session_on(turn)) return;
  if (mode_ == RoomMode::paused) return answer(turn, Verdict::conflict, "the session is paused");
  Following& follow = on_->follow;
  const bool pace = request.pace.value_or(follow.pace);
  const bool swing = request.swing.value_or(follow.swing);
  if (pace == follow.pace && swing == follow.swing) return;
  note("follow_set", EventData().flag("pace", pace).flag("swing", swing).by(turn.asked), turn.out);
  const bool freed = follow.swing && !swing && follow.beats != 0;
  const bool let_go = follow.pace && !pace && held();
  if (pace != follow.pace) follow.pacer = PaceFollow(on_->preset.direction);
  if (!swing) follow.lock = {}, follow.beats = 0;
  follow.pace = pace;
  follow.swing = swing;
  follow.next_pace = pace ? turn.now.steady : Instant::max();
  follow.next_swing = swing ? turn.now.steady : Instant::max();
  if (let_go) turn.out.aims.push_back(programme_aim(programme_, turn.now.steady));
  if (freed) aim_tempo(turn.out, turn.now);
}

bool Session::Machine::held() const {
  return on_ && on_->follow.pace && mode_ == RoomMode::running &&
         on_->follow.pacer.step() >= PaceFollow::Step::hold;
}

void Session::Machine::follow(const Senses& senses, Decision& out, Now now) {
  Following& follow = on_->follow;
  const bool lead = mode_ == RoomMode::running;
  if (follow.pace && now.steady >= follow.next_pace) {
    follow.next_pace = now.steady + seconds(pace_period_s);
    if (lead) follow_pace(senses, out, now);
  }
  if (follow.swing && now.steady >= follow.next_swing) {
    follow.next_swing = now.steady + swing_period;
    follow_swing(senses, out, now);
  }
}

// What is followed is the body's: without recording nothing of it is in the record, not even that it changed.
void Session::Machine::note_follow(const EventData& data, Decision& out) const {
  if (on_->recording) note("follow", data, out);
}

void Session::Machine::follow_pace(const Senses& senses, Decision& out, Now now) {
  PaceFollow& pacer = on_->follow.pacer;
  const bool was_held = held();
  if (const auto decision = pacer.step(senses.arousal, now.steady)) {
    EventData data;
    data.text("what", "pace").text("step", name_of(decision->step)).number("rate", decision->rate);
    data.text("reason", decision->reason).text("origin", "follow");
    if (senses.arousal.level)
      data.number("level", *senses.arousal.level).number("confidence", senses.arousal.confidence);
    if (senses.arousal.index) data.number("index", *senses.arousal.index);
    note_follow(data, out);
    if (held()) aim_held(decision->step, senses, out, now);
    if (was_held && !held()) out.aims.push_back(programme_aim(programme_, now.steady));
    if (!was_held && decision->step == PaceFollow::Step::programme) aim_tempo(out, now);
  }
  const auto& tempo = on_->preset.phases[on_->phase].tempo;
  if (tempo && tempo->lead && pacer.rate() < 1) slow_down(pacer.rate(), out, now);
}

void Session::Machine::aim_held(PaceFollow::Step step, const Senses& senses, Decision& out, Now now) {
  Aim aim = aim_by("follow");
  double level = senses.light_now;
  double volume = senses.volume_now;
  double bpm = senses.tempo_now.value_or(programme_bpm(now.steady));
  aim.light_glide_s = hold_glide_s;
  if (step == PaceFollow::Step::lead_down) {
    const Phase& first = on_->preset.phases.front();
    if (first.light) level = std::min(level, first.light->level);
    volume = std::min(volume, first.volume.value_or(volume));
    if (first.tempo) bpm = std::min(bpm, tempo_goal(*first.tempo, std::nullopt, std::nullopt, bpm));
    aim.direction = Direction::down;
    aim.light_glide_s = aim.tempo_glide_s = lead_down_s;
  }
  aim.volume_glide_s = aim.light_glide_s;
  on_->follow.held = Programme{LightScene{level, 0}, volume, bpm};
  if (!is_manual(Channel::light)) aim.light = on_->follow.held.light;
  if (!is_manual(Channel::volume)) aim.volume = volume;
  if (!is_manual(Channel::tempo) && on_->follow.beats == 0) aim.tempo_bpm = bpm;
  keep(aim);
  out.aims.push_back(std::move(aim));
}

// A second of the lead at `rate` of its own pace: the rest of it is later by what was not gone. The time
// comes out of the phase that takes what is left; when that is used up, the lead goes on at its own pace.
void Session::Machine::slow_down(double rate, Decision& out, Now now) {
  const std::size_t last = on_->lengths_s.size() - 1;
  std::size_t open = on_->phase + 1;
  while (open < last && on_->preset.phases[open].minutes) ++open;
  if (open >= last || !on_->tempo) return;
  const double took_s = std::min((1 - rate) * pace_period_s, on_->lengths_s[open]);
  if (took_s <= 0) return aim_tempo(out, now);
  on_->lengths_s[open] -= took_s;
  on_->lengths_s[on_->phase] += took_s;
  on_->phase_ends += seconds(took_s);
  on_->tempo->start += seconds(took_s);
  on_->tempo->end += seconds(took_s);
  if (held() || is_manual(Channel::tempo) || on_->follow.beats != 0) return;
  Aim aim = aim_by("follow");  // how slowly it goes says how the body is
  aim.tempo_bpm = programme_bpm(now.steady + seconds(rate * pace_period_s));
  aim.tempo_glide_s = pace_period_s;
  keep(aim);
  out.aims.push_back(std::move(aim));
}

// The programme's tempo from here, at its present pace.
void Session::Machine::aim_tempo(Decision& out, Now now) {
  Programme tempo_only;
  tempo_only.tempo_bpm = programme_.tempo_bpm;
  out.aims.push_back(programme_aim(tempo_only, now.steady));
  out.aims.back().origin = "follow";
}

void Session::Machine::follow_swing(const Senses& senses, Decision& out, Now now) {
  Following& follow = on_->follow;
  const bool may = senses.tempo_now && on_->tempo && !is_manual(Channel::tempo) && !held();
  SwingLock::Input input{may ? senses.swing : std::nullopt, programme_bpm(now.steady), senses.beat_phase};
  const auto decision = follow.lock.step(input);
  follow.beats = decision.beats;
  if (decision.changed) {
    EventData data;
    data.text("what", "swing").flag("locked", decision.locked).text("reason", decision.reason);
    data.number("programme_bpm", input.programme_bpm).text("origin", "follow");
    if (decision.locked) data.number("beats_per_swing", decision.beats);
    if (senses.swing) data.number("swing_hz", senses.swing->hz);
    note_follow(data, out);
    if (!decision.locked) return aim_tempo(out, now);
  }
  if (!decision.locked) return;
  Aim aim = aim_by("follow");
  aim.tempo_bpm = decision.bpm;
  aim.beat_delay_s = config_.beat_delay_s;
  keep(aim);
  out.aims.push_back(std::move(aim));
}

}  // namespace rytme::session
