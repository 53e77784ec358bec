// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/swing_tracker.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rytme::signals {

namespace {

constexpr double pi = std::numbers::pi;
constexpr double gravity = 9.81;
constexpr double slowest_hz = 0.15;
constexpr double fastest_hz = 1.5;
constexpr double least_rate = 0.05;   // rad/s: below it no swing is named
constexpr double lost_rate = 0.025;   // rad/s: below it none is followed
constexpr double rate_noise = 0.01;   // rad/s: of a mean over a tenth of a second, to begin with
constexpr double force_noise = 0.1;   // m/s²
constexpr double least_force = 0.15;  // m/s²: about 8°
constexpr double lost_force = 0.05;
constexpr double least_amplitude_by_force = 0.12;  // rad: 7°
constexpr double regular = 0.7;                    // below it nothing is named
constexpr double frequency_sigma = 0.01;  // relative, one standard deviation: above it nothing is named
constexpr double frequency_sigma_by_force = 0.005;
constexpr double frequency_sigma_good = 0.003;
constexpr double amplitude_sigma = 0.03;
constexpr double expiry_periods = 1.5;
constexpr double forgotten_s = 10;
constexpr std::int64_t clock_limit_us = 1'000'000'000'000'000;  // 31 years of uptime

bool finite(const Vector3& v) { return std::isfinite(v[0]) && std::isfinite(v[1]) && std::isfinite(v[2]); }

double greatest_component(const Vector3& v) {
  return *std::max_element(v.begin(), v.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
}

// The pendulum that has this frequency with this peak rate: Newton is not needed, the peak hardly matters.
double stiffness_of(double frequency_hz, double peak_rate) {
  const double apparent = 2 * pi * frequency_hz;
  const double amplitude = std::min(peak_rate / apparent, 2.0);
  const double slowed = 1 + amplitude * amplitude / 16;
  return apparent * slowed * apparent * slowed;
}

}  // namespace

SwingTracker::SwingTracker()
    : gyro_start_(least_rate, slowest_hz, fastest_hz),
      force_start_(least_force, 2 * slowest_hz, 2 * fastest_hz) {}

void SwingTracker::clear() { *this = SwingTracker(); }

bool SwingTracker::add(const MotionSample& sample) {
  if (sample.t_us < 0 || sample.t_us > clock_limit_us || (sample_us_ && sample.t_us <= *sample_us_) ||
      !finite(sample.acceleration) || (sample.rate && !finite(*sample.rate))) {
    return false;
  }
  if (sample_us_ && static_cast<double>(sample.t_us - *sample_us_) > forgotten_s * 1e6) {
    clear();
  }
  sample_us_ = sample.t_us;
  if (const auto block = blocks_.add(sample)) {
    add_block(*block);
  }
  return true;
}

void SwingTracker::add_block(const MotionBlock& block) {
  const double dt_s = block_us_ ? static_cast<double>(block.middle_us - *block_us_) * 1e-6 : block.span_s;
  block_us_ = block.middle_us;
  axes_.add(std::min(dt_s, 1.0), block);
  const Source source = block.rate ? Source::gyro : Source::force;
  if (source != source_) {
    stop();
    source_ = source;
  }
  if (running_) {
    follow(block, dt_s);
  } else {
    look_for_start(block);
  }
}

double SwingTracker::along(const MotionBlock& block) const {
  if (source_ == Source::gyro) {
    return dot(*block.rate, axes_.axis());
  }
  return axes_.radial(block.acceleration) - axes_.mean_force();
}

void SwingTracker::look_for_start(const MotionBlock& block) {
  auto& start = source_ == Source::gyro ? gyro_start_ : force_start_;
  const auto found = start.add(static_cast<double>(block.middle_us) * 1e-6, along(block));
  if (!found) {
    return;
  }
  if (source_ == Source::gyro) {
    const double k = stiffness_of(found->frequency_hz, found->peak);
    const double rest = std::sqrt(std::max(found->peak * found->peak - found->omega * found->omega, 0.0) / k);
    const double facing = greatest_component(axes_.axis()) < 0 ? -1 : 1;
    const double theta = found->rising ? -rest : rest;
    filter_.start(SwingFilter::Sees::rates, facing * theta, facing * found->omega, k, rate_noise);
    first_ = sum({}, axes_.axis(), facing);  // the same sign in every run
  } else {
    // -C cos 2φ rises through its mean at φ = π/4; 1 - cos A = 2C / 3g.
    const double amplitude = std::acos(std::clamp(1 - 2 * found->peak / (3 * gravity), -1.0, 1.0));
    const double k = stiffness_of(found->frequency_hz / 2, amplitude * pi * found->frequency_hz);
    const double part = amplitude / std::numbers::sqrt2;
    filter_.start(SwingFilter::Sees::force, found->rising ? part : -part, -part * std::sqrt(k), k,
                  force_noise);
  }
  running_ = true;
  followed_s_ = irregular_s_ = 0;
}

void SwingTracker::follow(const MotionBlock& block, double dt_s) {
  const double period_s = 1 / filter_.at(0).frequency_hz();
  if (dt_s > expiry_periods * period_s) {
    return stop();
  }
  bool sane = false;
  if (source_ == Source::gyro) {
    const Vector3 one = axes_.across(first_);
    const Vector3 two = cross(axes_.up(), one);
    sane = filter_.step_rates(dt_s, {dot(*block.rate, one), dot(*block.rate, two), axes_.twist(*block.rate)},
                              block.span_s);
  } else {
    sane = filter_.step_force(dt_s, axes_.radial(block.acceleration));
  }
  followed_s_ += dt_s;
  irregular_s_ = filter_.explained() < regular ? irregular_s_ + dt_s : 0;
  const double lost = source_ == Source::gyro ? lost_rate : lost_force;
  if (!sane || filter_.rms() < lost || irregular_s_ > 3 * period_s ||
      (followed_s_ > 10 && filter_.rms_across() > 2 * filter_.rms())) {
    stop();
  }
}

void SwingTracker::stop() {
  running_ = false;
  gyro_start_.clear();
  force_start_.clear();
}

bool SwingTracker::may_swing() const {
  return running_ || (source_ == Source::gyro && axes_.across_rms() > 2 * least_rate);
}

double SwingTracker::age_s(std::int64_t t_us) const {
  return (static_cast<double>(t_us) - static_cast<double>(*block_us_)) * 1e-6;
}

const SwingFilter* SwingTracker::known(std::int64_t t_us) const {
  if (!running_ || std::abs(age_s(t_us)) > forgotten_s) {
    return nullptr;
  }
  const SwingState state = filter_.at(0);
  const double frequency_hz = state.frequency_hz();
  const double amplitude = state.amplitude();
  const double most_sigma = source_ == Source::gyro ? frequency_sigma : frequency_sigma_by_force;
  const bool enough = source_ == Source::gyro ? amplitude * std::sqrt(state.stiffness) >= least_rate
                                              : amplitude >= least_amplitude_by_force;
  const bool named = enough && age_s(t_us) * frequency_hz <= expiry_periods &&
                     followed_s_ * frequency_hz >= 1 && filter_.explained() >= regular &&
                     state.frequency_sigma <= most_sigma && frequency_hz >= slowest_hz &&
                     frequency_hz <= fastest_hz;
  return named ? &filter_ : nullptr;
}

SwingNow SwingTracker::at(std::int64_t t_us) const {
  SwingNow now;
  if (block_us_ && source_ == Source::gyro && age_s(t_us) < forgotten_s) {
    now.twist_dps = axes_.twist_rms() * 180 / pi;
  }
  const auto* filter = block_us_ ? known(t_us) : nullptr;
  if (filter == nullptr) {
    return now;
  }
  const bool gyro = source_ == Source::gyro;
  const SwingState state = filter->at(age_s(t_us));
  const double frequency_hz = state.frequency_hz();
  now.frequency_hz = frequency_hz;
  now.regularity = filter->explained();
  now.phase_rad = state.phase_rad();
  if (gyro && state.amplitude_sigma < amplitude_sigma) {
    now.amplitude_deg = state.amplitude() * 180 / pi;
  }
  const bool grows = state.growth_per_s > 2 * state.growth_sigma_per_s;
  now.pumping = grows ? std::expm1(2 * state.growth_per_s / frequency_hz) : 0;
  const bool good = gyro && filter->explained() > 0.9 && age_s(t_us) < 0.5 &&
                    state.frequency_sigma < frequency_sigma_good && now.amplitude_deg;
  now.quality = good ? Quality::good : Quality::doubtful;
  return now;
}

std::optional<double> SwingTracker::pendulum_force(std::int64_t t_us, double fastest_by_force_hz) const {
  const auto* filter = block_us_ ? known(t_us) : nullptr;
  if (filter == nullptr) {
    return std::nullopt;
  }
  const SwingState state = filter->at(age_s(t_us));
  if (source_ == Source::force && state.frequency_hz() > fastest_by_force_hz) {
    return std::nullopt;
  }
  const double turning = state.omega * state.omega + state.omega_across * state.omega_across;
  return gravity * (std::cos(state.theta) * std::cos(state.theta_across) + turning / state.stiffness);
}

}  // namespace rytme::signals
