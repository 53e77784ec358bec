// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/simulated_heart.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "controller/simulator/movement_plan.hpp"
#include "controller/simulator/random.hpp"

namespace rytme::simulator {
namespace {

constexpr double tau_on_s = 45;
constexpr double tau_off_s = 25;
constexpr double lowest_rest_bpm = 68;
constexpr double highest_rest_bpm = 86;
constexpr double lowest_gain_bpm = 25;  // at full effort
constexpr double highest_gain_bpm = 40;
constexpr double breath_hz = 0.25;
constexpr double breath_share = 0.05;  // of the RR interval, at rest; fades with effort
constexpr double slow_wave_hz = 0.1;
constexpr double slow_wave_share = 0.02;
constexpr double noise_s = 0.006;
constexpr double shortest_rr_s = 0.33;
constexpr double longest_rr_s = 1.6;
constexpr double missed_beat_share = 0.002;
constexpr std::size_t averaged_beats = 5;
constexpr double frame_period_us = 1e6;
constexpr double frame_jitter_us = 5e3;

// The beats, one after another.
class Heart {
 public:
  explicit Heart(std::uint64_t seed)
      : plan_(seed),
        random_(seed, 2),
        rest_bpm_(random_.uniform(lowest_rest_bpm, highest_rest_bpm)),
        gain_bpm_(random_.uniform(lowest_gain_bpm, highest_gain_bpm)) {}

  // The next interval in s.
  double next_rr() {
    double rr = 60.0 / (rest_bpm_ + gain_bpm_ * load_);
    const double phase = 2 * std::numbers::pi * t_s_;
    rr *= 1 + breath_share * (1 - 0.7 * load_) * std::sin(phase * breath_hz) +
          slow_wave_share * std::sin(phase * slow_wave_hz);
    rr = std::clamp(rr + noise_s * random_.normal(), shortest_rr_s, longest_rr_s);
    const double effort = plan_.effort(t_s_);
    load_ += (effort - load_) * (1 - std::exp(-rr / (effort > load_ ? tau_on_s : tau_off_s)));
    t_s_ += rr;
    return rr;
  }

 private:
  MovementPlan plan_;
  Random random_;
  double rest_bpm_;
  double gain_bpm_;
  double load_{};  // x of physiology §6: effort as the pulse has followed it
  double t_s_{};
};

// When the strap loses something: the radio (frames missing) or the skin (no contact).
class Trouble {
 public:
  explicit Trouble(std::uint64_t seed) : random_(seed, 3) { plan(0); }
  enum class Kind : std::uint8_t { none, radio, skin };
  Kind at(double t_s) {
    while (t_s >= to_s_) plan(to_s_);
    if (t_s < from_s_) return Kind::none;
    return radio_ ? Kind::radio : Kind::skin;
  }

 private:
  void plan(double from_s) {
    from_s_ = from_s + 30 + random_.exponential(150);
    to_s_ = from_s_ + random_.uniform(3, 9);
    radio_ = random_.chance(0.5);
  }
  Random random_;
  double from_s_{}, to_s_{};
  bool radio_{};
};

class SimulatedHeart : public FrameSource {
 public:
  explicit SimulatedHeart(std::uint64_t seed) : heart_(seed), trouble_(seed), random_(seed, 4) {}

  std::optional<std::int64_t> next_us() const override { return next_us_; }

  std::optional<std::string> take(std::string_view boot, std::uint64_t seq) override {
    auto frame = measure();
    const auto trouble = trouble_.at(static_cast<double>(frame.t_us) * 1e-6);
    ++taken_;
    next_us_ = std::llround(static_cast<double>(taken_ + 1) * frame_period_us +
                            random_.uniform(-frame_jitter_us, frame_jitter_us));
    if (trouble == Trouble::Kind::radio) return std::nullopt;
    if (trouble == Trouble::Kind::skin) {
      frame.contact = false;
      frame.bpm = 0;
      frame.rr_1024.clear();
    }
    return heart_frame_text(frame, boot, seq);
  }

 private:
  // The beats that ended since the last frame.
  HeartFrame measure() {
    HeartFrame frame;
    frame.t_us = next_us_;
    while (beat_s_ * 1e6 <= static_cast<double>(next_us_)) {
      if (interval_s_ > 0)
        frame.rr_1024.push_back(static_cast<std::uint16_t>(std::lround(interval_s_ * 1024)));
      note(interval_s_);
      interval_s_ = heart_.next_rr();
      if (random_.chance(missed_beat_share)) interval_s_ += heart_.next_rr();
      beat_s_ += interval_s_;
    }
    frame.bpm = static_cast<int>(std::lround(60.0 / mean_interval()));
    return frame;
  }
  void note(double interval_s) {
    if (interval_s <= 0) return;
    recent_.push_back(interval_s);
    if (recent_.size() > averaged_beats) recent_.erase(recent_.begin());
  }
  double mean_interval() const {
    if (recent_.empty()) return interval_s_;
    double sum = 0;
    for (const double interval : recent_) sum += interval;
    return sum / static_cast<double>(recent_.size());
  }

  Heart heart_;
  Trouble trouble_;
  Random random_;
  double interval_s_{};  // the one that ends at beat_s_; 0 before the first beat
  double beat_s_{};      // the beat that is still to come
  std::vector<double> recent_;
  std::int64_t taken_{};
  std::int64_t next_us_{1'000'000};
};

}  // namespace

std::unique_ptr<FrameSource> simulated_heart(std::uint64_t seed) {
  return std::make_unique<SimulatedHeart>(seed);
}

}  // namespace rytme::simulator
