// SPDX-License-Identifier: Apache-2.0
#include "controller/player/library.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <boost/json.hpp>

namespace rytme::player {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

constexpr std::array<std::string_view, 3> origins{"measured", "tag", "tap"};
constexpr std::size_t longest_id = 64;
constexpr double same = 0.04;  // a hint is rounded, or tapped by hand

TempoOrigin origin_from(std::string_view name) {
  const auto found = std::ranges::find(origins, name);
  if (found == origins.end()) throw std::runtime_error("no origin of a tempo");
  return static_cast<TempoOrigin>(found - origins.begin());
}

Track track_from(const json::value& value) {
  const auto text = [&](std::string_view key) { return std::string(value.at(key).as_string()); };
  const auto number = [&](std::string_view key) { return value.at(key).to_number<double>(); };
  Track track;
  track.id = text("id");
  track.file = text("file");
  track.title = text("title");
  track.duration_s = number("duration_s");
  track.bpm = number("bpm");
  track.bpm_confidence = number("bpm_confidence");
  track.first_beat_s = number("first_beat_s");
  track.origin = origin_from(text("bpm_origin"));
  track.loudness_lufs = number("loudness_lufs");
  track.loudness_confidence = number("loudness_confidence");
  track.true_peak_dbfs = number("true_peak_dbfs");
  return track;
}

json::object json_of(const Track& track) {
  return {{"id", track.id},
          {"file", track.file},
          {"title", track.title},
          {"duration_s", track.duration_s},
          {"bpm", track.bpm},
          {"bpm_confidence", track.bpm_confidence},
          {"bpm_origin", name_of(track.origin)},
          {"first_beat_s", track.first_beat_s},
          {"loudness_lufs", track.loudness_lufs},
          {"loudness_confidence", track.loudness_confidence},
          {"true_peak_dbfs", track.true_peak_dbfs}};
}

}  // namespace

std::string_view name_of(TempoOrigin origin) { return origins.at(static_cast<std::size_t>(origin)); }

bool offered(const Track& track, double bpm) {
  if (track.bpm <= 0 || track.bpm_confidence < least_confidence) return false;
  const double speed = bpm / track.bpm;
  return speed >= slowest_speed && speed <= fastest_speed;
}

std::optional<double> same_beat(double measured_bpm, double hint_bpm) {
  for (const double ratio : {1.0, 0.5, 2.0, 2.0 / 3, 1.5, 1.0 / 3, 3.0, 0.25, 4.0}) {
    if (std::abs(measured_bpm * ratio / hint_bpm - 1) <= same) return measured_bpm * ratio;
  }
  return std::nullopt;
}

const Track* Library::find(std::string_view id) const {
  const auto found = std::ranges::find(tracks, id, &Track::id);
  return found == tracks.end() ? nullptr : &*found;
}

std::vector<const Track*> Library::offered_at(double bpm) const {
  std::vector<const Track*> out;
  for (const auto& track : tracks)
    if (offered(track, bpm)) out.push_back(&track);
  return out;
}

const Track* Library::next(double bpm, std::string_view current) const {
  const auto all = offered_at(bpm);
  if (all.empty()) return nullptr;
  const auto here = std::ranges::find(all, current, &Track::id);
  if (here == all.end() || here + 1 == all.end()) return all.front();
  return *(here + 1);
}

bool can_be_named(std::string_view text) {
  if (text.empty()) return false;
  const bool control = std::ranges::any_of(text, [](unsigned char c) { return c < ' ' || c == 0x7F; });
  boost::system::error_code error;
  json::parse(json::serialize(json::string(text.data(), text.size())), error);  // refuses what is not UTF-8
  return !control && !error;
}

Library load_library(const fs::path& file) {
  Library library;
  if (!fs::exists(file)) return library;
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  try {
    const auto root = json::parse(text.str());
    library.folder = std::string(root.at("folder").as_string());
    for (const auto& track : root.at("tracks").as_array()) library.tracks.push_back(track_from(track));
  } catch (const std::exception& error) {
    throw std::runtime_error(file.string() + " is no music library: " + error.what());
  }
  return library;
}

void save_library(const Library& library, const fs::path& file) {
  json::array tracks;
  for (const auto& track : library.tracks) tracks.push_back(json_of(track));
  const json::object root{{"v", 1}, {"folder", library.folder.string()}, {"tracks", std::move(tracks)}};
  const fs::path other = file.string() + ".new";
  std::ofstream out(other, std::ios::trunc);
  out << json::serialize(root) << '\n';
  out.close();
  std::error_code error;
  if (out) fs::rename(other, file, error);
  if (!out || error) throw std::runtime_error("cannot write " + file.string());
}

std::string track_id(std::string_view file) {
  std::string id;
  for (const char c : file.substr(0, file.rfind('.'))) {
    const char small = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool plain = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9');
    if (plain)
      id += small;
    else if (!id.empty() && id.back() != '-')
      id += '-';
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  if (id.size() > longest_id) id.resize(longest_id);
  return id.empty() ? "track" : id;
}

}  // namespace rytme::player
