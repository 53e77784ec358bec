// SPDX-License-Identifier: Apache-2.0
// `rytme-player import DIR` and `tap`: what is to be known of a track is measured once, and corrected by
// those who know better.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace rytme::player_app {

// Measures every recording under `folder` and writes the library into `data`. One line for each:
// ok|no_beat|silent|unreadable, then tabs: id, BPM, confidence, where the tempo is from, LUFS, title. What
// was tapped before is kept. Returns the exit code: 0, 1 when a file could not be read, 2 when there is no
// such folder or the library cannot be written.
int import_music(const std::filesystem::path& folder, const std::filesystem::path& data, std::ostream& out);

// The tempo a person taps, or says: a line on `in` for every beat, at least five, or `bpm`. It decides which
// of the half, the double and their like the measured tempo is meant to be; where none of them fits it is
// believed itself. Exit code: 0, 1 no such track or too few taps, 2 the library cannot be written.
int tap(const std::string& id, std::optional<double> bpm, const std::filesystem::path& data, std::istream& in,
        std::ostream& out);

}  // namespace rytme::player_app
