// SPDX-License-Identifier: Apache-2.0
#include "tests/faults/faulty_sensor.hpp"

#include <cmath>
#include <numbers>
#include <utility>

#include "controller/simulator/frames.hpp"

namespace rytme::test {
namespace {

constexpr int swing_samples = 10;
constexpr std::int64_t swing_step_us = 100'000;
constexpr double swing_hz = 0.35, swing_amplitude_rad = 0.4, gravity = 9.81;

std::vector<homie::Property> stream(FaultySensor::Kind kind) {
  homie::Property property;
  property.node = kind == FaultySensor::Kind::heart ? "hr" : "motion";
  property.id = kind == FaultySensor::Kind::heart ? "sample" : "frame";
  property.datatype = "json";
  property.retained = false;
  return {property};
}

}  // namespace

FaultySensor::FaultySensor(Kind kind, std::string device, std::string node, std::uint64_t seed)
    : kind_(kind),
      device_(std::move(device)),
      homie_(std::move(node), device_, stream(kind)),
      random_(seed, 90) {}

std::vector<MqttPublish> FaultySensor::on_connect(Instant) { return homie_.announcement(); }

void FaultySensor::tick(Instant now, std::vector<MqttPublish>& out) {
  next_ = now + std::chrono::seconds{1};
  const auto t_us = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  MqttPublish message;
  message.topic = homie_.topic(kind_ == Kind::heart ? "hr/sample" : "motion/frame");
  message.qos = 0;
  ++seq_;
  if (fault_ == SensorFault::garbage)
    message.payload = random_.chance(0.5) ? "{\"v\":1,\"boot\":" : "nan";
  else
    message.payload = kind_ == Kind::heart ? heart(t_us) : swing(t_us);
  out.push_back(std::move(message));
}

std::string FaultySensor::heart(std::int64_t t_us) {
  simulator::HeartFrame frame;
  frame.t_us = t_us;
  if (fault_ != SensorFault::stuck) bpm_ += random_.normal() + 0.02 * (80 - bpm_);
  double bpm = bpm_;
  if (fault_ == SensorFault::zero) bpm = 0;
  if (fault_ == SensorFault::absurd) bpm = random_.uniform(1, 254);
  frame.bpm = static_cast<int>(bpm);
  if (frame.bpm > 0) frame.rr_1024.push_back(static_cast<std::uint16_t>(60 * 1024 / bpm));
  return simulator::heart_frame_text(frame, "5eed", seq_);
}

std::string FaultySensor::swing(std::int64_t t_us) {
  simulator::MotionColumns columns;
  for (int i = 0; i < swing_samples; ++i) {
    columns.t_us.push_back(t_us + i * swing_step_us);
    const double phase = 2 * std::numbers::pi * swing_hz * static_cast<double>(columns.t_us.back()) * 1e-6;
    double sway = swing_amplitude_rad * std::sin(phase);
    if (fault_ == SensorFault::stuck || fault_ == SensorFault::zero) sway = 0;
    if (fault_ == SensorFault::absurd) sway = random_.uniform(-10, 10);
    const auto value = [](double exact) { return static_cast<float>(std::round(exact * 100) / 100); };
    columns.ax.push_back(value(gravity * sway));
    columns.ay.push_back(0);
    columns.az.push_back(value(gravity * (1 - sway * sway / 2)));
  }
  return simulator::motion_frame_text(columns, 0, columns.t_us.size(), "5eed", seq_);
}

}  // namespace rytme::test
