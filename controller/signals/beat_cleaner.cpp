// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/beat_cleaner.hpp"

namespace rytme::signals {

std::optional<CleanBeat> BeatCleaner::add(double rr_ms, std::optional<std::int64_t> arrival_us) {
  if (!is_interval(rr_ms)) {
    interrupt();
    return std::nullopt;
  }
  CleanBeat beat{.rr_ms = rr_ms, .in_range = rr_in_range(rr_ms), .difference_ms = {}};
  const auto link = chain_.add(rr_ms, arrival_us);
  beat.gap = link == BeatChain::Link::gap;
  if (link != BeatChain::Link::continues) {
    gate_.interrupt();
    predecessor_ms_.reset();
  }
  const auto verdict = gate_.judge(rr_ms);
  beat.accepted = verdict.accepted;
  beat.withdraws_previous = verdict.withdraws_previous;
  if (beat.accepted && predecessor_ms_) {
    beat.difference_ms = rr_ms - *predecessor_ms_;
  }
  predecessor_ms_ = beat.accepted ? std::optional{rr_ms} : std::nullopt;
  return beat;
}

void BeatCleaner::interrupt() {
  chain_.interrupt();
  gate_.interrupt();
  predecessor_ms_.reset();
}

}  // namespace rytme::signals
