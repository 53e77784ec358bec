// SPDX-License-Identifier: Apache-2.0
// Streams from bodies and seats, and what is to be kept of them.
#include <utility>

#include "controller/app/core.hpp"

namespace rytme::app {

void Core::take(const HeartSample& sample, Now now, Effects&) {
  watch_.heard(sample.device, now.steady);
  live_.take(sample, session_.recording());
}

void Core::take(const MotionFrame& frame, Now now, Effects&) {
  watch_.heard(frame.device, now.steady);
  live_.take(frame, session_.recording());
}

void Core::store_signals(Now now, Effects& effects) {
  for (auto& row : live_.rows()) {
    JournalEntry entry;
    entry.session = std::move(row.session);
    entry.what = std::move(row.what);
    journal(std::move(entry), now, effects);
  }
  live_.rows().clear();
  for (auto& notice : std::exchange(live_.notices(), {})) effects.notices.push_back(std::move(notice));
  if (auto participant = live_.wants()) effects.recall = std::move(participant);
  dirty_ = live_.changed() || dirty_;
}

}  // namespace rytme::app
