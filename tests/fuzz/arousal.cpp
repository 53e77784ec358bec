// SPDX-License-Identifier: Apache-2.0
// Beats, rates, acceleration and seconds through the arousal pipeline. Input: events of one byte for the kind
// (and in its high bits how the clock goes on) and eight for a number, any bits of a double.
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "controller/signals/analyse_arousal.hpp"
#include "controller/signals/arousal_text.hpp"

namespace {

using namespace rytme::signals;

void check(const ArousalNowResult& now) {
  const auto finite = [](const std::optional<double>& value) { return !value || std::isfinite(*value); };
  const bool fine = finite(now.hr_bpm) && finite(now.expected_bpm) && finite(now.index) &&
                    now.confidence >= 0 && now.confidence <= 1 &&
                    now.level.has_value() == (now.unknown == ArousalUnknown::no) &&
                    now.level.value_or(0) >= 0 && now.level.value_or(0) <= highest_level &&
                    (!now.may_act() || now.confidence >= automation_from);
  if (!fine) std::abort();
}

class Events {
 public:
  Events() { pipeline_.begin_baseline(BaselineMeasurement::Ends::by_itself); }

  void take(unsigned kind, double value) {
    switch (kind & 7U) {
      case 0:
        pipeline_.beat(t_s_, value);
        return;
      case 1:
        pipeline_.rate(t_s_, value);
        return;
      case 2:
        pipeline_.acceleration(t_s_, 0, value, 1);
        return;
      case 3:
        t_s_ = value;  // the clock is set
        return;
      case 4:
        pipeline_.begin_baseline(BaselineMeasurement::Ends::when_told, value);
        return;
      case 5:
        pipeline_.finish_baseline();
        return;
      default:
        // Ordinary seconds, so that a calm pulse and levels come about.
        for (unsigned i = 0; i < 1 + (kind >> 3U) * 8; ++i) second(value);
    }
  }

 private:
  void second(double rr_ms) {
    t_s_ += 1;
    pipeline_.beat(t_s_ - 0.5, rr_ms + (++n_ % 3));
    for (int i = 0; i < 10; ++i) pipeline_.acceleration(t_s_ - 1 + i / 10.0, 0, 0, 1 + 0.001 * (i % 2));
    const auto& now = pipeline_.tick(t_s_);
    check(now);
    // Another calm pulse begins the levels anew, and so does a minute without a pulse: unknown lies between.
    const auto& baseline = pipeline_.index().baseline();
    const double calm_bpm = baseline ? baseline->calm_bpm : 0;
    const bool same_calm = calm_bpm == calm_bpm_;
    if (same_calm && now.level && last_ && std::abs(*now.level - *last_) > 1) std::abort();
    last_ = now.level;
    calm_bpm_ = calm_bpm;
    if (line_.write(now, pipeline_.index().baseline(), ArousalLanguage::nb).size() > 400) std::abort();
  }

  ArousalPipeline pipeline_{SensorPlace::chest, false};
  ArousalLine line_;
  double t_s_{};
  unsigned n_{};
  std::optional<int> last_;
  double calm_bpm_{};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Events events;
  for (std::size_t at = 0; at + 9 <= size && at < 9UL * 200; at += 9) {
    double value{};
    std::memcpy(&value, data + at + 1, sizeof value);
    events.take(data[at], value);
  }
  return 0;
}
