// SPDX-License-Identifier: Apache-2.0
// The record of the session: recording, whose it is, what people saw and did.
#include <algorithm>
#include <utility>

#include "controller/session/dose.hpp"
#include "controller/session/machine.hpp"
#include "controller/session/words.hpp"

namespace rytme::session {
namespace {
constexpr auto rating_after_end = std::chrono::minutes{10};
}  // namespace

void Session::Machine::change_recording(bool on, Turn& turn) {
  on_->recording = on;
  std::optional<std::string> participant;
  if (on && !on_->participant.empty()) participant = on_->participant;
  add(entry::SessionChange{on_->id, participant, on}, true, on_->id, turn.out);
  note("recording", EventData().flag("on", on).by(turn.asked), turn.out, true);
  turn.out.recording_started = on;
}

void Session::Machine::take(const request::SetRecording& request, Turn& turn) {
  if (!session_on(turn) || on_->recording == request.on) return;
  if (request.on && on_->withdrawn)
    return answer(turn, Verdict::conflict, "the participant has withdrawn from this session's recording");
  change_recording(request.on, turn);
}

void Session::Machine::take(const request::SetParticipant& request, Turn& turn) {
  if (!is_participant_code(request.code))
    return answer(turn, Verdict::refused, "a participant code is 2 to 8 capital letters or digits");
  if (!session_on(turn)) return;
  if (!on_->participant.empty() && on_->participant != request.code) ++on_->participant_change;
  on_->participant = request.code;
  turn.out.here = request.code;
  adopt(variant_of(request.code), turn.out, turn.senses, turn.now);
  if (!on_->recording) return;  // kept in the record only once the session records
  add(entry::SessionChange{on_->id, request.code, std::nullopt}, true, on_->id, turn.out);
  note("participant", EventData().by(turn.asked), turn.out, true);
}

// Recording ends now; the journal removes what it holds, and says when that is done.
void Session::Machine::take(const request::Withdraw&, Turn& turn) {
  if (!session_on(turn) || on_->withdrawn) return;
  on_->withdrawn = true;
  if (on_->recording) change_recording(false, turn);
  EventData data;
  data.text("recorded_so_far", "to_be_removed").by(turn.asked);
  note("withdrawn", data, turn.out, true);
  add(entry::Erase{entry::Erase::What::body, on_->id, turn.asked.actor, {}}, true, on_->id, turn.out);
}

double Session::Machine::rate_after_s(Instant now) const {
  if (on_ || !ended_ || !ended_->recording) return 0.0;
  return std::max(0.0, seconds_between(now, ended_->when + rating_after_end));
}

void Session::Machine::take(const request::Rate& request, Turn& turn) {
  if (!is_rating(request))
    return answer(turn, Verdict::refused, "whose, by, when or state is not one of the words");
  const bool just_ended = ended_ && turn.now.steady - ended_->when <= rating_after_end;
  if (!on_ && !just_ended)
    return answer(turn, Verdict::conflict, "no session is on, and none ended in the last 10 minutes");
  if (!(on_ ? on_->recording : ended_->recording))
    return answer(turn, Verdict::conflict, "recording is off: ratings are not kept");
  add(entry::Rating{request.whose, request.by, request.when, request.state, turn.asked.actor.id}, true,
      on_ ? on_->id : ended_->id, turn.out);
}

void Session::Machine::take(const request::TakeCalmPulse& request, Turn& turn) {
  if (request.participant && !is_participant_code(*request.participant))
    return answer(turn, Verdict::refused, "a participant code is 2 to 8 capital letters or digits");
  if (mode_ == RoomMode::paused || mode_ == RoomMode::stopped || mode_ == RoomMode::safe_mode)
    return answer(turn, Verdict::conflict, "the room stands still: go on, or make it ready again first");
  if (on_ && request.participant && *request.participant != on_->participant)
    return answer(turn, Verdict::conflict, "the session is another participant's, or nobody's");
  if (turn.senses.measuring_calm_pulse) return answer(turn, Verdict::conflict, "a calm pulse is being taken");
  if (!turn.senses.pulse_heard) return answer(turn, Verdict::conflict, "no pulse is received");
  turn.out.calm_pulse = CalmPulse{on_ ? on_->participant : request.participant.value_or(""), std::nullopt};
  if (on_) turn.out.calm_pulse->session_age_s = seconds_between(on_->began, turn.now.steady);
}

void Session::Machine::take(const request::ConfirmWearer& request, Turn& turn) {
  turn.out.same_wearer = request.same;
  if (on_ && on_->recording)
    note("heart_wearer", EventData().flag("same", request.same).by(turn.asked), turn.out);
}

void Session::Machine::take(const request::SetVariant& request, Turn& turn) {
  if (!is_participant_code(request.participant))
    return answer(turn, Verdict::refused, "a participant code is 2 to 8 capital letters or digits");
  if (const char* fault = fault_of(request.variant)) return answer(turn, Verdict::refused, fault);
  config_.variants[request.participant] = request.variant;
  turn.out.variant = request;
  if (on_ && on_->participant == request.participant) adopt(request.variant, turn.out, turn.senses, turn.now);
}

// Whose it is stands in the session's own row.
void Session::Machine::note_variant(Decision& out) const {
  const Variant& variant = on_->variant;
  EventData data;
  if (variant.minutes) data.number("minutes", *variant.minutes);
  if (variant.top_level) data.number("top_level", *variant.top_level);
  data.flag("rhythm", variant.rhythm).flag("red", variant.red);
  if (variant.tempo_bpm) data.number("tempo_bpm", *variant.tempo_bpm);
  if (variant.source) data.text("source", *variant.source);
  if (on_->recording) note("dose", data, out);
}

Variant Session::Machine::variant_of(const std::string& participant) const {
  const auto found = config_.variants.find(participant);
  return found == config_.variants.end() ? Variant{} : found->second;
}

// A participant may have got the session late: it is forgotten with any of them.
void Session::Machine::forget(const entry::Erase& erase) {
  using What = entry::Erase::What;
  if (ended_ && (erase.what == What::participant || (erase.what == What::session && erase.key == ended_->id)))
    ended_.reset();
  if (erase.what == What::participant) config_.variants.erase(erase.key);
}

// With recording off a session's bounds are kept, not what was done in it.
bool Session::Machine::record_on(Turn& turn) {
  if (on_->recording) return true;
  answer(turn, Verdict::conflict, "recording is off: this is not kept");
  return false;
}

void Session::Machine::take(const request::Activity& request, Turn& turn) {
  const auto& known = config_.activities;
  if (std::find(known.begin(), known.end(), request.id) == known.end())
    return answer(turn, Verdict::unknown, "no such activity");
  if (!session_on(turn) || !record_on(turn)) return;
  note("activity", EventData().text("id", request.id).by(turn.asked), turn.out);
}

void Session::Machine::take(const request::Mark& request, Turn& turn) {
  if (!is_mark(request.kind)) return answer(turn, Verdict::refused, "kind is regulate, relate or reflect");
  if (!session_on(turn) || !record_on(turn)) return;
  note("mark", EventData().text("kind", request.kind).by(turn.asked), turn.out);
}

}  // namespace rytme::session
