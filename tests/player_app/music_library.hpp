// SPDX-License-Identifier: Apache-2.0
// A few pieces imported by `rytme-player`, their tempo tapped by staff, and what is heard when it plays them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/player_app/made_music.hpp"
#include "tests/player_app/player_process.hpp"

namespace rytme::player_app {

class MusicLibrary {
 public:
  // By the name of each file, without ".wav"; it is the track's id as well.
  explicit MusicLibrary(const std::map<std::string, Piece>& pieces);
  const Folder& folder() const { return folder_; }
  const std::filesystem::path& data() const { return folder_.path(); }
  std::filesystem::path music() const { return folder_ / "music"; }
  double bpm(const std::string& id) const;  // as imported

  // What `render` writes for these wishes and "source=library volume=100 play=true".
  std::filesystem::path rendered(double seconds, std::vector<std::string> wishes) const;

 private:
  Folder folder_;
};

// Seconds at which aubio hears the bass drum, two of them at least `apart_s` from each other.
std::vector<double> kicks(const std::filesystem::path& file, double apart_s);

// The left side of a WAV file.
std::vector<float> samples_of(const std::filesystem::path& file);
// Amplitude of a tone around a moment: the median of five windows of this length, which a stretcher's seam in
// one of them does not move.
double tone_at(const std::vector<float>& samples, double hz, double at_s, double window_s);

}  // namespace rytme::player_app
