// SPDX-License-Identifier: Apache-2.0
#include "controller/safety/last_stage.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <utility>

#include "controller/safety/flapping.hpp"
#include "controller/safety/light_track.hpp"
#include "controller/safety/sound_track.hpp"

namespace rytme::safety {
namespace {

constexpr double longest_glide_s = 3600.0;
constexpr double lowest_cct_k = 1000.0;
constexpr double highest_cct_k = 20000.0;
constexpr double absurd_bpm = 1000.0;

bool is_share(double value) { return std::isfinite(value) && value >= 0.0 && value <= 1.0; }

double clean_glide(double glide_s) { return glide_s > 0.0 ? std::min(glide_s, longest_glide_s) : 0.0; }

double clean_cct(double cct_k) {
  return std::isfinite(cct_k) && cct_k >= lowest_cct_k && cct_k <= highest_cct_k ? cct_k : 0.0;
}

// What is not a sensible number is as if it had not been asked for.
Aim cleaned(Aim aim) {
  if (aim.light && !is_share(aim.light->level)) aim.light.reset();
  if (aim.light) aim.light->cct_k = clean_cct(aim.light->cct_k);
  if (aim.volume && !is_share(*aim.volume)) aim.volume.reset();
  if (aim.tempo_bpm && !(*aim.tempo_bpm > 0.0 && *aim.tempo_bpm < absurd_bpm)) aim.tempo_bpm.reset();
  if (aim.tempo_bpm) aim.tempo_bpm = std::clamp(*aim.tempo_bpm, tempo_low_bpm, tempo_high_bpm);
  aim.light_glide_s = clean_glide(aim.light_glide_s);
  aim.volume_glide_s = clean_glide(aim.volume_glide_s);
  aim.tempo_glide_s = clean_glide(aim.tempo_glide_s);
  return aim;
}

std::vector<Setting> settings_of(const LightOrder& order) {
  std::vector<Setting> settings{{Capability::light_level, order.level, ""}};
  if (order.cct_k) settings.push_back({Capability::light_cct_k, *order.cct_k, ""});
  return settings;
}

}  // namespace

class LastStage::Impl {
 public:
  struct Light {
    DeviceIndex device{};
    LightTrack track;
    Flapping flapping;
  };

  Impl(std::vector<Fixture>&& fixtures, const SafetyLimits& wanted) : limits(wanted) {
    for (const Fixture& fixture : std::exchange(fixtures, {})) {
      if (fixture.is_light) lights.push_back({fixture.device, LightTrack(fixture), {}});
      if (fixture.is_player) players.push_back({fixture.device, SoundTrack(limits)});
    }
  }

  Command command(DeviceIndex device, std::vector<Setting> settings, const std::string& origin,
                  Instant now) const {
    return {device, std::move(settings), std::chrono::milliseconds{0}, now + command_expiry, generation,
            origin};
  }

  void due_sound(Instant now, std::vector<Sent>& out);
  void due_light(Instant now, std::vector<Sent>& out);
  bool is_held(const Light& light) const { return light.flapping.on() && !latched; }

  SafetyLimits limits;
  std::vector<Light> lights;
  std::vector<std::pair<DeviceIndex, SoundTrack>> players;
  bool latched{};
  std::uint64_t generation{1};  // 0 means "not a command" to the transports
};

LastStage::LastStage(std::vector<Fixture> fixtures, const SafetyLimits& limits)
    : impl_(std::make_unique<Impl>(std::move(fixtures), limits)) {}
LastStage::~LastStage() = default;

void LastStage::aim(const Aim& aim, Instant now) {
  if (impl_->latched) return;
  const Aim clean = cleaned(aim);
  if (!clean.only)
    for (auto& [device, player] : impl_->players) player.aim(clean, now);
  if (!clean.light) return;
  const SafetyLimits& limits = impl_->limits;
  const double slew = clean.direction == Direction::up
                          ? std::min(limits.light_activating_per_s, slew_activating_per_s)
                          : std::min(limits.light_calming_per_s, slew_calming_per_s);
  for (auto& light : impl_->lights)
    if (!clean.only || *clean.only == light.device)
      light.track.aim({*clean.light, clean.light_glide_s, slew, clean.origin}, now);
}

std::uint64_t LastStage::stop(Instant now, const std::string& origin) {
  if (!impl_->latched) ++impl_->generation;
  impl_->latched = true;
  for (auto& [device, player] : impl_->players) player.stop(origin, now);
  for (auto& light : impl_->lights) light.track.stop(origin, now);
  return impl_->generation;
}

void LastStage::reset(Instant) {
  impl_->latched = false;
  for (auto& light : impl_->lights) light.track.release();
}

bool LastStage::latched() const { return impl_->latched; }
std::uint64_t LastStage::generation() const { return impl_->generation; }

void LastStage::observed_light(DeviceIndex device, double linear, Instant now) {
  if (!is_share(linear)) return;
  for (auto& light : impl_->lights)
    if (light.device == device) light.track.observed(linear, now);
}

void LastStage::observed_volume(DeviceIndex device, double volume, Instant now) {
  if (!is_share(volume)) return;
  for (auto& [index, player] : impl_->players)
    if (index == device) player.observed_volume(volume, now);
}

void LastStage::took_step(DeviceIndex device, double linear) {
  for (auto& light : impl_->lights)
    if (light.device == device) light.track.took(linear);
}

void LastStage::came_late(DeviceIndex device, Instant now) {
  for (auto& [index, player] : impl_->players)
    if (index == device) player.came_late(now);
}

void LastStage::lost(DeviceIndex device, Instant now) {
  for (auto& light : impl_->lights)
    if (light.device == device) light.track.lost(now);
}

void LastStage::reassert(DeviceIndex device, Instant now) {
  for (auto& light : impl_->lights)
    if (light.device == device) light.track.reassert(now);
  for (auto& [index, player] : impl_->players)
    if (index == device) player.reassert(now);
}

bool LastStage::announced(DeviceIndex device, Instant now) {
  for (auto& light : impl_->lights)
    if (light.device == device) return light.flapping.announced(now);
  return false;
}

bool LastStage::quarantined(DeviceIndex device) const {
  return std::any_of(impl_->lights.begin(), impl_->lights.end(),
                     [&](const Impl::Light& light) { return light.device == device && light.flapping.on(); });
}

void LastStage::Impl::due_sound(Instant now, std::vector<Sent>& out) {
  for (auto& [device, player] : players) {
    std::vector<Setting> settings = player.due(now);
    if (!settings.empty()) out.push_back({command(device, std::move(settings), player.origin(), now), 0.0});
  }
}

void LastStage::Impl::due_light(Instant now, std::vector<Sent>& out) {
  for (auto& light : lights) {
    if (light.flapping.end_due(now)) light.track.reassert(now);
    if (is_held(light)) continue;
    const std::optional<LightOrder> order = light.track.due(now);
    if (!order) continue;
    Sent sent{command(light.device, settings_of(*order), light.track.origin(), now), order->linear};
    sent.command.transition = order->transition;
    out.push_back(std::move(sent));
  }
}

// A stop silences first. Otherwise light first: a player takes several messages, and whoever tapped looks at
// the light.
std::vector<Sent> LastStage::due(Instant now) {
  std::vector<Sent> out;
  if (impl_->latched) impl_->due_sound(now, out);
  impl_->due_light(now, out);
  if (!impl_->latched) impl_->due_sound(now, out);
  return out;
}

Instant LastStage::next_wake() const {
  Instant wake = Instant::max();
  for (const auto& [device, player] : impl_->players) wake = std::min(wake, player.next_wake());
  for (const auto& light : impl_->lights) {
    wake = std::min(wake, light.flapping.ends());
    if (!impl_->is_held(light)) wake = std::min(wake, light.track.next_wake());
  }
  return wake;
}

std::optional<Beat> LastStage::beat(Instant now) const {
  for (const auto& [device, player] : impl_->players)
    if (const std::optional<Beat> beat = player.beat(now)) return beat;
  return std::nullopt;
}

double LastStage::volume_now() const {
  for (const auto& [device, player] : impl_->players)
    if (player.volume() > 0) return player.volume();
  return 0.0;
}

double LastStage::light_now(Instant now) const {
  if (impl_->lights.empty()) return 0.0;
  double sum = 0.0;
  for (const auto& light : impl_->lights) sum += light.track.linear_at(now);
  return sum / static_cast<double>(impl_->lights.size());
}

double LastStage::light_of(DeviceIndex device, Instant now) const {
  for (const auto& light : impl_->lights)
    if (light.device == device) return light.track.linear_at(now);
  return 0.0;
}

}  // namespace rytme::safety
