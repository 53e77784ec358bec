// SPDX-License-Identifier: Apache-2.0
#include "tests/player/listening.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include "controller/player/wav_file.hpp"

namespace rytme::player {
namespace {

namespace fs = std::filesystem;

std::size_t frame_at(const Sound& sound, double t_s) {
  return std::min(sound.size(), static_cast<std::size_t>(std::max(0.0, t_s) * sample_rate));
}

double off(double beat, double bpm, double first_s) {
  const double beats = (beat - first_s) * bpm / 60;
  return std::abs(beats - std::round(beats)) * 60 / bpm;
}

}  // namespace

Sound render(Engine& engine, double seconds, const std::function<void(double)>& before_block) {
  Sound sound;
  Block block;
  for (double t_s = 0; t_s < seconds - block_s / 2; t_s += block_s) {
    if (before_block) before_block(t_s);
    engine.render(block);
    sound.insert(sound.end(), block.begin(), block.end());
  }
  return sound;
}

std::span<const Frame> part(const Sound& sound, double from_s, double to_s) {
  const auto from = frame_at(sound, from_s);
  return std::span(sound).subspan(from, frame_at(sound, to_s) - from);
}

double peak(std::span<const Frame> sound) {
  double highest = 0;
  for (const auto& frame : sound)
    highest = std::max({highest, std::abs(double{frame.left}), std::abs(double{frame.right})});
  return highest;
}

double largest_step(std::span<const Frame> sound) {
  double largest = 0;
  for (std::size_t i = 1; i < sound.size(); ++i)
    largest = std::max({largest, std::abs(double{sound[i].left} - double{sound[i - 1].left}),
                        std::abs(double{sound[i].right} - double{sound[i - 1].right})});
  return largest;
}

void write(const fs::path& file, const Sound& sound) {
  WavFile wav(file);
  wav.add(sound);
  wav.close();
}

std::vector<double> onsets(const fs::path& file, double apart_s, double quietest_db) {
  const auto line = fmt::format("aubioonset -i {} -O hfc -t 0.3 -s {} -B 512 -H 64 -M {} 2>/dev/null",
                                file.string(), quietest_db, apart_s);
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(line.c_str(), "r"), ::pclose);
  std::vector<double> out;
  for (double value{}; pipe && std::fscanf(pipe.get(), "%lf", &value) == 1;) out.push_back(value);
  if (out.empty()) throw std::runtime_error("aubioonset heard nothing; is aubio-tools installed?");
  return out;
}

std::vector<double> onsets(const Sound& sound, double apart_s) {
  const auto file = fs::temp_directory_path() / fmt::format("rytme-sound-{}.wav", ::getpid());
  write(file, sound);
  const auto out = onsets(file, apart_s);
  fs::remove(file);
  return out;
}

double bpm_of(const std::vector<double>& beats) {
  const auto n = static_cast<double>(beats.size());
  if (n < 3) return 0;
  double sum{}, weighted{};
  for (std::size_t i = 0; i < beats.size(); ++i) {
    sum += beats[i];
    weighted += static_cast<double>(i) * beats[i];
  }
  const double mean_index = (n - 1) / 2;
  return 60 / ((weighted - mean_index * sum) / (n * (n * n - 1) / 12));
}

double furthest_off_s(const std::vector<double>& beats, double bpm, double first_s) {
  double furthest = 0;
  for (const double beat : beats) furthest = std::max(furthest, off(beat, bpm, first_s));
  return furthest;
}

std::vector<double> between(const std::vector<double>& beats, double from_s, double to_s) {
  std::vector<double> out;
  for (const double beat : beats)
    if (beat >= from_s && beat < to_s) out.push_back(beat);
  return out;
}

}  // namespace rytme::player
