// SPDX-License-Identifier: Apache-2.0
// The session on one time axis: seconds since its start, by the machine's steady clock. Pure.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/journal/session_facts.hpp"
#include "controller/journal/session_time.hpp"

namespace rytme::report {

// Seconds since the session's start. The steady clock begins anew when the machine restarts: there the wall
// clock's difference is taken, if it is between 0 and 1 h, else 0.
class SessionClock {
 public:
  explicit SessionClock(const journal::SessionFacts& facts);

  double at(const journal::Stamp& stamp) const { return at(stamp.seq, stamp.mono_s); }
  // What was told of it afterwards (a rating, a code that was corrected) stands at its end.
  double at(std::int64_t seq, double mono_s) const;
  // To the end; of a session that is open or that a crash ended, to the last thing recorded.
  double length_s() const { return length_s_; }
  bool restarted() const { return time_.restarted(); }

 private:
  journal::SessionTime time_;
  std::int64_t last_seq_;
  double length_s_{};
};

struct Span {
  double from_s{}, to_s{};
};

// A value as long as it holds: until the next one, what comes from a body 10 s at most, never beyond a gap.
struct Held {
  double from_s{}, to_s{}, value{};
  bool doubtful{};
};

// One numeric channel of one device.
struct Track {
  std::string device, channel, unit;
  std::vector<Held> held;  // in order, without overlap, within 0..length
};

// A value of a body counts until the next, at most so long: then the room itself calls it late.
inline constexpr double body_hold_s = 10;

// Numeric readings, and numeric commands as they were commanded, by device and channel.
std::vector<Track> reading_tracks(const journal::SessionFacts& facts, const SessionClock& clock);
std::vector<Track> command_tracks(const journal::SessionFacts& facts, const SessionClock& clock);

// Where nothing holds between 0 and length_s.
std::vector<Span> gaps(const std::vector<Held>& held, double length_s);
double covered_s(const std::vector<Held>& held);

// Seconds of UTC of an ISO 8601 time as the views write it; 0 for another text.
double utc_seconds(std::string_view iso);

// A field of an event's data: its text, "" when there is none; true only for a JSON true.
std::string text_field(const std::string& json, std::string_view name);
std::optional<bool> flag_field(const std::string& json, std::string_view name);
std::optional<double> number_field(const std::string& json, std::string_view name);

}  // namespace rytme::report
