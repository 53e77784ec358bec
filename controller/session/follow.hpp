// SPDX-License-Identifier: Apache-2.0
// Follow: what the session does with the arousal index and with the swing. Off unless asked for. Fixed rules,
// no learning; every decision says why. Pure; one of each per session; logic thread. Rules and figures:
// docs/follow.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "controller/room/preset.hpp"
#include "controller/room/response.hpp"
#include "controller/room/time.hpp"

namespace rytme::session {

struct ArousalSense {
  std::optional<int> level;     // 0-4; nullopt: unknown
  std::optional<double> index;  // as the record has it
  double confidence{};
  Response response{};  // by the fail-safe ladder, where it is not sure
};

inline constexpr double follow_confidence = 0.6;

// The programme's pace, and how the index changes it.
class PaceFollow {
 public:
  enum class Step : std::uint8_t {
    programme,  // as the preset says
    slower,     // the lead takes longer: rate() of its own speed
    hold,       // above the ceiling: light and tempo stay where they are, the lead waits
    lead_down   // held for a minute and still above: down to where the preset began, until the close
  };
  struct Decision {
    Step step{};
    double rate{1};           // of the programme's own pace, 0 to 1
    std::string_view reason;  // English
  };

  explicit PaceFollow(Direction direction) : direction_(direction) {}
  // To be called about once a second. nullopt: as before.
  std::optional<Decision> step(const ArousalSense& sense, Instant now);
  double rate() const { return now_.rate; }
  Step step() const { return now_.step; }

 private:
  Decision wanted(const ArousalSense& sense, Instant now);
  Decision unsure(Response response) const;
  Decision above_ceiling(int level, Instant now);

  Direction direction_;
  Decision now_;
  std::optional<Instant> changed_at_;
  Instant held_since_{};
  std::optional<Instant> below_since_;  // in a hold
};

std::string_view name_of(PaceFollow::Step step);

// A swing or hammock of which frequency and place are known now.
struct SwingSense {
  double hz{};
  double phase_rad{};  // 0 at a turning point
  bool sure{true};     // good enough to lock to; what is locked stays so while it is known
};

// Tempo locked n : 1 to the swing: beats fall on turning points.
class SwingLock {
 public:
  struct Input {
    std::optional<SwingSense> swing;  // nullopt: unknown
    double programme_bpm{};           // where the programme is now
    double beat_phase{};              // 0 to 1, as sent
  };
  struct Decision {
    bool locked{};
    int beats{};         // per swing, n
    double bpm{};        // wanted now; the last stage makes it no faster than its rules
    double error_deg{};  // of the swing's phase, beat behind it > 0
    bool changed{};      // locked or freed just now
    std::string_view reason{};
  };
  Decision step(const Input& input);
  bool locked() const { return beats_ != 0; }

 private:
  int beats_{};
};

}  // namespace rytme::session
