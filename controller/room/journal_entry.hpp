// SPDX-License-Identifier: Apache-2.0
// What the journal keeps: facts, appended, never changed. The core makes them, the journal's writer stores
// them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "controller/room/actor.hpp"
#include "controller/room/reading.hpp"
#include "controller/room/time.hpp"

namespace rytme {

namespace entry {

struct SessionStart {
  std::string id;
  std::string participant;  // "" = none
  std::string preset;
  int preset_version{};
  bool recording{};
  std::string settings_hash;
  std::string software;  // version
};
struct SessionEnd {
  std::string id;
  std::string reason;  // finished, ended, stopped, max_length, shutdown, crash
};
// recording on/off, participant chosen late or corrected: the row's present value changes, the event keeps
// the trail.
struct SessionChange {
  std::string id;
  std::optional<std::string> participant;
  std::optional<bool> recording;
  std::string by{};  // who corrected it afterwards; "" = in the session, where an event of its own says who
};
struct Value {  // one reading, row by row (low rate)
  std::string device;
  Capability capability{};
  std::optional<double> value;  // nullopt: unknown, a gap
  std::string text;
  Quality quality{};
};
struct Heart {  // goes into a waveform chunk
  std::string device;
  HeartSample sample;
};
struct Motion {  // goes into a waveform chunk
  std::string device;
  MotionFrame frame;
};
struct Commanded {  // one channel of one command; light.level in linear light
  std::string device;
  Capability capability{};
  double value{};
  std::string text;
  std::int64_t transition_ms{};
  std::string origin;
};
// A device said it has what was commanded (its own word), or an independent reading measured it.
struct Confirmed {
  std::uint64_t command_seq{};
  std::optional<double> confirmed;
  std::optional<double> measured;
};
struct Event {
  std::string kind;  // "stop", "device_lost", "broker_gone", "phase", ...
  std::string data;  // JSON object
};
struct Rating {
  std::string whose, by, when, state;
  std::string actor;
};
struct Access {  // who looked at or took out whose record
  Actor actor;
  std::string what;
  std::string
      whose;  // a participant's code, or a session's id: the journal knows whose that is; "" = nobody's
  std::string from;
  std::string why;
  bool denied{};
};
struct ParticipantAdded {  // a code was made for somebody
  std::string code;
};
// What was kept is to be removed for good; what remains is that it was.
struct Erase {
  enum class What : std::uint8_t {
    session,      // all of one session
    participant,  // all sessions of a participant, and the code
    body,         // of one session what comes from a body: it goes on as one without recording
  };
  What what{};
  std::string key;  // a session's id, or a participant's code
  Actor actor;
  std::string from;  // address, "" = the room itself
};

}  // namespace entry

struct JournalEntry {
  std::uint64_t seq{};  // orders everything, across restarts
  Now at{};
  std::string session;  // "" = outside a session
  bool urgent{};        // commit at once: ratings, stops, session bounds, access
  std::variant<entry::SessionStart, entry::SessionEnd, entry::SessionChange, entry::Value, entry::Heart,
               entry::Motion, entry::Commanded, entry::Confirmed, entry::Event, entry::Rating, entry::Access,
               entry::ParticipantAdded, entry::Erase>
      what;
};

}  // namespace rytme
