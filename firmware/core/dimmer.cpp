// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/dimmer.hpp"

#include <algorithm>

namespace rytme::firmware {
namespace {

constexpr std::int64_t us_per_s = 1'000'000;

// Full per second in thousandths as levels per second.
constexpr std::uint32_t levels_per_s(std::uint32_t thousandths) {
  return thousandths * dimmer_registers::full / 1000;
}

}  // namespace

Dimmer::Dimmer(const DimmerSettings& settings, const Levels& outputs, Instant now)
    : settings_(settings), aims_(settings.power_on), heard_(now), stepped_(now) {
  for (std::size_t channel = 0; channel < outputs.size(); ++channel)
    outputs_[channel] = std::uint32_t{outputs[channel]} << 16U;
}

void Dimmer::command(std::size_t channel, std::uint16_t level) {
  if (stopped_) return;
  tripped_ = false;
  aims_.at(channel) = level;
  ramps_.at(channel) = 0;
}

void Dimmer::step(const DimmerInputs& inputs, Instant now) {
  look_at(inputs, now);
  const auto elapsed = std::min(now - stepped_, longest_step);
  stepped_ = now;
  for (std::size_t channel = 0; channel < outputs_.size(); ++channel) move(channel, elapsed.count());
}

void Dimmer::look_at(const DimmerInputs& inputs, Instant now) {
  input_mute_ = inputs.mute;
  if (inputs.stop_open && !stopped_) {
    ++stops_;
    lead_to_safe(stop_ramp, std::min<std::uint32_t>(limit_thousandths(), stop_slew_thousandths));
  }
  stopped_ = inputs.stop_open;
  if (now - heard_ <= settings_.watchdog || tripped_) return;
  tripped_ = true;
  ++trips_;
  if (!stopped_) lead_to_safe(settings_.fade, limit_thousandths());
}

std::uint32_t Dimmer::limit_thousandths() const {
  return std::min(settings_.slew_thousandths, slew_ceiling_thousandths);
}

// Evenly from where the light is, so that it arrives when the ramp is over.
void Dimmer::lead_to_safe(Micros ramp, std::uint32_t limit) {
  aims_ = settings_.safe;
  muted_ = {};
  const auto fastest = levels_per_s(limit);
  for (std::size_t channel = 0; channel < aims_.size(); ++channel) {
    const std::int64_t way = std::int64_t{aims_[channel]} - output(channel);
    const std::int64_t levels = (way < 0 ? -way : way) + 1;  // and a little, so that it is not late
    const auto wanted =
        ramp.count() == 0 ? std::int64_t{fastest} : (levels * us_per_s + ramp.count() - 1) / ramp.count();
    ramps_[channel] = static_cast<std::uint32_t>(std::min<std::int64_t>(wanted, fastest));
  }
}

void Dimmer::move(std::size_t channel, std::int64_t elapsed_us) {
  const bool dark = !stopped_ && !tripped_ && (input_mute_ || muted_[channel]);
  const std::int64_t aim = dark ? 0 : std::int64_t{aims_[channel]} << 16U;
  const std::uint32_t slowest = levels_per_s(limit_thousandths());
  const std::uint32_t rate = ramps_[channel] == 0 || dark ? slowest : ramps_[channel];
  const std::int64_t most = ((std::int64_t{rate} << 16U) * elapsed_us) / us_per_s;
  const std::int64_t now_at = outputs_[channel];
  outputs_[channel] = static_cast<std::uint32_t>(now_at + std::clamp(aim - now_at, -most, most));
}

}  // namespace rytme::firmware
