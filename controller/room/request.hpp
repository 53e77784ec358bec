// SPDX-License-Identifier: Apache-2.0
// What people ask of the room, whichever way it comes (page, wall button, Homie): one list, one path, one
// order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "controller/room/actor.hpp"
#include "controller/room/time.hpp"
#include "controller/room/variant.hpp"

namespace rytme {

namespace request {
struct StartSession {
  std::string preset;
  std::optional<std::string> participant;  // a short code
  std::optional<bool> recording;           // nullopt: as the room's settings say
};
struct EndGently {};
struct StopAll {};
struct ResetStop {};
struct Resume {};  // after a restart: go on with what was paused
struct SetLight {
  double level{};  // linear light 0-1
  std::optional<double> cct_k;
};
struct SetVolume {
  double level{};  // 0-1
};
struct SetTempo {
  double bpm{};
};
struct SetMute {
  bool on{};
};
struct SetSource {
  std::string id;
};
struct Undo {};
struct Release {
  std::string channel;  // light, volume, tempo, source
};
struct SetRecording {
  bool on{};
};
struct SetParticipant {
  std::string code;
};
struct Withdraw {};
struct Rate {
  std::string whose, by, when, state;  // words of contracts §3, checked by session
};
struct Activity {
  std::string id;
};
struct Mark {
  std::string kind;  // regulate, relate, reflect
};
// «Ta hvilepuls»: 2-5 quiet minutes, ends by itself; in a session or outside one.
struct TakeCalmPulse {
  std::optional<std::string> participant;  // in a session only the session's own
};
// Who wears the strap after it has been off: the same person, or another.
struct ConfirmWearer {
  bool same{};
};
// In the session that is on: its pace by the index, its tempo by the swing. nullopt: as it is.
struct SetFollow {
  std::optional<bool> pace, swing;
};
// How the presets are run for a participant, from now on.
struct SetVariant {
  std::string participant;
  Variant variant;
};
// One light fades there and back, for whoever has mounted it; in an idle room only.
struct TestDevice {
  std::string id;
};
}  // namespace request

using Request = std::variant<request::StartSession, request::EndGently, request::StopAll, request::ResetStop,
                             request::Resume, request::SetLight, request::SetVolume, request::SetTempo,
                             request::SetMute, request::SetSource, request::Undo, request::Release,
                             request::SetRecording, request::SetParticipant, request::Withdraw, request::Rate,
                             request::Activity, request::Mark, request::TakeCalmPulse, request::ConfirmWearer,
                             request::SetFollow, request::SetVariant, request::TestDevice>;

// A request with its sender. `expires`: 2 s after a person made it; late ones are refused, never carried out.
struct Asked {
  Request what;
  Actor actor;
  std::string origin;  // "http:tablet-1", "button:wall", "homie"
  Instant expires{Instant::max()};
};

// The answer. conflict: not in this state (409). refused: the values are not allowed (422). unknown: no such
// preset, channel or activity (404). late: it came after it expired.
enum class Verdict : std::uint8_t { done, created, conflict, refused, unknown, late };

struct Answer {
  Verdict verdict{Verdict::done};
  std::string id;              // created: the session's id
  std::uint64_t generation{};  // of the room's state after it
  int devices{};               // stop: how many devices were commanded
  std::string detail;          // one English sentence for whoever reads the error
};

}  // namespace rytme
