// SPDX-License-Identifier: Apache-2.0
#include "tests/player_app/made_music.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <numbers>
#include <string>

namespace rytme::player_app {
namespace {

constexpr double pi = std::numbers::pi;

void put(std::string& out, std::uint32_t value, int bytes, bool big = false) {
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * (big ? bytes - 1 - i : i)) & 0xffU);
}

void add_kick(std::vector<double>& out, double at_s, double gain, int rate) {
  const auto first = static_cast<std::size_t>(at_s * rate);
  for (std::size_t i = first; i < std::min(out.size(), first + static_cast<std::size_t>(rate) / 4); ++i) {
    const double t = static_cast<double>(i - first) / rate;
    out[i] += gain * std::min(1.0, t / 0.002) * std::exp(-t / 0.07) *
              std::sin(2 * pi * (55 * t + 2.5 * (1 - std::exp(-t / 0.02))));
  }
}

void add_hat(std::vector<double>& out, double at_s, double gain, int rate) {
  const auto first = static_cast<std::size_t>(at_s * rate);
  std::uint32_t seed = 12345;
  for (std::size_t i = first; i < std::min(out.size(), first + static_cast<std::size_t>(rate) / 16); ++i) {
    seed = seed * 1664525U + 1013904223U;
    const double t = static_cast<double>(i - first) / rate;
    out[i] += gain * std::exp(-t / 0.012) * (static_cast<double>(seed) / 2147483648.0 - 1);
  }
}

std::string id3(int bpm) {
  const std::string text = std::to_string(bpm);
  std::string frame = "TBPM";
  put(frame, static_cast<std::uint32_t>(text.size() + 1), 4, true);
  frame += std::string(3, '\0') + text;  // two flags, Latin 1
  std::string out = "ID3\x03";
  out += std::string(2, '\0');
  put(out, static_cast<std::uint32_t>(frame.size()), 4, true);  // under 128: as the format packs it
  return out + frame + (frame.size() % 2 == 0 ? "" : std::string(1, '\0'));
}

std::string chunk(const std::string& name, const std::string& content) {
  std::string out = name;
  put(out, static_cast<std::uint32_t>(content.size()), 4);
  return out + content;
}

}  // namespace

std::vector<double> beats_of(const Piece& piece) {
  std::vector<double> out;
  double t_s = 0.2;
  for (int i = 0; t_s < piece.seconds - 0.3; ++i) {
    out.push_back(t_s);
    t_s += 60 / (piece.bpm * (1 + piece.rubato * std::sin(0.35 * i)));
  }
  return out;
}

std::vector<double> samples_of(const Piece& piece) {
  std::vector<double> sound(static_cast<std::size_t>(piece.seconds * piece.rate));
  for (std::size_t i = 0; i < sound.size(); ++i) {
    const double t = static_cast<double>(i) / piece.rate;
    for (const double third : {1.0, 1.26, 1.498})
      sound[i] += 0.05 * std::sin(2 * pi * piece.root_hz * third * t);
  }
  const auto beats = beats_of(piece);
  for (std::size_t i = 0; i + 1 < beats.size(); ++i) {
    add_kick(sound, beats[i], piece.loud_first && i % 4 == 0 ? 1 : 0.8, piece.rate);
    add_hat(sound, beats[i] + piece.off_beat * (beats[i + 1] - beats[i]), 0.15, piece.rate);
  }
  for (double& sample : sound) sample = std::clamp(sample * piece.gain, -1.0, 1.0);
  return sound;
}

void write_piece(const Piece& piece, const std::filesystem::path& file) {
  std::string data;
  for (const double sample : samples_of(piece))
    put(data, static_cast<std::uint32_t>(std::lround(sample * 32767)), 2);
  std::string format;
  put(format, 1, 2);
  put(format, 1, 2);
  put(format, static_cast<std::uint32_t>(piece.rate), 4);
  put(format, static_cast<std::uint32_t>(piece.rate) * 2, 4);
  put(format, 2, 2);
  put(format, 16, 2);
  std::string body = "WAVE" + chunk("fmt ", format);
  if (piece.tagged_bpm > 0) body += chunk("id3 ", id3(piece.tagged_bpm));
  std::ofstream(file, std::ios::binary) << chunk("RIFF", body + chunk("data", data));
}

}  // namespace rytme::player_app
