// SPDX-License-Identifier: Apache-2.0
// A session and its own clock: seconds since its start on the steady clock, whatever the wall clock did. The
// caller of everything here holds the read transaction; any thread, one connection at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "controller/journal/session_time.hpp"
#include "controller/journal/sqlite.hpp"

namespace rytme::review {

struct SessionFrame {
  std::int64_t row{};  // session.id in the file
  std::string id, participant, preset, software, settings_hash, formula_version;
  int preset_version{};
  std::string end_reason;                // "" while open
  std::int64_t first_seq{}, last_seq{};  // every fact of it lies between
  std::int64_t t_us{}, offset_min{}, mono_us{};
  double length_s{};  // to its end; of one that is open or was cut off, to the last thing kept of it

  // From a fact's place and steady time.
  double seconds(std::int64_t seq, std::int64_t at_mono_us) const {
    return time.at(seq, static_cast<double>(at_mono_us) / 1e6);
  }
  std::string iso(double at_s) const;  // ISO 8601 with offset; exact as long as nobody set the wall clock
  double mono_s(double at_s) const { return static_cast<double>(mono_us) / 1e6 + at_s; }

  journal::SessionTime time;
};

// nullopt: no such session.
std::optional<SessionFrame> find_frame(journal::Connection& connection, const std::string& id);

// The newest `most` of one participant, oldest first.
std::vector<SessionFrame> frames_of(journal::Connection& connection, const std::string& participant,
                                    std::size_t most);

}  // namespace rytme::review
