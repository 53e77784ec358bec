// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/analyse_heart.hpp"

#include <cmath>
#include <cstdint>

#include "controller/signals/beat_cleaner.hpp"
#include "controller/signals/heart_window.hpp"

namespace rytme::signals {

namespace {

std::optional<std::int64_t> arrival_us(const Beat& beat) {
  constexpr double limit_s = 1e9;  // 31 years: beyond it the number is no time of this recording
  if (!beat.t_s || !(std::abs(*beat.t_s) < limit_s)) {
    return std::nullopt;
  }
  return std::llround(*beat.t_s * 1e6);
}

HeartWindow window_of(double from_s, double to_s, const WindowResult& result) {
  return {.from_s = from_s,
          .to_s = to_s,
          .raw = result.raw,
          .clean = result.clean,
          .accepted_share = result.count.accepted_share(),
          .pairs_share = result.count.pairs_share(),
          .valid = result.reason.empty(),
          .reason = std::string(result.reason)};
}

}  // namespace

HeartAnalysis analyse_heart(std::span<const Beat> beats) {
  HeartAnalysis analysis;
  analysis.n = beats.size();
  BeatCleaner cleaner;
  WindowBuilder record(beats.size());
  ConsecutiveWindows windows_300s(300);
  ConsecutiveWindows windows_60s(60);
  const auto into = [](std::vector<HeartWindow>& windows) {
    return [&windows](double from_s, double to_s, const WindowResult& result) {
      windows.push_back(window_of(from_s, to_s, result));
    };
  };
  for (std::size_t i = 0; i < beats.size(); ++i) {
    const auto beat = cleaner.add(beats[i].rr_ms, arrival_us(beats[i]));
    if (beat && beat->withdraws_previous) {
      analysis.gate.push_back(i);  // the beat before, counted from 1
    }
    if (!beat || !beat->accepted) {
      analysis.gate.push_back(i + 1);
    }
    if (beat) {
      record.add(*beat);
      windows_300s.add(*beat, into(analysis.windows_300s));
      windows_60s.add(*beat, into(analysis.windows_60s));
    }
  }
  analysis.record = window_of(0, windows_60s.elapsed_s(), record.result());
  return analysis;
}

}  // namespace rytme::signals
