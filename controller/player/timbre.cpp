// SPDX-License-Identifier: Apache-2.0
#include "controller/player/timbre.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <span>

#include "controller/player/frame.hpp"

namespace rytme::player {
namespace {

constexpr std::array<std::string_view, timbres.size()> names{"heartbeat", "drum", "shaker", "wood"};

// A tone that glides from one frequency to another while it dies away.
struct Partial {
  double start_s, attack_s, decay_s;
  double from_hz, to_hz, glide_s;
  double gain;
};
// Two thumps a third of a second apart, as a heart at rest; the second higher and softer.
constexpr std::array heartbeat{
    Partial{0.00, 0.014, 0.075, 66, 46, 0.05, 1.00}, Partial{0.00, 0.010, 0.040, 132, 96, 0.05, 0.35},
    Partial{0.28, 0.012, 0.060, 82, 58, 0.05, 0.55}, Partial{0.28, 0.010, 0.030, 164, 120, 0.05, 0.20}};
constexpr std::array drum{Partial{0, 0.008, 0.150, 118, 74, 0.035, 1.00},
                          Partial{0, 0.006, 0.060, 236, 170, 0.035, 0.40},
                          Partial{0, 0.005, 0.025, 410, 380, 0.020, 0.15}};
constexpr std::array wood{Partial{0, 0.005, 0.045, 540, 520, 0.02, 1.00},
                          Partial{0, 0.005, 0.022, 1260, 1240, 0.02, 0.30}};

constexpr double inaudible = 1e-4;  // -80 dB: a stroke may end
constexpr double fade_s = 0.02;

double swell(double t, double attack_s) {
  return t >= attack_s ? 1.0 : 0.5 - 0.5 * std::cos(std::numbers::pi * t / attack_s);
}

double length_s(const Partial& partial) {
  return partial.start_s + partial.attack_s - partial.decay_s * std::log(inaudible);
}

void add(const Partial& partial, std::vector<double>& out) {
  const auto first = static_cast<std::size_t>(partial.start_s * sample_rate);
  double turns = 0;
  for (std::size_t i = first; i < out.size(); ++i) {
    const double t = static_cast<double>(i - first) / sample_rate;
    out[i] += partial.gain * swell(t, partial.attack_s) * std::exp(-t / partial.decay_s) *
              std::sin(2 * std::numbers::pi * turns);
    const double glide = std::exp(-t / partial.glide_s);
    turns += (partial.to_hz + (partial.from_hz - partial.to_hz) * glide) / sample_rate;
  }
}

std::vector<double> sum(std::span<const Partial> partials) {
  double longest = 0;
  for (const auto& partial : partials) longest = std::max(longest, length_s(partial));
  std::vector<double> out(static_cast<std::size_t>(longest * sample_rate));
  for (const auto& partial : partials) add(partial, out);
  return out;
}

// Noise between about 2 and 7 kHz: white noise less its slow part, smoothed. The same at every start.
std::vector<double> shake() {
  constexpr double attack_s = 0.012, decay_s = 0.045;
  std::vector<double> out(static_cast<std::size_t>((attack_s - decay_s * std::log(inaudible)) * sample_rate));
  std::uint32_t seed = 2463534242;
  double slow = 0, smooth = 0;
  for (std::size_t i = 0; i < out.size(); ++i) {
    seed = seed * 1664525U + 1013904223U;
    const double white = static_cast<double>(seed) / 2147483648.0 - 1;
    slow += 0.23 * (white - slow);
    smooth += 0.6 * (white - slow - smooth);
    const double t = static_cast<double>(i) / sample_rate;
    out[i] = smooth * swell(t, attack_s) * std::exp(-t / decay_s);
  }
  return out;
}

std::vector<float> finished(const std::vector<double>& raw) {
  double peak = 0;
  for (const double sample : raw) peak = std::max(peak, std::abs(sample));
  const auto fade = static_cast<std::size_t>(fade_s * sample_rate);
  std::vector<float> out(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const double left_s = static_cast<double>(std::min(raw.size() - i, fade)) / sample_rate;
    out[i] = static_cast<float>(raw[i] / peak * swell(left_s, fade_s));
  }
  return out;
}

std::array<std::vector<float>, timbres.size()> make_strokes() {
  return {finished(sum(heartbeat)), finished(sum(drum)), finished(shake()), finished(sum(wood))};
}

}  // namespace

std::string_view name_of(Timbre timbre) { return names.at(static_cast<std::size_t>(timbre)); }

std::optional<Timbre> timbre_from(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return timbres.at(static_cast<std::size_t>(found - names.begin()));
}

const std::vector<float>& stroke_of(Timbre timbre) {
  static const auto strokes = make_strokes();
  return strokes.at(static_cast<std::size_t>(timbre));
}

}  // namespace rytme::player
