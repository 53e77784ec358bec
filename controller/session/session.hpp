// SPDX-License-Identifier: Apache-2.0
// The session (nb: økt): which state the room is in, which phase runs, what the room is asked to aim at.
// Pure: everything it knows comes in, everything it wants goes out; the caller journals and carries out.
// Logic thread.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "controller/room/aim.hpp"
#include "controller/room/journal_entry.hpp"
#include "controller/room/request.hpp"
#include "controller/room/room_state.hpp"
#include "controller/room/time.hpp"
#include "controller/session/follow.hpp"

namespace rytme::session {

struct Config {
  std::vector<Preset> presets;
  std::vector<std::string> activities;  // ids
  LightScene safe_light;
  bool recording_default{};
  double session_max_min{45};
  std::string settings_hash;
  std::string software;
  double beat_delay_s{};                    // from a player's beat to the ear
  std::map<std::string, Variant> variants;  // by participant
};

// What the session may know of the world when it decides.
struct Senses {
  std::optional<double> pulse_bpm;  // free of movement; nullopt: unknown
  std::string new_session_id{};     // for the next start, unique; made by the caller
  bool pulse_heard{};               // there is one, doubtful or not
  bool measuring_calm_pulse{};
  ArousalSense arousal{};
  std::optional<SwingSense> swing{};
  double light_now{};                 // linear light, as sent
  double volume_now{};                // 0-1, as sent
  std::optional<double> tempo_now{};  // BPM as sent; nullopt: nothing sounds
  double beat_phase{};                // 0 to 1, of tempo_now
  std::string source{};               // what the player says it plays; "" = not known
};

// To be measured from now on.
struct CalmPulse {
  std::string participant;              // "" = nobody's name is known
  std::optional<double> session_age_s;  // nullopt: outside a session
};

// What the session wants done, in order.
struct Decision {
  Answer answer;          // to a request (generation and devices are the caller's); unused for ticks
  std::vector<Aim> aims;  // to safety
  bool stop{};            // to safety: latch, mute, safe light
  bool reset{};           // to safety: the latch ends
  std::vector<JournalEntry> entries;  // without seq and at: the caller stamps them
  bool recording_started{};           // signals restart their windows
  std::optional<std::string>
      here;  // who is in the room from now on, "" = not said; for memory, not for the record
  std::optional<CalmPulse> calm_pulse;
  std::optional<bool> same_wearer;
  std::optional<request::SetVariant> variant;  // to be kept, of no session
  std::optional<std::string> test;             // a device, by id
};

// A session that was on when the controller died.
struct Interrupted {
  std::string id{};
  std::string preset{};
  std::string participant{};
  bool recording{};
  bool withdrawn{};    // stays so: nothing turns its recording on again
  double elapsed_s{};  // how long it had run
};

class Session {
 public:
  explicit Session(Config config);
  ~Session();

  // One path for every request, whoever asks. Late requests (expires < now) are answered Verdict::late,
  // unless StopAll.
  Decision handle(const Asked& asked, const Senses& senses, Now now);
  // Phase changes, glides, length, end of a close phase. Call at next_wake() or later.
  Decision tick(const Senses& senses, Now now);
  // When tick() has something to do next; Instant::max() when nothing is due.
  Instant next_wake() const;

  // After an unclean restart in mid-session: comes up paused, in safe light, sound off; resume goes on from
  // where it was. A preset that is gone ends the session with reason "crash".
  Decision resume_paused(const Interrupted& session, Now now);
  // What was erased of the record takes no ratings any more.
  void forget(const entry::Erase& erase);
  // The controller ends in order: the session ends with reason "shutdown", and the room rests in safe light.
  Decision shutdown(Now now);
  // Crash loop: stop, safe light, nothing but a stop and its reset is taken until the next start.
  Decision enter_safe_mode(Now now);

  // Fills mode, phase, preset, session, since_s, remaining_s, recording, participant_named, rate_after_s,
  // undo, manual, origin, follow, and light.target, tempo, volume, muted, source as aimed at.
  void describe(RoomState& state, Now now) const;
  Variant variant_of(const std::string& participant) const;
  bool recording() const;                 // a session is on and records
  const std::string& session_id() const;  // "" outside one
  // Whose the session is: "" outside one, or while nobody has said it. For those who may know; no RoomState
  // has it.
  std::string participant() const;

 private:
  class Machine;
  std::unique_ptr<Machine> machine_;
};

}  // namespace rytme::session
