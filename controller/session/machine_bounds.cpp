// SPDX-License-Identifier: Apache-2.0
// How a session begins and ends: start, stop and reset, pause and resume, shutdown.
#include <algorithm>
#include <cmath>
#include <utility>

#include "controller/session/dose.hpp"
#include "controller/session/machine.hpp"
#include "controller/session/words.hpp"

namespace rytme::session {
namespace {

EventData by_itself() { return std::move(EventData().text("origin", "preset")); }

}  // namespace

void Session::Machine::take(const request::StartSession& request, Turn& turn) {
  if (!may(Event::start, turn)) return;
  const Preset* preset = preset_of(request.preset);
  const std::string code = request.participant.value_or("");
  if (preset == nullptr) return answer(turn, Verdict::unknown, "no such preset");
  if (!code.empty() && !is_participant_code(code))
    return answer(turn, Verdict::refused, "a participant code is 2 to 8 capital letters or digits");

  const bool record = request.recording.value_or(config_.recording_default);
  const Variant variant = variant_of(code);
  On session{.id = turn.senses.new_session_id,
             .participant = code,
             .as_read = *preset,
             .preset = dosed(*preset, variant),
             .variant = variant,
             .recording = record,
             .follow = Following(preset->direction)};
  session.pulse_at_start = turn.senses.pulse_bpm;
  session.began = turn.now.steady;
  // Without recording the record keeps the bounds of the session, not whose it was.
  add(entry::SessionStart{session.id, record ? code : "", preset->id, preset->version, record,
                          config_.settings_hash, config_.software},
      true, session.id, turn.out);
  turn.out.here = code;
  const bool is_dosed = variant != Variant{};
  lay_out(std::move(session), 0.0);
  move(Event::start, std::move(EventData().by(turn.asked)), turn.out, turn.now);
  enter_phase(turn.senses);
  note_phase(turn.out);
  if (is_dosed) note_variant(turn.out);
  begin_to_play(turn);
  turn.out.recording_started = record;
  answer(turn, Verdict::created, "");
  turn.out.answer.id = on_->id;
}

// The session is over of itself or gently: idle, safe light, sound off.
void Session::Machine::finish(std::string_view reason, Decision& out, Now now) {
  move(Event::finished, std::move(EventData().text("end", reason)), out, now);
  end_session(reason, out, now);
  out.aims.push_back(resting_aim("preset"));
  origin_ = "preset";
}

void Session::Machine::end_session(std::string_view reason, Decision& out, Now now) {
  if (!on_) return;
  add(entry::SessionEnd{on_->id, std::string(reason)}, true, on_->id, out);
  ended_ = Ended{on_->id, on_->recording, now.steady};
  on_.reset();
  programme_ = {};
  manual_.fill(false);
  undo_.reset();
}

void Session::Machine::take(const request::StopAll&, Turn& turn) {
  EventData data;
  data.by(turn.asked).flag("again", mode_ == RoomMode::stopped);
  note("stop", data, turn.out, true);
  move(Event::stop, std::move(EventData().by(turn.asked)), turn.out, turn.now);
  end_session("stopped", turn.out, turn.now);
  manual_.fill(false);
  undo_.reset();
  aimed_.light = config_.safe_light;
  aimed_.mute = true;
  turn.out.stop = true;
}

void Session::Machine::take(const request::ResetStop&, Turn& turn) {
  if (!may(Event::reset, turn)) return;
  move(Event::reset, std::move(EventData().by(turn.asked)), turn.out, turn.now);
  turn.out.reset = true;
  Aim rest = resting_aim(turn.asked.origin);
  rest.mute = false;
  keep(rest);
  turn.out.aims.push_back(std::move(rest));
}

void Session::Machine::take(const request::Resume&, Turn& turn) {
  if (!may(Event::resume, turn)) return;
  move(Event::resume, std::move(EventData().by(turn.asked)), turn.out, turn.now);
  const bool closing = on_->phase + 1 == on_->lengths_s.size() && has_close();
  if (closing) move(Event::close, by_itself(), turn.out, turn.now);
  const auto paused_for = turn.now.steady - (on_->began + seconds(on_->elapsed_s));
  on_->began += paused_for;
  on_->phase_ends += paused_for;
  if (closing) on_->phase_ends = turn.now.steady + seconds(on_->lengths_s.back());  // the whole of it
  on_->pulse_at_start = turn.senses.pulse_bpm;  // the earlier one was lost with the restart
  enter_phases_again(turn.senses);
  note_phase(turn.out);
  begin_to_play(turn);
  close_in_time(turn.out, turn.now);
}

// All that the programme wants now, and sound.
void Session::Machine::begin_to_play(Turn& turn) {
  Aim aim = programme_aim(programme_, turn.now.steady);
  aim.play = true;
  if (!on_->preset.source.empty()) aim.source = on_->preset.source;
  keep(aim);
  turn.out.aims.push_back(std::move(aim));
}

Decision Session::Machine::resume_paused(const Interrupted& interrupted, Now now) {
  Decision out;
  const Preset* found = preset_of(interrupted.preset);
  if (found == nullptr || mode_ != RoomMode::idle) {
    add(entry::SessionEnd{interrupted.id, "crash"}, true, interrupted.id, out);
    return out;
  }
  const double run_s = std::isfinite(interrupted.elapsed_s)
                           ? std::clamp(interrupted.elapsed_s, 0.0, config_.session_max_min * 60.0)
                           : 0.0;
  On session{.id = interrupted.id,
             .participant = interrupted.participant,
             .as_read = *found,
             .preset = dosed(*found, variant_of(interrupted.participant)),
             .variant = variant_of(interrupted.participant),
             .recording = interrupted.recording && !interrupted.withdrawn,
             .withdrawn = interrupted.withdrawn,
             .follow = Following(found->direction)};
  session.began = now.steady - seconds(run_s);
  lay_out(std::move(session), run_s);
  EventData cause;
  cause.number("elapsed_s", run_s).text("origin", "restart");
  move(Event::restart, cause, out, now);
  out.aims.push_back(resting_aim("restart"));
  origin_ = "restart";
  return out;
}

Decision Session::Machine::shutdown(Now now) {
  Decision out;
  if (on_) {
    move(Event::shutdown, std::move(EventData().text("origin", "local")), out, now);
    end_session("shutdown", out, now);
  }
  auto rest = resting_aim("shutdown");
  rest.light_glide_s = rest.volume_glide_s = 0;  // the process waits for it: as fast as the limits allow
  out.aims.push_back(std::move(rest));
  return out;
}

Decision Session::Machine::enter_safe_mode(Now now) {
  Decision out;
  move(Event::fault, std::move(EventData().text("origin", "local")), out, now);
  end_session("crash", out, now);
  aimed_.light = config_.safe_light;
  aimed_.mute = true;
  out.stop = true;
  origin_ = "safe_mode";
  return out;
}

}  // namespace rytme::session
