// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/analyse_heart.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "controller/signals/beat_cleaner.hpp"
#include "controller/signals/heart_window.hpp"
#include "controller/signals/settled_lane.hpp"

namespace rytme::signals {

namespace {

// Times from the first one on: a wearable may count from when it started, or from 1970.
class Arrivals {
 public:
  std::optional<std::int64_t> of(const Beat& beat) {
    constexpr double limit_s = 1e9;  // 31 years: beyond it the number is no time of this recording
    if (!beat.t_s || !(std::abs(*beat.t_s) < 1e12)) {
      return std::nullopt;
    }
    if (!origin_s_) {
      origin_s_ = std::floor(*beat.t_s);
    }
    const double since_s = *beat.t_s - *origin_s_;
    return std::abs(since_s) < limit_s ? std::optional(std::llround(since_s * 1e6)) : std::nullopt;
  }

 private:
  std::optional<double> origin_s_;
};

HeartWindow window_of(double from_s, double to_s, const WindowResult& result) {
  return {.from_s = from_s,
          .to_s = to_s,
          .raw = result.raw,
          .clean = result.clean,
          .accepted_share = result.count.accepted_share(),
          .pairs_share = result.count.pairs_share(),
          .valid = result.reason.empty(),
          .reason = std::string(result.reason),
          .spectrum = {}};
}

// The accepted beats of the present window, for its spectrum.
class AcceptedBeats {
 public:
  void add(const CleanBeat& beat) {
    elapsed_ms_ += beat.rr_ms;
    if (beat.withdraws_previous && !beats_.empty()) {
      beats_.pop_back();
    }
    if (beat.accepted) {
      beats_.push_back({.t_s = elapsed_ms_ / 1000, .value = beat.rr_ms});
    }
  }
  // Of those until to_s, which are then forgotten.
  std::optional<BandPower> take_until(double to_s) {
    const auto end =
        std::find_if(beats_.begin(), beats_.end(), [&](const SeriesPoint& beat) { return beat.t_s > to_s; });
    const auto power = band_power({beats_.begin(), end});
    beats_.erase(beats_.begin(), end);
    return power;
  }

 private:
  double elapsed_ms_{};
  std::vector<SeriesPoint> beats_;
};

}  // namespace

HeartAnalysis analyse_heart(std::span<const Beat> beats) {
  HeartAnalysis analysis;
  analysis.n = beats.size();
  BeatCleaner cleaner;
  Arrivals arrivals;
  WindowBuilder record(beats.size());
  ConsecutiveWindows windows_300s(300);
  ConsecutiveWindows windows_60s(60);
  SettledLane settled;
  AcceptedBeats accepted;
  const auto flag = [&analysis](const FlaggedBeat& beat) { analysis.flags.push_back(beat); };
  const auto into = [](std::vector<HeartWindow>& windows) {
    return [&windows](double from_s, double to_s, const WindowResult& result) {
      windows.push_back(window_of(from_s, to_s, result));
    };
  };
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const auto beat = cleaner.add(beats[i].rr_ms, arrivals.of(beats[i]));
    if (beat && beat->withdraws_previous) {
      analysis.gate.push_back(i);  // the beat before, counted from 1
    }
    if (!beat || !beat->accepted) {
      analysis.gate.push_back(i + 1);
    }
    if (beat) {
      record.add(*beat);
      accepted.add(*beat);
      windows_300s.add(*beat, [&](double from_s, double to_s, const WindowResult& result) {
        auto window = window_of(from_s, to_s, result);
        const auto spectrum = accepted.take_until(to_s);
        window.spectrum = window.valid ? spectrum : std::nullopt;
        analysis.windows_300s.push_back(std::move(window));
      });
      windows_60s.add(*beat, into(analysis.windows_60s));
      settled.add(beat->rr_ms, flag);
    } else {
      settled.skip();
    }
  }
  settled.finish(flag);
  analysis.record = window_of(0, windows_60s.elapsed_s(), record.result());
  return analysis;
}

}  // namespace rytme::signals
