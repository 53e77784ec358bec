// SPDX-License-Identifier: Apache-2.0
#include "controller/player_app/import.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <istream>
#include <ostream>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "controller/player/library.hpp"
#include "controller/player/track_analysis.hpp"
#include "controller/player_app/music.hpp"
#include "controller/player_app/track_process.hpp"

namespace rytme::player_app {
namespace {

namespace fs = std::filesystem;
using player::Library;
using player::TempoOrigin;
using player::Track;

constexpr std::array<std::string_view, 14> kinds{".mp3", ".flac", ".ogg", ".oga",  ".opus", ".m4a", ".mp4",
                                                 ".aac", ".wav",  ".aif", ".aiff", ".wma",  ".mka", ".wv"};
constexpr double longest_s = 3600;
constexpr double slowest_bpm = 20, fastest_bpm = 300;

bool is_music(const fs::path& file) {
  auto kind = file.extension().string();
  for (char& c : kind) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::ranges::find(kinds, kind) != kinds.end();
}

std::vector<fs::path> music_under(const fs::path& folder) {
  std::vector<fs::path> out;
  const auto skip = fs::directory_options::skip_permission_denied;
  for (const auto& entry : fs::recursive_directory_iterator(folder, skip)) {
    std::error_code none;
    if (is_music(entry.path()) && entry.is_regular_file(none)) out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

std::optional<player::TrackMeasured> measured(const fs::path& file) {
  TrackProcess source(file, 0, 1, true);
  player::TrackAnalysis analysis;
  std::vector<player::Frame> frames(4800);
  double length_s = 0;
  for (;;) {
    const auto got = source.read(frames);
    analysis.add(std::span(frames).first(got));
    length_s += static_cast<double>(got) / player::sample_rate;
    if (got < frames.size() || length_s > longest_s) break;
  }
  if (length_s == 0) return std::nullopt;
  return analysis.result();
}

// A tempo that somebody names: which of its family, or the name alone.
void believe(Track& track, double hint_bpm, TempoOrigin origin) {
  if (!(hint_bpm >= slowest_bpm && hint_bpm <= fastest_bpm)) return;
  const auto meant = track.bpm > 0 ? player::same_beat(track.bpm, hint_bpm) : std::nullopt;
  if (!meant && origin == TempoOrigin::tag) return;  // tags are often of another recording
  track.bpm = meant.value_or(hint_bpm);
  if (!meant) track.bpm_confidence = std::max(track.bpm_confidence, player::least_confidence);
  track.origin = origin;
}

Track track_of(const fs::path& file, const fs::path& folder, const player::TrackMeasured& measured) {
  Track track;
  track.file = fs::relative(file, folder).string();
  track.id = player::track_id(track.file);
  track.duration_s = measured.duration_s;
  track.bpm = measured.bpm;
  track.bpm_confidence = measured.bpm_confidence;
  track.first_beat_s = measured.first_beat_s;
  track.loudness_lufs = measured.loudness_lufs;
  track.loudness_confidence = measured.loudness_confidence;
  track.true_peak_dbfs = measured.true_peak_dbfs;
  auto tags = TrackProcess::tags(file);
  track.title = player::can_be_named(tags["title"]) ? tags["title"] : file.stem().string();
  believe(track, std::strtod(tags["bpm"].c_str(), nullptr), TempoOrigin::tag);
  return track;
}

void keep_tap(Track& track, const Library& before) {
  const auto* known = before.find(track.id);
  if (known != nullptr && known->origin == TempoOrigin::tap) believe(track, known->bpm, TempoOrigin::tap);
}

void number_twins(Library& library) {
  for (auto& track : library.tracks) {
    int twin = 1;
    const auto base = track.id;
    while (library.find(track.id) != &track) track.id = fmt::format("{}-{}", base, ++twin);
  }
}

void print(const Track& track, std::ostream& out) {
  out << fmt::format("{}\t{}\t{:.2f}\t{:.2f}\t{}\t{:.1f}\t{}\n", track.bpm > 0 ? "ok" : "no_beat", track.id,
                     track.bpm, track.bpm_confidence, player::name_of(track.origin), track.loudness_lufs,
                     track.title);
  out.flush();
}

// Of a name that cannot be told as it is: enough of it to find the file.
std::string printable(std::string name) {
  for (char& c : name)
    if (static_cast<unsigned char>(c) < ' ' || static_cast<unsigned char>(c) > '~') c = '?';
  return name;
}

// One that cannot be read is set aside: all but taps is measured anew.
Library readable_library(const fs::path& file, std::ostream& out) {
  try {
    return player::load_library(file);
  } catch (const std::runtime_error& error) {
    const fs::path aside = file.string() + ".broken";
    fs::rename(file, aside);
    out << "set_aside\t" << aside.string() << '\t' << error.what() << '\n';
    return {};
  }
}

std::optional<double> tapped(std::istream& in, std::ostream& out) {
  out << "Press Enter on every beat, Ctrl-D to end\n";
  out.flush();
  std::vector<double> taps;
  for (std::string line; std::getline(in, line);)
    taps.push_back(
        std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count());
  if (taps.size() < 5) return std::nullopt;
  return 60 * static_cast<double>(taps.size() - 1) / (taps.back() - taps.front());
}

}  // namespace

int import_music(const fs::path& folder, const fs::path& data, std::ostream& out) {
  if (!fs::is_directory(folder)) {
    out << "there is no folder " << folder.string() << '\n';
    return 2;
  }
  const auto file = library_file(data);
  const auto before = readable_library(file, out);
  Library library;
  library.folder = fs::canonical(folder);
  bool all_read = true;
  for (const auto& path : music_under(library.folder)) {
    if (!player::can_be_named(fs::relative(path, library.folder).string())) {
      out << "bad_name\t" << printable(fs::relative(path, library.folder).string()) << '\n';
      all_read = false;
      continue;
    }
    const auto found = measured(path);
    if (!found || found->silent) {
      out << (found ? "silent" : "unreadable") << '\t' << fs::relative(path, library.folder).string() << '\n';
      all_read = all_read && found;
      continue;
    }
    library.tracks.push_back(track_of(path, library.folder, *found));
    keep_tap(library.tracks.back(), before);
    print(library.tracks.back(), out);
  }
  number_twins(library);
  fs::create_directories(data);
  player::save_library(library, file);
  return all_read ? 0 : 1;
}

int tap(const std::string& id, std::optional<double> bpm, const fs::path& data, std::istream& in,
        std::ostream& out) {
  const auto file = library_file(data);
  auto library = player::load_library(file);
  const auto track = std::ranges::find(library.tracks, id, &Track::id);
  if (track == library.tracks.end()) {
    out << "there is no track " << id << '\n';
    return 1;
  }
  if (!bpm) bpm = tapped(in, out);
  if (!bpm) {
    out << "five taps at least\n";
    return 1;
  }
  believe(*track, *bpm, TempoOrigin::tap);
  player::save_library(library, file);
  print(*track, out);
  return 0;
}

}  // namespace rytme::player_app
