// SPDX-License-Identifier: Apache-2.0
#include "controller/player/sound_limits.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace rytme::player {
namespace {

constexpr double rise_db_per_block = rise_db_per_s * block_s;
constexpr double highest_cap_dbfs = -1;
constexpr double inaudible = 1e-7;  // -140 dBFS

float finite(float sample) { return std::isfinite(sample) ? sample : 0.0F; }

}  // namespace

void RiseAllowance::add(double peak) {
  ++block_;
  if (count_ > 0 && entries_[first_].block <= block_ - static_cast<std::int64_t>(blocks)) {
    first_ = (first_ + 1) % blocks;
    --count_;
  }
  if (peak < inaudible) return;
  const Entry entry{block_, decibels_of(peak) - rise_db_per_block * static_cast<double>(block_)};
  while (count_ > 0 && entries_[(first_ + count_ - 1) % blocks].level_db <= entry.level_db) --count_;
  entries_[(first_ + count_) % blocks] = entry;
  ++count_;
}

double RiseAllowance::next() const {
  if (count_ == 0) return 0;
  return amplitude_of(entries_[first_].level_db + rise_db_per_block * static_cast<double>(block_ + 1));
}

SoundLimits::SoundLimits(double cap_dbfs) : cap_(amplitude_of(std::min(cap_dbfs, highest_cap_dbfs))) {}

double SoundLimits::take_in(const Block& block) {
  float peak = 0;
  for (std::size_t i = 0; i < block.size(); ++i) {
    const Frame frame{high_pass_[0].next(finite(block[i].left)), high_pass_[1].next(finite(block[i].right))};
    peak = std::max({peak, meter_[0].add(frame.left), meter_[1].add(frame.right)});
    coming_[i] = std::exchange(late_[late_at_], frame);
    late_at_ = (late_at_ + 1) % late_.size();
  }
  for (auto& filter : high_pass_) filter.settle();
  return peak;
}

void SoundLimits::send_out(Block& block, double from, double to) {
  for (std::size_t i = 0; i < block.size(); ++i) {
    const auto gain =
        static_cast<float>(from + (to - from) * static_cast<double>(i) / static_cast<double>(block.size()));
    block[i] = {waiting_[i].left * gain, waiting_[i].right * gain};
  }
}

// One block waits while the next is measured: at the border between two the gain suits both, and in between
// it is a straight line.
void SoundLimits::process(Block& block) {
  const double peak = take_in(block);
  const double may = std::min(cap_, std::max(allowance_.next(), cap_ * quiet));
  const double need = peak > may ? may / peak : 1.0;
  const double risen = gain_ * amplitude_of(rise_db_per_block);
  const double next = std::min({1.0, risen, need, waiting_need_});
  send_out(block, gain_, next);
  allowance_.add(waiting_peak_ * std::min(gain_, next));
  std::swap(waiting_, coming_);
  waiting_peak_ = peak;
  waiting_need_ = need;
  gain_ = next;
}

}  // namespace rytme::player
