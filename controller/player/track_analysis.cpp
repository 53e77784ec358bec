// SPDX-License-Identifier: Apache-2.0
#include "controller/player/track_analysis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <aubio/aubio.h>
#include <ebur128.h>

namespace rytme::player {
namespace {

constexpr uint_t hop = 512, window = 1024;
constexpr double onset_early_s = 0.01;  // aubio tells strokes so much before they begin (measured)
constexpr float low_share = 0.02F;      // of each new sample, twice: under about 150 Hz
constexpr std::size_t enough = 8;       // beats, to speak of a row
constexpr double silence_lufs = -60;
constexpr double enough_s = 20;  // of music, for a loudness that is to be trusted
constexpr double near = 0.1;     // of a beat
constexpr double met_by = 0.07;  // of a beat

struct Line {
  double period_s{}, first_s{};
};

// Least squares through those beats that stand near the row as it is.
Line fitted(const Line& line, const std::vector<double>& heard) {
  double n{}, sk{}, skk{}, st{}, skt{};
  for (const double t : heard) {
    const double beats = (t - line.first_s) / line.period_s;
    const double k = std::round(beats);
    if (std::abs(beats - k) > near) continue;
    n += 1, sk += k, skk += k * k, st += t, skt += k * t;
  }
  const double spread = n * skk - sk * sk;
  if (n < 3 || spread <= 0) return line;
  const double period = (n * skt - sk * st) / spread;
  return {period, (st - period * sk) / n};
}

double median_gap(const std::vector<double>& heard) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < heard.size(); ++i) gaps.push_back(heard[i] - heard[i - 1]);
  std::nth_element(gaps.begin(), gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2), gaps.end());
  return gaps[gaps.size() / 2];
}

// How many of the row's beats were heard, less what would be met by chance were the onsets spread evenly.
double share_of(const Line& line, const std::vector<double>& heard) {
  const double rows = std::round((heard.back() - heard.front()) / line.period_s) + 1;
  double met = 0, last = -1e9;
  for (const double t : heard) {
    const double beats = (t - line.first_s) / line.period_s;
    const double k = std::round(beats);
    if (std::abs(beats - k) > met_by || k == last) continue;
    met += 1;
    last = k;
  }
  const double chance = 1 - std::exp(-2 * met_by * static_cast<double>(heard.size()) / rows);
  return std::clamp((met / rows - chance) / (1 - chance), 0.0, 1.0);
}

// How many beats fall into the fullest sixth of the period, and where that is.
struct Fullest {
  int count{};
  double phase{};
};
Fullest fullest(double period_s, const std::vector<double>& heard) {
  constexpr int bins = 48, wide = 8;
  std::array<int, bins> histogram{};
  for (const double t : heard) {
    const double beats = t / period_s;
    ++histogram[static_cast<std::size_t>((beats - std::floor(beats)) * bins) % bins];
  }
  Fullest best;
  for (std::size_t first = 0; first < bins; ++first) {
    int count = 0;
    for (std::size_t i = 0; i < wide; ++i) count += histogram[(first + i) % bins];
    if (count > best.count) best = {count, (static_cast<double>(first) + wide / 2.0) / bins};
  }
  return best;
}

// The period round the tracker's own that most beginnings agree on. The beat itself is where the bass is:
// hats between the beats are as even as the beats.
Line agreed(const Heard& heard) {
  constexpr double around = 0.04;
  const double middle = median_gap(heard.beats);
  const double rows = (heard.begins.back() - heard.begins.front()) / middle;
  const auto steps = static_cast<int>(2 * around * rows / 0.04) + 1;
  Fullest best;
  double period = middle;
  for (int i = 0; i <= steps; ++i) {
    const double tried = middle * (1 - around + 2 * around * i / steps);
    const auto found = fullest(tried, heard.begins);
    if (found.count <= best.count) continue;
    best = found;
    period = tried;
  }
  const auto& says = heard.low.size() < enough ? heard.beats : heard.low;
  return {period, fullest(period, says).phase * period};
}

struct Deleter {
  void operator()(fvec_t* of) const { del_fvec(of); }
  void operator()(aubio_tempo_t* of) const { del_aubio_tempo(of); }
  void operator()(aubio_onset_t* of) const { del_aubio_onset(of); }
};
using Samples = std::unique_ptr<fvec_t, Deleter>;

class Onsets {
 public:
  explicit Onsets(const char* by) : finder_(new_aubio_onset(by, window, hop, sample_rate)) {}
  void add(const fvec_t* samples) {
    aubio_onset_do(finder_.get(), samples, found_.get());
    if (found_->data[0] != 0) all.push_back(aubio_onset_get_last_s(finder_.get()) + onset_early_s);
  }
  std::vector<double> all;

 private:
  std::unique_ptr<aubio_onset_t, Deleter> finder_;
  Samples found_{new_fvec(1)};
};

}  // namespace

EvenBeats even_beats(const Heard& heard) {
  if (heard.beats.size() < enough || heard.begins.size() < enough || median_gap(heard.beats) <= 0) return {};
  auto line = agreed(heard);
  for (int i = 0; i < 10; ++i) line = fitted(line, heard.begins);
  const double behind = std::floor(line.first_s / line.period_s);
  return {60 / line.period_s, line.first_s - behind * line.period_s, share_of(line, heard.begins)};
}

class TrackAnalysis::Impl {
 public:
  Impl()
      : tempo_(new_aubio_tempo("default", window, hop, sample_rate)),
        loudness_(ebur128_init(2, sample_rate, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK)) {}
  ~Impl() { ebur128_destroy(&loudness_); }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void add(std::span<const Frame> frames) {
    ebur128_add_frames_float(loudness_, &frames.data()->left, frames.size());
    for (const auto& frame : frames) {
      const float both = (frame.left + frame.right) / 2;
      low_once_ += low_share * (both - low_once_);
      low_twice_ += low_share * (low_once_ - low_twice_);
      input_->data[filled_] = both;
      low_->data[filled_++] = low_twice_;
      if (filled_ == hop) find_beats();
    }
    frames_ += frames.size();
  }

  TrackMeasured result() const {
    TrackMeasured out;
    out.duration_s = static_cast<double>(frames_) / sample_rate;
    ebur128_loudness_global(loudness_, &out.loudness_lufs);
    out.silent = !(out.loudness_lufs > silence_lufs);
    if (out.silent) return out;
    out.loudness_confidence = std::min(1.0, out.duration_s / enough_s);
    out.true_peak_dbfs = decibels_of(std::max(true_peak(0), true_peak(1)));
    const auto beats = even_beats({beats_, begins_.all, bass_.all});
    out.bpm = beats.bpm;
    out.first_beat_s = beats.first_s;
    // Beats that keep to a row in a tenth of the track say nothing of the rest.
    const double covered = beats_.empty() ? 0 : (beats_.back() - beats_.front()) / out.duration_s;
    out.bpm_confidence = beats.share * std::min(1.0, covered / 0.8);
    return out;
  }

 private:
  void find_beats() {
    filled_ = 0;
    aubio_tempo_do(tempo_.get(), input_.get(), beat_.get());
    if (beat_->data[0] != 0) beats_.push_back(aubio_tempo_get_last_s(tempo_.get()));
    begins_.add(input_.get());
    bass_.add(low_.get());
  }
  double true_peak(unsigned channel) const {
    double peak = 0;
    ebur128_true_peak(loudness_, channel, &peak);
    return peak;
  }

  std::unique_ptr<aubio_tempo_t, Deleter> tempo_;
  Samples input_{new_fvec(hop)}, low_{new_fvec(hop)}, beat_{new_fvec(1)};
  Onsets begins_{"default"}, bass_{"energy"};
  ebur128_state* loudness_;
  float low_once_{}, low_twice_{};
  uint_t filled_{};
  std::size_t frames_{};
  std::vector<double> beats_;
};

TrackAnalysis::TrackAnalysis() : impl_(std::make_unique<Impl>()) {}
TrackAnalysis::~TrackAnalysis() = default;
void TrackAnalysis::add(std::span<const Frame> frames) {
  if (!frames.empty()) impl_->add(frames);
}
TrackMeasured TrackAnalysis::result() const { return impl_->result(); }

}  // namespace rytme::player
