// SPDX-License-Identifier: Apache-2.0
#include "controller/player/pulse.hpp"

#include <algorithm>

#include "controller/player/frame.hpp"

namespace rytme::player {

void Pulse::strike(Timbre timbre) {
  if (frames_ < free_from_) return;
  const auto free = std::ranges::find(strokes_, nullptr, &Stroke::samples);
  if (free == strokes_.end()) return;
  *free = {&stroke_of(timbre), 0};
  free_from_ = frames_ + sample_rate / 5;
}

void Pulse::hush() {
  strokes_ = {};
  free_from_ = frames_;
}

float Pulse::next() {
  ++frames_;
  float sum = 0;
  for (auto& stroke : strokes_) {
    if (stroke.samples == nullptr) continue;
    sum += (*stroke.samples)[stroke.at];
    if (++stroke.at == stroke.samples->size()) stroke.samples = nullptr;
  }
  return sum;
}

}  // namespace rytme::player
