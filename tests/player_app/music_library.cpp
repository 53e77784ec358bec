// SPDX-License-Identifier: Apache-2.0
#include "tests/player_app/music_library.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <numbers>
#include <stdexcept>

#include <fmt/format.h>

#include "controller/player/library.hpp"
#include "tests/player/listening.hpp"

namespace rytme::player_app {

namespace fs = std::filesystem;

namespace {

void sox(const std::string& words) {
  if (std::system(("sox " + words + " 2>/dev/null").c_str()) != 0)
    throw std::runtime_error("is sox installed? " + words);
}

double tone_in(const std::vector<float>& samples, double hz, double from_s, double window_s) {
  constexpr double rate = player::sample_rate;
  const auto size = static_cast<std::size_t>(window_s * rate);
  const auto from = static_cast<std::size_t>(from_s * rate);
  std::complex<double> sum;
  for (std::size_t i = 0; i < size; ++i) {
    const double way = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(size);
    const double turn = 2 * std::numbers::pi * hz * static_cast<double>(i) / rate;
    sum += double{samples.at(from + i)} * (1 - std::cos(way)) * std::polar(1.0, -turn);
  }
  return 2 * std::abs(sum) / static_cast<double>(size);
}

}  // namespace

MusicLibrary::MusicLibrary(const std::map<std::string, Piece>& pieces) {
  fs::create_directories(music());
  for (const auto& [id, piece] : pieces) write_piece(piece, music() / (id + ".wav"));
  if (run_player({"import", music().string(), "--data", data().string()}) != 0)
    throw std::runtime_error("not all was imported");
  // The detector may have found the hats too.
  for (const auto& [id, piece] : pieces)
    run_player({"tap", id, "--bpm", fmt::format("{}", piece.bpm), "--data", data().string()});
}

double MusicLibrary::bpm(const std::string& id) const {
  return player::load_library(data() / "music.json").find(id)->bpm;
}

fs::path MusicLibrary::rendered(double seconds, std::vector<std::string> wishes) const {
  const auto file = data() / "out.wav";
  std::vector<std::string> words{"render",        file.string(), "--data",
                                 data().string(), "--seconds",   fmt::format("{}", seconds),
                                 "source=library"};
  words.insert(words.end(), wishes.begin(), wishes.end());
  words.insert(words.end(), {"volume=100", "play=true"});
  if (run_player(words) != 0) throw std::runtime_error("not rendered");
  return file;
}

// aubio hears the hats too, so they are taken away; what is left of them is quiet.
std::vector<double> kicks(const fs::path& file, double apart_s) {
  const auto low = fs::path(file).replace_filename("low.wav");
  sox(fmt::format("{} {} lowpass 150 lowpass 150 gain -n -1", file.string(), low.string()));
  return player::onsets(low, apart_s, -35);
}

std::vector<float> samples_of(const fs::path& file) {
  const auto raw = fs::path(file).replace_filename("left.raw");
  sox(fmt::format("{} -t f32 {} remix 1", file.string(), raw.string()));
  std::ifstream in(raw, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  std::vector<float> out(bytes.size() / sizeof(float));
  std::memcpy(out.data(), bytes.data(), out.size() * sizeof(float));
  return out;
}

double tone_at(const std::vector<float>& samples, double hz, double at_s, double window_s) {
  std::array<double, 5> windows{};
  for (std::size_t i = 0; i < windows.size(); ++i)
    windows[i] = tone_in(samples, hz, at_s + (static_cast<double>(i) - 3) * window_s / 2, window_s);
  std::ranges::nth_element(windows, windows.begin() + 2);
  return windows[2];
}

}  // namespace rytme::player_app
