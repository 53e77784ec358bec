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
constexpr double silence_lufs = -60;
constexpr double enough_s = 20;  // of music, for a loudness that is to be trusted
constexpr double near = 0.1;     // of a beat

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

double share_of(const Line& line, const std::vector<double>& heard) {
  const double rows = std::round((heard.back() - heard.front()) / line.period_s) + 1;
  double met = 0, last = -1e9;
  for (const double t : heard) {
    const double beats = (t - line.first_s) / line.period_s;
    const double k = std::round(beats);
    if (std::abs(beats - k) > near || k == last) continue;
    met += 1;
    last = k;
  }
  return std::min(1.0, met / rows);
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

// The row that most beats agree on, looked for round the median gap: a detector that slips for some bars, or
// doubles some, outvotes nobody.
Line agreed(const std::vector<double>& heard) {
  constexpr double around = 0.03;
  const double middle = median_gap(heard);
  const auto steps = static_cast<int>(2 * around * static_cast<double>(heard.size()) / 0.04) + 1;
  Fullest best;
  double period = middle;
  for (int i = 0; i <= steps; ++i) {
    const double tried = middle * (1 - around + 2 * around * i / steps);
    const auto found = fullest(tried, heard);
    if (found.count <= best.count) continue;
    best = found;
    period = tried;
  }
  return {period, best.phase * period};
}

}  // namespace

EvenBeats even_beats(const std::vector<double>& heard) {
  if (heard.size() < 8 || median_gap(heard) <= 0) return {};
  auto line = agreed(heard);
  for (int i = 0; i < 3; ++i) line = fitted(line, heard);
  const double behind = std::floor(line.first_s / line.period_s);
  return {60 / line.period_s, line.first_s - behind * line.period_s, share_of(line, heard)};
}

class TrackAnalysis::Impl {
 public:
  Impl()
      : tempo_(new_aubio_tempo("default", window, hop, sample_rate)),
        input_(new_fvec(hop)),
        beat_(new_fvec(1)),
        loudness_(ebur128_init(2, sample_rate, EBUR128_MODE_I | EBUR128_MODE_TRUE_PEAK)) {}
  ~Impl() {
    del_aubio_tempo(tempo_);
    del_fvec(input_);
    del_fvec(beat_);
    ebur128_destroy(&loudness_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void add(std::span<const Frame> frames) {
    ebur128_add_frames_float(loudness_, &frames.data()->left, frames.size());
    for (const auto& frame : frames) {
      input_->data[filled_++] = (frame.left + frame.right) / 2;
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
    const auto beats = even_beats(beats_);
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
    aubio_tempo_do(tempo_, input_, beat_);
    if (beat_->data[0] != 0) beats_.push_back(aubio_tempo_get_last_s(tempo_));
  }
  double true_peak(unsigned channel) const {
    double peak = 0;
    ebur128_true_peak(loudness_, channel, &peak);
    return peak;
  }

  aubio_tempo_t* tempo_;
  fvec_t* input_;
  fvec_t* beat_;
  ebur128_state* loudness_;
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
