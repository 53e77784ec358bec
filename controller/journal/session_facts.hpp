// SPDX-License-Identifier: Apache-2.0
// Everything one session holds, read in one snapshot: what exports are made of. Plain values; waveform chunks
// are still encoded.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "controller/journal/reader.hpp"
#include "controller/journal/session_record.hpp"

namespace rytme::journal {

struct Stamp {
  std::int64_t seq{};
  std::string t;    // ISO 8601 with offset
  double mono_s{};  // the machine's steady clock
};

// NULL, a number or a text, as the view gives it.
using Scalar = std::variant<std::monostate, double, std::string>;

struct ReadingFact {
  Stamp at;
  std::string device, channel;
  Scalar value;
  std::string unit, quality;
  std::optional<std::string> note;
};

struct CommandFact {
  Stamp at;
  std::string device, channel;
  Scalar commanded;
  std::optional<double> confirmed, measured;
  std::string unit, origin;
  std::int64_t transition_ms{};
};

struct EventFact {
  Stamp at;
  std::string kind, data;  // data: JSON
};

struct RatingFact {
  Stamp at;
  std::string whose, by, when, state, actor;
};

struct SessionFacts {
  SessionRecord record;
  Stamp start;
  std::optional<std::int64_t> end_seq;
  std::optional<double> end_mono_s;
  std::vector<ReadingFact> readings;  // each in the order of the journal
  std::vector<CommandFact> commands;
  std::vector<EventFact> events;
  std::vector<RatingFact> ratings;
  std::vector<ChunkRecord> chunks;
};

std::optional<SessionFacts> facts_of(Connection& connection, const std::string& id);

// Of a participant and no session, in the order of the journal: calm pulses, and how presets are run
// ("variant", "state_map").
std::vector<EventFact> loose_events(Connection& connection, const std::string& participant);

}  // namespace rytme::journal
