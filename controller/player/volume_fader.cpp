// SPDX-License-Identifier: Apache-2.0
#include "controller/player/volume_fader.hpp"

#include <algorithm>

#include "controller/player/frame.hpp"

namespace rytme::player {
namespace {

constexpr double first_fade_s = 3.0;
constexpr double begin_s = 0.01;  // from nothing to where a sound begins
constexpr double fall_s = 0.1;    // from 1 to nothing

double factor_of(double db_per_s) { return amplitude_of(db_per_s / sample_rate); }

}  // namespace

void VolumeFader::aim(double volume) {
  wanted_ = std::clamp(volume, 0.0, 1.0);
  const double way_db = decibels_of(std::max(wanted_, quiet)) - decibels_of(quiet);
  // Who wants no more than the first step has no fade of its own: the next step is not the first any more.
  const bool fades_in = from_silence_ && wanted_ > quiet;
  factor_ = factor_of(fades_in ? std::min(rise_db_per_s, way_db / first_fade_s) : rise_db_per_s);
}

double VolumeFader::up() const {
  const double begin = std::min(quiet, wanted_);
  if (now_ < begin) return std::min(begin, now_ + begin / (begin_s * sample_rate));
  return std::min(wanted_, now_ * factor_);
}

double VolumeFader::next() {
  now_ = now_ > wanted_ ? std::max(wanted_, now_ - 1 / (fall_s * sample_rate)) : up();
  if (now_ == wanted_) from_silence_ = wanted_ <= 0;
  return now_;
}

}  // namespace rytme::player
