// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/swing_filter.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace rytme::signals {

using enum pendulum::Index;
using pendulum::Transition;

namespace {

// Random walks, per √s; relative to the motion where a motion is changed by a hand or a body.
constexpr double push = 0.002;           // of the rate's size
constexpr double push_across = 0.3;      // of what is pushed along
constexpr double push_floor = 0.0005;    // rad/s
constexpr double stiffness_walk = 2e-4;  // of the stiffness
// Differences that are not white, as a multiple of the noise: the rope has become another one (a rider stands
// up).
constexpr double strange_from = 2;
constexpr double strange_most = 5;
constexpr double strange_walk = 50;
constexpr double split_walk = 2e-4;       // of the stiffness
constexpr double growth_walk = 0.002;     // 1/s
constexpr double bias_walk = 2e-4;        // rad/s
constexpr double force_bias_walk = 5e-3;  // m/s²
constexpr double gravity = 9.81;          // m/s²
// What is known before anything is measured.
constexpr double stiffness_sigma = 0.25;  // of the stiffness
constexpr double split_sigma = 0.1;       // of the stiffness: bifilar suspensions, seats with two lengths
constexpr double growth_sigma = 0.05;     // 1/s
constexpr double bias_sigma = 0.03;       // rad/s
constexpr double leak_sigma = 0.1;        // of the twist: the rope's direction is known to some degrees
constexpr double force_bias_sigma = 0.3;  // m/s²
constexpr double growth_memory_s = 30;
constexpr double least_noise = 5e-4;  // rad/s
constexpr double split_known = 2;     // standard deviations
constexpr double turn_known = 1;      // standard deviations
constexpr double turn_doubt = 0.3;    // of what a turn changes
constexpr double turn_growth = 0.01;  // 1/s per rad

double squared(double x) { return x * x; }

}  // namespace

void SwingFilter::start(Sees sees, double theta, double omega, double k, double noise) {
  *this = {};
  sees_ = sees;
  x_[theta1] = theta;
  x_[omega1] = omega;
  x_[stiffness] = k;
  const double rate = std::sqrt(squared(omega) + k * squared(theta));
  const double bias = sees == Sees::rates ? bias_sigma : force_bias_sigma;
  p_[theta1][theta1] = p_[theta2][theta2] = squared(0.3 * rate) / k;
  p_[omega1][omega1] = p_[omega2][omega2] = squared(0.3 * rate);
  p_[stiffness][stiffness] = squared(stiffness_sigma * k);
  p_[split][split] = p_[coupling][coupling] = squared(split_sigma * k);
  p_[growth1][growth1] = p_[growth2][growth2] = squared(growth_sigma);
  p_[bias1][bias1] = p_[bias2][bias2] = squared(bias);
  p_[leak1][leak1] = p_[leak2][leak2] = squared(leak_sigma);
  noise_ = squared(std::max(noise, least_noise));
}

bool SwingFilter::step_rates(double dt_s, const Rates& rates, double span_s) {
  predict(dt_s);
  const double half = std::sqrt(std::max(x_[stiffness], 0.0)) * span_s / 2;
  const double mean = 1 - squared(half) / 6 + squared(squared(half)) / 120;  // sin x / x
  const double c = std::cos(axis_rad_);
  const double s = std::sin(axis_rad_);
  const double along = c * rates.along + s * rates.across - x_[bias1] - x_[leak1] * rates.twist;
  const double across = c * rates.across - s * rates.along - x_[bias2] - x_[leak2] * rates.twist;
  const double difference = along - mean * x_[omega1];
  const double surprise = correct({{omega1, bias1, leak1}, {mean, 1, rates.twist}}, difference);
  correct({{omega2, bias2, leak2}, {mean, 1, rates.twist}}, across - mean * x_[omega2]);
  across_ += std::min(dt_s / 5, 1.0) * (squared(across) - across_);
  learn(dt_s, difference, surprise, along);
  align();
  return sane();
}

// force = g (cos θ + ω²/k): weight along the rope, and what the turning needs (sensor at the rope's end).
bool SwingFilter::step_force(double dt_s, double force) {
  predict(dt_s);
  const double k = std::max(x_[stiffness], 0.1);
  const double turning = squared(x_[omega1]) / k;
  const double expected = gravity * (std::cos(x_[theta1]) + turning) + x_[bias1];
  const Slope slope{
      {theta1, omega1, stiffness, bias1},
      {-gravity * std::sin(x_[theta1]), 2 * gravity * x_[omega1] / k, -gravity * turning / k, 1}};
  const double difference = force - expected;
  const double surprise = correct(slope, difference);
  learn(dt_s, difference, surprise, force - gravity - x_[bias1]);
  return sane();
}

void SwingFilter::predict(double dt_s) {
  constexpr double longest_s = 0.2;  // of one linearisation
  const int steps = std::clamp(static_cast<int>(std::ceil(dt_s / longest_s)), 1, 200);
  const double h = dt_s / steps;
  for (int i = 0; i < steps; ++i) {
    const Vector before = x_;
    x_ = pendulum::moved_on(x_, h);
    Vector mid = x_;
    for (std::size_t j = 0; j < motion; ++j) {
      mid[j] = (before[j] + x_[j]) / 2;
    }
    predict_covariance(h, mid);
    add_process_noise(h);
  }
  const double stays = std::exp(-dt_s / growth_memory_s);
  x_[growth1] *= stays;
  x_[growth2] *= stays;
}

// P <- F P F' with F = [A B; 0 I]: A the two transitions, B what stiffness and
// growth push; the small coupling pushes with the motion as it is in the middle.
void SwingFilter::predict_covariance(double h, const Vector& x) {
  const double k2 = x[stiffness] + x[split];
  const Transition first = pendulum::transition(x[stiffness] * std::cos(x[theta1]), x[growth1], h);
  const Transition second = pendulum::transition(k2 * std::cos(x[theta2]), x[growth2], h);
  const double sin1 = std::sin(x[theta1]);
  const double sin2 = std::sin(x[theta2]);
  std::array<Vector, motion> fp{};  // the first rows of F P
  for (std::size_t j = 0; j < size; ++j) {
    const double push1 = -sin1 * p_[stiffness][j] + 2 * x[omega1] * p_[growth1][j] -
                         x[theta2] * p_[coupling][j] - x[coupling] * p_[theta2][j];
    const double push2 = -sin2 * (p_[stiffness][j] + p_[split][j]) + 2 * x[omega2] * p_[growth2][j] -
                         x[theta1] * p_[coupling][j] - x[coupling] * p_[theta1][j];
    fp[theta1][j] = first.by[0][0] * p_[theta1][j] + first.by[0][1] * p_[omega1][j] + first.push[0] * push1;
    fp[omega1][j] = first.by[1][0] * p_[theta1][j] + first.by[1][1] * p_[omega1][j] + first.push[1] * push1;
    fp[theta2][j] =
        second.by[0][0] * p_[theta2][j] + second.by[0][1] * p_[omega2][j] + second.push[0] * push2;
    fp[omega2][j] =
        second.by[1][0] * p_[theta2][j] + second.by[1][1] * p_[omega2][j] + second.push[1] * push2;
  }
  for (std::size_t i = 0; i < motion; ++i) {
    const Vector& row = fp[i];
    const double push1 = -sin1 * row[stiffness] + 2 * x[omega1] * row[growth1] - x[theta2] * row[coupling] -
                         x[coupling] * row[theta2];
    const double push2 = -sin2 * (row[stiffness] + row[split]) + 2 * x[omega2] * row[growth2] -
                         x[theta1] * row[coupling] - x[coupling] * row[theta1];
    p_[i][theta1] = first.by[0][0] * row[theta1] + first.by[0][1] * row[omega1] + first.push[0] * push1;
    p_[i][omega1] = first.by[1][0] * row[theta1] + first.by[1][1] * row[omega1] + first.push[1] * push1;
    p_[i][theta2] = second.by[0][0] * row[theta2] + second.by[0][1] * row[omega2] + second.push[0] * push2;
    p_[i][omega2] = second.by[1][0] * row[theta2] + second.by[1][1] * row[omega2] + second.push[1] * push2;
    for (std::size_t j = motion; j < size; ++j) {
      p_[i][j] = p_[j][i] = row[j];
    }
  }
}

void SwingFilter::add_process_noise(double h) {
  const double k = x_[stiffness];
  const double rate1 = squared(x_[omega1]) + k * squared(x_[theta1]);
  const double rate2 = squared(x_[omega2]) + k * squared(x_[theta2]) + squared(push_across) * rate1;
  const double more = std::clamp(surprise_, 1.0, 25.0);
  const double hand = h * squared(std::max(alarm_, 1.0));
  p_[omega1][omega1] += squared(push * std::sqrt(rate1) + push_floor) * hand;
  p_[omega2][omega2] += squared(push * std::sqrt(rate2) + push_floor) * hand;
  const double strange = std::clamp(unexplained_ / noise_ - strange_from, 0.0, strange_most);
  p_[stiffness][stiffness] += squared(stiffness_walk * k * (1 + strange * strange_walk)) * h * more;
  const bool rates = sees_ == Sees::rates;
  p_[bias1][bias1] += squared(rates ? bias_walk : force_bias_walk) * h;
  p_[bias2][bias2] += squared(bias_walk) * h;
  p_[split][split] += squared(split_walk * k) * h;
  p_[coupling][coupling] += squared(split_walk * k) * h;
  p_[growth1][growth1] += squared(growth_walk) * h * more;
  p_[growth2][growth2] += squared(growth_walk) * h * more;
  const auto cap = [this](std::size_t i, double most) {
    if (p_[i][i] <= most) {
      return;
    }
    const double scale = std::sqrt(most / p_[i][i]);
    for (std::size_t j = 0; j < size; ++j) {
      p_[i][j] *= scale;
      p_[j][i] *= scale;
    }
  };
  cap(stiffness, squared(stiffness_sigma * k));
  cap(split, squared(split_sigma * k));
  cap(coupling, squared(split_sigma * k));
  cap(growth1, squared(growth_sigma));
  cap(growth2, squared(growth_sigma));
  cap(bias1, squared(rates ? bias_sigma : force_bias_sigma));
  cap(bias2, squared(bias_sigma));
}

double SwingFilter::correct(const Slope& slope, double difference) {
  Vector ph{};
  for (std::size_t n = 0; n < slope.index.size(); ++n) {
    const Vector& row = p_[slope.index[n]];
    for (std::size_t i = 0; i < size; ++i) {
      ph[i] += slope.value[n] * row[i];
    }
  }
  double variance = noise_;
  for (std::size_t n = 0; n < slope.index.size(); ++n) {
    variance += slope.value[n] * ph[slope.index[n]];
  }
  for (std::size_t i = 0; i < size; ++i) {
    const double gain = ph[i] / variance;
    x_[i] += gain * difference;
    for (std::size_t j = 0; j < size; ++j) {
      p_[i][j] -= gain * ph[j];
    }
  }
  return squared(difference) / variance;
}

// The white part of the differences is noise, what they have in common from one to the next is a motion that
// the model did not expect: the filter then trusts itself less.
void SwingFilter::learn(double dt_s, double difference, double surprise, double measured) {
  followed_s_ += dt_s;
  const double periods = dt_s * std::sqrt(std::max(x_[stiffness], 0.01)) / (2 * std::numbers::pi);
  const double slow = std::min(std::max(periods / 3, dt_s / (followed_s_ + 1)), 1.0);
  const double fast = std::min(std::max(periods, dt_s / followed_s_), 1.0);
  const double white = squared(difference - last_difference_) / 2;
  noise_ = std::max(noise_ + slow * (std::min(white, 9 * noise_) - noise_), squared(least_noise));
  surprise_ += fast * (std::min(surprise, 25.0) - surprise_);
  alarm_ += std::min(10 * periods, 1.0) * (std::min(surprise, 100.0) - alarm_);
  last_difference_ = difference;
  unexplained_ += fast * (squared(difference) - unexplained_);
  measured_ += fast * (squared(measured) - measured_);
}

// Two directions in which the motions exchange no energy: tan 2α = 2c / (k1 - k2). Known at once for a swing
// on one rope, after some ten seconds on an elliptic path; what was learnt across it before is then doubtful.
void SwingFilter::align() {
  const double difference = std::hypot(x_[split], 2 * x_[coupling]);
  const double sigma = std::sqrt(p_[split][split] + 4 * p_[coupling][coupling]);
  if (difference < split_known * sigma ||
      std::abs(x_[coupling]) < turn_known * std::sqrt(p_[coupling][coupling])) {
    return;
  }
  double alpha = std::atan2(2 * x_[coupling], -x_[split]) / 2;
  if (alpha > std::numbers::pi / 4) alpha -= std::numbers::pi / 2;  // the nearer of the two
  if (alpha < -std::numbers::pi / 4) alpha += std::numbers::pi / 2;
  turn(alpha);
  p_[coupling][coupling] += squared(turn_doubt * alpha * difference);
  p_[growth1][growth1] += squared(turn_growth * alpha);
  p_[growth2][growth2] += squared(turn_growth * alpha);
}

// New first direction = the old one turned by `angle`. Linear in the state but for the growths, which are
// left.
void SwingFilter::turn(double angle) {
  axis_rad_ += angle;
  const double c = std::cos(angle);
  const double s = std::sin(angle);
  const auto pair = [c, s](double& one, double& two) {
    const double old = one;
    one = c * old + s * two;
    two = c * two - s * old;
  };
  const auto both = [&](Vector& v) {
    pair(v[theta1], v[theta2]);
    pair(v[omega1], v[omega2]);
    pair(v[bias1], v[bias2]);
    pair(v[leak1], v[leak2]);
    const double d = v[split];
    const double q = v[coupling];
    v[stiffness] += s * s * d + 2 * c * s * q;
    v[split] = (c * c - s * s) * d - 4 * c * s * q;
    v[coupling] = c * s * d + (c * c - s * s) * q;
  };
  both(x_);
  for (auto& row : p_) {
    both(row);
  }
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      std::swap(p_[i][j], p_[j][i]);
    }
  }
  for (auto& row : p_) {
    both(row);
  }
}

bool SwingFilter::sane() const {
  constexpr double slowest = 0.6;  // 1/s²: 0.12 Hz
  constexpr double fastest = 160;  // 2 Hz
  for (std::size_t i = 0; i < size; ++i) {
    if (!std::isfinite(x_[i]) || !(p_[i][i] >= 0)) {
      return false;
    }
  }
  return x_[stiffness] > slowest && x_[stiffness] < fastest && std::abs(x_[theta1]) < std::numbers::pi;
}

SwingState SwingFilter::at(double ahead_s) const {
  const Vector x = pendulum::moved_on(x_, ahead_s);
  return {.theta = x[theta1],
          .omega = x[omega1],
          .theta_across = x[theta2],
          .omega_across = x[omega2],
          .stiffness = x[stiffness],
          .growth_per_s = x[growth1],
          .growth_sigma_per_s = std::sqrt(p_[growth1][growth1]),
          .frequency_sigma = std::sqrt(p_[stiffness][stiffness]) / x[stiffness] / 2,
          .amplitude_sigma = axis_sigma() * roundness()};
}

double SwingFilter::axis_sigma() const {
  const double difference = std::hypot(x_[split], 2 * x_[coupling]);
  const double sigma = std::sqrt(p_[coupling][coupling]);
  return std::min(sigma / std::max(difference, sigma), 1.0);
}

double SwingFilter::roundness() const {
  return measured_ > 0 ? std::min(std::sqrt(across_ / measured_), 1.0) : 0;
}

double SwingFilter::explained() const {
  return measured_ > 0 ? std::clamp(1 - unexplained_ / measured_, 0.0, 1.0) : 0;
}

double SwingFilter::rms() const { return std::sqrt(measured_); }
double SwingFilter::rms_across() const { return std::sqrt(across_); }

}  // namespace rytme::signals
