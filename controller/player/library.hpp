// SPDX-License-Identifier: Apache-2.0
// The institution's own music as it was measured at import: which track may be played at which tempo. Pure
// but for load and save, which read and write one JSON file in the data folder.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rytme::player {

// Where a tempo comes from, the last one wins.
enum class TempoOrigin : std::uint8_t { measured, tag, tap };
std::string_view name_of(TempoOrigin origin);

struct Track {
  std::string id;     // of its path: [a-z0-9-], at most 64
  std::string file;   // relative to the library's folder
  std::string title;  // its tag, else the file's name
  double duration_s{};
  double bpm{};             // 0: none was found
  double bpm_confidence{};  // 0-1: share of its time in which the beats keep to that tempo
  double first_beat_s{};    // one of the even beats that fit best
  TempoOrigin origin{TempoOrigin::measured};
  double loudness_lufs{};        // integrated, ITU-R BS.1770-4
  double loudness_confidence{};  // 0-1: how much music the measurement stands on
  double true_peak_dbfs{};
};

// A track is stretched no further than this from its own tempo.
inline constexpr double slowest_speed = 0.80, fastest_speed = 1.15;
inline constexpr double least_confidence = 0.5;

// Whether it keeps a beat, and can keep this one.
bool offered(const Track& track, double bpm);

// The tempo of the measured one's family (a half, two thirds, the double ...) that the hint means; nullopt:
// the hint speaks of another tempo altogether.
std::optional<double> same_beat(double measured_bpm, double hint_bpm);

struct Library {
  std::filesystem::path folder;
  std::vector<Track> tracks;  // in the order of their files

  const Track* find(std::string_view id) const;
  std::vector<const Track*> offered_at(double bpm) const;
  // The one behind `current` among the offered, round and round; nullptr: none is offered.
  const Track* next(double bpm, std::string_view current) const;
};

// UTF-8 without control characters, not empty: what can stand in the library, on the page and in a line.
bool can_be_named(std::string_view text);

// No file: an empty library. Throws std::runtime_error with the file's name when it is no library of ours.
Library load_library(const std::filesystem::path& file);
// Written to another name and renamed. Throws std::runtime_error.
void save_library(const Library& library, const std::filesystem::path& file);

// "Kveld/Rolig sang.mp3" -> "kveld-rolig-sang"; letters outside a-z leave a hyphen.
std::string track_id(std::string_view file);

}  // namespace rytme::player
