// SPDX-License-Identifier: Apache-2.0
#include "controller/player/speaker.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace rytme::player {
namespace {

constexpr std::chrono::seconds retry_after{2};
// So much lies in the device: what a command waits for before it is heard, and what a late wake-up may take.
// Its own clock may be a little faster than ours; one that swallows everything at once must not hurry the
// music.
constexpr double ahead_s = 0.05, clock_ratio = 1.001;
// After a pause of the whole machine what was missed is left out.
constexpr double most_missed_s = 0.5;

}  // namespace

void Speaker::lose(std::string why, Instant now) {
  output_.reset();
  retry_at_ = now + retry_after;
  began_.reset();
  if (why != last_told_) news_ = last_told_ = std::move(why);
}

void Speaker::look_for_device(Instant now) {
  if (output_ || now < retry_at_) return;
  try {
    output_ = open_();
    began_.reset();
    news_ = last_told_ = "";
  } catch (const std::exception& error) {
    lose(error.what(), now);
  }
}

void Speaker::pump(Engine& engine, Instant now) {
  look_for_device(now);
  const double behind_s =
      began_ ? seconds_between(*began_, now) - static_cast<double>(frames_) / sample_rate : 0;
  if (!began_ || behind_s > most_missed_s) {
    began_ = now;
    frames_ = 0;
  }
  const double due_s = seconds_between(*began_, now) * (output_ ? clock_ratio : 1) + (output_ ? ahead_s : 0);
  const auto space = output_ ? output_->space() : block_frames * 1000;
  if (!space) return lose("the sound device is gone", now);
  auto blocks = *space / block_frames;
  Block block;
  for (; blocks > 0 && static_cast<double>(frames_ + block_frames) / sample_rate <= due_s; --blocks) {
    engine.render(block);
    frames_ += block_frames;
    if (output_ && !output_->write(block)) return lose("the sound device is gone", now);
  }
}

std::optional<double> Speaker::delay_s() const {
  return output_ ? std::optional(output_->delay_s()) : std::nullopt;
}

std::optional<std::string> Speaker::news() { return std::exchange(news_, std::nullopt); }

}  // namespace rytme::player
