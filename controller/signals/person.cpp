// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/person.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "controller/signals/frame_intervals.hpp"

namespace rytme::signals {

namespace {

constexpr double silent_after_s = 5;
constexpr std::int64_t longest_step_s = 6;  // one more than is believed: told as a step of the clock
constexpr double unvouched_quality = 0.5;
constexpr double most_explained_bpm = 13;  // where MovementTrust falls below 0.6

std::vector<HeartDevice> hearts_of(std::span<const WornDevice> worn) {
  std::vector<HeartDevice> hearts;
  hearts.reserve(worn.size());
  std::transform(worn.begin(), worn.end(), std::back_inserter(hearts),
                 [](const WornDevice& of) { return of.heart; });
  return hearts;
}

std::vector<DeviceIndex> devices_of(std::span<const WornDevice> worn) {
  std::vector<DeviceIndex> devices;
  devices.reserve(worn.size());
  std::transform(worn.begin(), worn.end(), std::back_inserter(devices),
                 [](const WornDevice& of) { return of.heart.device; });
  return devices;
}

}  // namespace

Person::Person(std::span<const WornDevice> worn) : hearts_(hearts_of(worn)), movement_(devices_of(worn)) {
  for (const auto& of : worn) {
    lanes_[of.heart.device].place = of.place;
  }
}

bool Person::add(const HeartSample& sample, std::vector<Reading>& readings, std::vector<HeartEvent>& events) {
  const bool fresh = hearts_.would_take(sample);
  const auto told = events.size();
  hearts_.add(sample, readings, events);
  const auto found = lanes_.find(sample.device);
  if (!fresh || found == lanes_.end()) {
    return false;
  }
  auto& lane = found->second;
  if (std::any_of(events.begin() + static_cast<std::ptrdiff_t>(told), events.end(), [&](const auto& event) {
        return event.kind == HeartEvent::Kind::wearer_returned && event.device == sample.device;
      })) {
    lane.heart = {};
  }
  hear(lane, sample);
  const std::int64_t second = lane.seconds.of(sample.stamp.t_us);
  const auto before = std::exchange(lane.second, second);
  if (hearts_.chosen() != sample.device || before == second) {
    return false;
  }
  const bool follows = before && *before < second && source_ == sample.device;
  source_ = sample.device;
  ArousalInput input;
  lane.heart.fill(static_cast<double>(sample.stamp.t_us) * 1e-6, input);
  step(follows ? static_cast<double>(std::min(second - *before, longest_step_s)) : 1, input, sample.received);
  return true;
}

std::optional<MotionSecond> Person::add(const MotionFrame& frame) {
  const auto worn = lanes_.find(frame.device);
  if (worn != lanes_.end() && worn->second.place != place_) {
    place_ = worn->second.place;
    remember(memory_);
  }
  return movement_.add(frame);
}

// As the heart's tracker takes it: nothing without contact, intervals end one after the other at arrival.
void Person::hear(Lane& lane, const HeartSample& sample) {
  if (lane.boot != sample.stamp.boot) {
    lane.boot = sample.stamp.boot;
    lane.heart = {};
    lane.seconds = {};
    lane.second.reset();
  }
  if (sample.contact == Contact::no) {
    return;
  }
  const double arrival_s = static_cast<double>(sample.stamp.t_us) * 1e-6;
  for_each_interval(sample, [&](double rr_ms, std::int64_t end_us) {
    lane.heart.beat(static_cast<double>(end_us) * 1e-6, rr_ms);
  });
  if (sample.bpm) {
    lane.heart.rate(arrival_s, *sample.bpm);
  }
}

bool Person::silent(Instant now, std::vector<HeartEvent>& events) {
  hearts_.choose(now, events);
  if (!stepped_ || seconds_between(*stepped_, now) <= silent_after_s) {
    stepped_ = stepped_.value_or(now);
    return false;
  }
  const auto heard = *stepped_;
  step(1, {}, now);
  stepped_ = heard;  // silent until something is heard
  return true;
}

bool Person::wearer_unsure(Instant now) const {
  const auto source = hearts_.chosen();
  const auto state = source && index_.baseline() ? hearts_.state(*source, now) : std::nullopt;
  return state && state->doubt != WearerDoubt::none;
}

void Person::step(double dt_s, ArousalInput input, Instant now) {
  stepped_ = now;
  t_s_ += dt_s;
  input.t_s = t_s_;
  input.place = place_;
  input.body_mad_g = movement_.mad_g(now);
  const auto source = hearts_.chosen();
  if (const auto state = source ? hearts_.state(*source, now) : std::nullopt) {
    input.optical = state->rate_only || lanes_.at(*source).place == SensorPlace::wrist;
    if (state->now.quality == Quality::doubtful) {
      input.signal_quality = std::min(input.signal_quality, unvouched_quality);
    }
  }
  const bool unsure = wearer_unsure(now);
  if (unsure) {
    input.hr10_bpm.reset();
  }
  if (measurement_ && measurement_->state() == BaselineMeasurement::State::running) {
    measurement_->add(input);
    if (measurement_->result()) {
      index_.set_baseline(*measurement_->result());
    }
  }
  second_ = {.input = input, .arousal = index_.add(input), .source = source, .wearer_unsure = unsure};
  if (unsure) {
    second_.arousal.unknown = ArousalUnknown::wearer_unsure;
  }
}

void Person::take_calm_pulse(std::optional<double> session_age_s) {
  for (const auto& [device, lane] : lanes_) {
    hearts_.confirm_wearer(device, false);
  }
  measurement_.emplace(memory_.calm, session_age_s);
}

void Person::forget_baseline() {
  measurement_.reset();
  build_index();
}

std::optional<double> Person::motion_free_bpm(Instant now) const {
  const auto heart = hearts_.at(now);
  const double elevation_bpm = index_.elevation_bpm();
  const bool told = heart.quality == Quality::good && elevation_bpm <= most_explained_bpm;
  return told ? std::optional{*heart.bpm - elevation_bpm} : std::nullopt;
}

void Person::remember(const PersonMemory& memory) {
  memory_ = memory;
  const auto baseline = index_.baseline();
  build_index();
  if (baseline) {
    index_.set_baseline(*baseline);
  }
  if (measurement_) {
    measurement_->compare_with(memory.calm);
  }
}

void Person::confirm_wearer(bool another) {
  for (const auto& [device, lane] : lanes_) {
    hearts_.confirm_wearer(device, another);
  }
  if (another) {
    memory_ = {};
    forget_baseline();
  }
}

void Person::build_index() {
  const MovementGainLearner learner(memory_.movement.at(static_cast<std::size_t>(place_)));
  index_ = ArousalIndex(learner.gains(prior_gains(place_)), learner);
}

}  // namespace rytme::signals
