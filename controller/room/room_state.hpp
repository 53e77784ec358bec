// SPDX-License-Identifier: Apache-2.0
// The whole of what a screen may show of the room now: contracts §3 `GET room`. Filled by app, read by web.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/preset.hpp"
#include "controller/room/reading.hpp"

namespace rytme {

enum class RoomMode : std::uint8_t { idle, starting, running, paused, stopping, stopped, safe_mode };

std::string_view name_of(RoomMode mode);
std::string_view name_of(Quality quality);

struct HeartNow {
  std::optional<double> bpm;    // nullopt: unknown, never 0 and never an old value
  std::optional<double> age_s;  // since the last beat that counted
  Quality quality{Quality::unknown};
};

struct ArousalNow {
  std::optional<int> level;  // 0-4
  std::optional<double> index;
  double confidence{};
  std::string reason;    // where it comes from, or why it is unknown: one line in the room's language
  bool low_side{};       // very quiet: a question to the adult, never a state
  bool wearer_unsure{};  // the strap has been off: the same person?
};

// A measurement of the calm pulse («hvilepuls»), the one that runs or the last one that counts.
struct CalmPulseNow {
  std::string state{"none"};  // none, running, good, doubtful, failed
  double elapsed_s{};
  std::optional<double> bpm;
  std::string reason;  // what makes it doubtful, in the room's language
};

// What the session follows, and what that does now.
struct FollowNow {
  bool pace{};
  bool swing{};
  std::string pace_step;  // programme, slower, hold, lead_down; "" = not followed
  int beats_per_swing{};  // 0: the tempo is not locked to a swing
};

struct LightNow {
  double target{};  // linear light asked for
  double level{};   // linear light now, by the last command
  double cct_k{};
};

// A track that suits the tempo now.
struct OfferedTrack {
  std::string id, title;
  friend bool operator==(const OfferedTrack&, const OfferedTrack&) = default;
};

// What the music player says of itself; "" = it has not said it.
struct PlayerNow {
  std::string source;  // heartbeat, drum, ..., library, silence
  std::string track;   // of the library
  std::string status;  // playing, stopped, or what is amiss: output_missing, track_unreadable, ...
  std::vector<OfferedTrack> offered{};
  friend bool operator==(const PlayerNow&, const PlayerNow&) = default;
};

// The change by hand that can be taken back.
struct UndoNow {
  std::string channel;  // "" = there is none
  double left_s{};
};

struct RoomState {
  RoomMode mode{RoomMode::idle};
  std::string phase;  // "" outside a session
  std::string preset;
  std::string session;  // id
  double since_s{};
  double remaining_s{};
  bool recording{};
  bool participant_named{};  // that the session is somebody's, never whose
  int participant_change{};  // how often it has become somebody else's
  double rate_after_s{};     // a session just ended takes ratings for so long; 0: none does
  UndoNow undo;
  double clock_s{};  // the controller's steady clock: how old a request is shows by it
  LightNow light;
  LightScene safe_light{0.4, 3500};
  std::optional<double> tempo_bpm;
  double volume{};
  double volume_max{1};  // amplitude that is not passed
  bool muted{};
  bool sound_calibrated{};
  std::string source;
  PlayerNow player;
  HeartNow heart;
  std::string
      heart_unfit;  // before use: no_signal, no_contact, battery_low or unsteady; "" = fit, or none here
  ArousalNow arousal;
  CalmPulseNow calm_pulse;
  FollowNow follow;
  int devices_ok{};
  int devices_all{};
  std::vector<std::string> devices_missing;      // device ids
  std::vector<std::string> devices_quarantined;  // lamps whose power flickers: to be switched off at the wall
  std::vector<std::string> manual;               // channels touched by hand and not released
  bool simulated{};
  bool show_level{};           // the arousal level may be shown to staff
  std::string origin;          // who caused the last change
  std::uint64_t generation{};  // grows with every change that a screen should show
};

// After a stop: which devices have confirmed safe light and silence, which have not within 2 s.
struct StopConfirmation {
  std::uint64_t generation{};
  std::vector<std::string> confirmed;
  std::vector<std::string> missing;
};

}  // namespace rytme
