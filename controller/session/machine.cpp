// SPDX-License-Identifier: Apache-2.0
// The session's course: every request's way in, the phases, the close.
#include "controller/session/machine.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "controller/session/dose.hpp"
#include "controller/session/programme.hpp"

namespace rytme::session {
namespace {

EventData by_itself() { return std::move(EventData().text("origin", "preset")); }

}  // namespace

Session::Machine::Machine(Config config) : config_(std::move(config)) { aimed_.light = config_.safe_light; }

Decision Session::Machine::handle(const Asked& asked, const Senses& senses, Now now) {
  Turn turn{asked, senses, now, {}};
  const bool is_stop = std::holds_alternative<request::StopAll>(asked.what);
  if (asked.expires < now.steady && !is_stop)
    answer(turn, Verdict::late, "it came too late and was not carried out");
  else
    std::visit([&](const auto& request) { take(request, turn); }, asked.what);
  const bool changed =
      turn.out.answer.verdict == Verdict::done || turn.out.answer.verdict == Verdict::created;
  if (changed) origin_ = asked.origin;
  return std::move(turn.out);
}

void Session::Machine::answer(Turn& turn, Verdict verdict, std::string_view detail) {
  turn.out.answer.verdict = verdict;
  turn.out.answer.detail = detail;
}

bool Session::Machine::may(Event event, Turn& turn) const {
  const Transition& step = transition(mode_, event);
  if (!step.to) answer(turn, Verdict::conflict, step.reason);
  return step.to.has_value();
}

bool Session::Machine::session_on(Turn& turn) const {
  if (!on_) answer(turn, Verdict::conflict, "no session is on");
  return on_.has_value();
}

bool Session::Machine::move(Event event, EventData cause, Decision& out, Now now) {
  const Transition& step = transition(mode_, event);
  if (!step.to) return false;
  cause.text("from", rytme::name_of(mode_)).text("to", rytme::name_of(*step.to));
  cause.text("event", name_of(event)).text("reason", step.reason);
  note("state", cause, out, event == Event::stop || event == Event::reset || event == Event::fault);
  if (mode_ != *step.to) mode_since_ = now.steady;
  mode_ = *step.to;
  return true;
}

void Session::Machine::add(decltype(JournalEntry::what) what, bool urgent, const std::string& session,
                           Decision& out) const {
  out.entries.push_back({0, {}, session, urgent, std::move(what)});
}

void Session::Machine::note(std::string kind, const EventData& data, Decision& out, bool urgent) const {
  add(entry::Event{std::move(kind), data.json()}, urgent, session_id(), out);
}

const std::string& Session::Machine::session_id() const {
  static const std::string none;
  return on_ ? on_->id : none;
}

const Preset* Session::Machine::preset_of(std::string_view id) const {
  const auto found = std::find_if(config_.presets.begin(), config_.presets.end(), [&](const Preset& preset) {
    return preset.id == id && !preset.phases.empty();
  });
  return found == config_.presets.end() ? nullptr : &*found;
}

// Places the session at elapsed_s of its programme; nothing is aimed yet.
void Session::Machine::lay_out(On session, double elapsed_s) {
  session.lengths_s = phase_seconds(session.preset, config_.session_max_min);
  session.end_reason = is_cut(session.preset, config_.session_max_min) ? "max_length" : "finished";
  session.elapsed_s = elapsed_s;
  double end_s = session.lengths_s.front();
  while (session.phase + 1 < session.lengths_s.size() && elapsed_s >= end_s)
    end_s += session.lengths_s[++session.phase];
  session.phase_ends = session.began + seconds(end_s);
  manual_.fill(false);
  undo_.reset();
  programme_ = {};
  on_ = std::move(session);
}

// What the present phase names; it becomes the programme, the rest stays as it was.
Session::Machine::Programme Session::Machine::enter_phase(const Senses& senses) {
  const Phase& phase = on_->preset.phases[on_->phase];
  const Instant began = on_->phase_ends - seconds(on_->lengths_s[on_->phase]);
  Programme named{phase.light, phase.volume, std::nullopt};
  if (phase.light_is_safe) named.light = config_.safe_light;
  if (phase.tempo) {
    named.tempo_bpm = tempo_goal(*phase.tempo, senses.pulse_bpm, on_->pulse_at_start, aimed_.tempo_bpm);
    const double from = on_->tempo ? programme_bpm(began) : *named.tempo_bpm;
    on_->tempo = TempoRamp{from, *named.tempo_bpm, began, on_->phase_ends};
  }
  // It has the phase's light first, and breathes out from there.
  on_->breathing = Breathing{2, phase.breath ? began + seconds(phase.glide_s) : Instant::max()};
  programme_.take(named);
  return named;
}

// The whole programme up to the present phase anew.
void Session::Machine::enter_phases_again(const Senses& senses) {
  programme_ = {};
  on_->tempo.reset();
  const std::size_t present = on_->phase;
  for (on_->phase = 0; on_->phase < present; ++on_->phase) enter_phase(senses);
  if (on_->tempo) on_->tempo->from = on_->tempo->to;
  enter_phase(senses);
}

double Session::Machine::programme_bpm(Instant now) const {
  if (!on_->tempo) return aimed_.tempo_bpm.value_or(0.0);
  const TempoRamp& ramp = *on_->tempo;
  const double whole_s = seconds_between(ramp.start, ramp.end);
  const double share = whole_s > 0 ? std::clamp(seconds_between(ramp.start, now) / whole_s, 0.0, 1.0) : 1.0;
  return ramp.from + (ramp.to - ramp.from) * share;
}

// The light's next turn, and those that were missed with it.
void Session::Machine::breathe(Decision& out, Instant now) {
  const Phase& phase = on_->preset.phases[on_->phase];
  if (!phase.breath || !phase.light || mode_ != RoomMode::running) return;
  const std::array<double, 4> lasts_s{phase.breath->in_s, phase.breath->hold_s, phase.breath->out_s,
                                      phase.breath->rest_s};
  Breathing& breathing = on_->breathing;
  std::optional<double> level;
  for (; breathing.at <= now; breathing.side = (breathing.side + 1) % lasts_s.size()) {
    if (breathing.side == 0) level = phase.light->level;
    if (breathing.side == 2) level = phase.breath->low;
    breathing.at += seconds(lasts_s.at(breathing.side));
  }
  if (!level) return;
  programme_.light = LightScene{*level, phase.light->cct_k};
  if (is_manual(Channel::light) || held()) return;
  Aim aim = aim_by("preset");
  aim.light = programme_.light;
  aim.light_glide_s = seconds_between(now, breathing.at);
  keep(aim);
  out.aims.push_back(std::move(aim));
}

// Another dose for the session that is on: for what is left of it, from the phase that it is in.
void Session::Machine::adopt(const Variant& variant, Decision& out, const Senses& senses, Now now) {
  if (variant == on_->variant) return;
  on_->variant = variant;
  on_->preset = dosed(on_->as_read, variant);
  note_variant(out);
  if (mode_ == RoomMode::stopping) return;
  on_->lengths_s = phase_seconds(on_->preset, config_.session_max_min);
  on_->end_reason = is_cut(on_->preset, config_.session_max_min) ? "max_length" : "finished";
  double end_s = 0;
  for (std::size_t i = 0; i <= on_->phase; ++i) end_s += on_->lengths_s[i];
  on_->phase_ends = on_->began + seconds(end_s);
  if (mode_ == RoomMode::paused) return;
  if (close_in_time(out, now)) return;
  enter_phases_again(senses);
  out.aims.push_back(programme_aim(programme_, now.steady));
  // Also of a light in somebody's hands: what is not allowed does not stay.
  const double cct_k = allowed_cct(aimed_.light.cct_k);
  if (cct_k != aimed_.light.cct_k) {
    out.aims.back().light = LightScene{aimed_.light.level, cct_k};
    keep(out.aims.back());
  }
  if (on_->preset.source.empty() || is_manual(Channel::source)) return;
  out.aims.back().source = on_->preset.source;
  keep(out.aims.back());
}

void Session::Machine::note_phase(Decision& out) const {
  if (on_->follow.pace && !on_->recording) return;  // when it comes says how the body was
  EventData data;
  data.text("phase", on_->preset.phases[on_->phase].id).text("origin", "preset");
  data.number("seconds", on_->lengths_s[on_->phase]);
  note("phase", data, out);
}

Decision Session::Machine::tick(const Senses& senses, Now now) {
  Decision out;
  if (mode_ == RoomMode::starting) move(Event::begun, by_itself(), out, now);
  if (mode_ == RoomMode::paused && now.steady >= paused_until()) {
    finish("max_length", out, now);
    return out;
  }
  Programme named;
  bool moved = false;
  while (on_ && mode_ != RoomMode::paused && now.steady >= on_->phase_ends) {
    if (on_->phase + 1 == on_->lengths_s.size()) {
      finish(on_->end_reason, out, now);
      return out;
    }
    on_->phase_ends += seconds(on_->lengths_s[++on_->phase]);
    if (on_->phase + 1 == on_->lengths_s.size() && has_close()) move(Event::close, by_itself(), out, now);
    named.take(enter_phase(senses));
    note_phase(out);
    moved = true;
  }
  if (moved) {
    out.aims.push_back(programme_aim(named, now.steady));
    origin_ = "preset";
  }
  if (on_) breathe(out, now.steady);
  if (on_) follow(senses, out, now);
  return out;
}

void Session::Machine::Programme::take(const Programme& other) {
  if (other.light) light = other.light;
  if (other.volume) volume = other.volume;
  if (other.tempo_bpm) tempo_bpm = other.tempo_bpm;
}

bool Session::Machine::has_close() const { return on_->preset.phases.back().id == "close"; }

void Session::Machine::take(const request::EndGently&, Turn& turn) {
  if (mode_ == RoomMode::stopping) return;  // it is closing already
  if (!may(Event::close, turn)) return;
  on_->end_reason = "ended";
  note("end_gently", EventData().by(turn.asked), turn.out, true);
  if (mode_ == RoomMode::paused || !has_close()) return finish("ended", turn.out, turn.now);
  move(Event::close, std::move(EventData().by(turn.asked)), turn.out, turn.now);
  close_now(turn.out, turn.now);
}

void Session::Machine::close_now(Decision& out, Now now) {
  const bool in_close = on_->phase + 1 == on_->lengths_s.size();
  on_->phase = on_->lengths_s.size() - 1;
  if (!in_close)
    on_->phase_ends = std::min(now.steady + seconds(on_->lengths_s.back()),
                               on_->began + seconds(config_.session_max_min * 60.0));
  const Programme named = enter_phase(Senses{});
  note_phase(out);
  out.aims.push_back(programme_aim(named, now.steady));
}

// Less is left than closing takes: the whole of it begins now. False: there is time, or it closes already.
bool Session::Machine::close_in_time(Decision& out, Now now) {
  if (!has_close() || mode_ == RoomMode::stopping) return false;
  double left_s = seconds_between(now.steady, on_->phase_ends);
  for (std::size_t i = on_->phase + 1; i < on_->lengths_s.size(); ++i) left_s += on_->lengths_s[i];
  if (left_s >= on_->lengths_s.back()) return false;
  move(Event::close, by_itself(), out, now);
  close_now(out, now);
  return true;
}

Instant Session::Machine::paused_until() const {
  return mode_since_ + seconds(config_.session_max_min * 60.0);
}

Instant Session::Machine::next_wake() const {
  if (mode_ == RoomMode::starting) return mode_since_;
  if (mode_ == RoomMode::paused) return paused_until();
  if (!on_) return Instant::max();
  const Instant breath = mode_ == RoomMode::running ? on_->breathing.at : Instant::max();
  return std::min({on_->phase_ends, breath, on_->follow.next_pace, on_->follow.next_swing});
}

}  // namespace rytme::session
