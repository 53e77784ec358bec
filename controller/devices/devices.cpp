// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/devices.hpp"

#include "controller/devices/engine.hpp"

namespace rytme::devices {

std::string_view name_of(Refusal refusal) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(Refusal::count_)> names{
      "unknown topic", "malformed", "wrong type", "out of range", "retained", "too large"};
  return names.at(static_cast<std::size_t>(refusal));
}

Devices::Devices(const settings::House& house) : engine_(std::make_unique<Engine>(house)) {}
Devices::~Devices() = default;

std::vector<MqttSubscription> Devices::subscriptions() const { return engine_->subscriptions(); }
std::vector<RegisterRead> Devices::polls() const { return engine_->polls(); }
std::vector<MqttPublish> Devices::refreshes() const { return engine_->refreshes(std::nullopt, true); }
std::vector<MqttPublish> Devices::refreshes(DeviceIndex device, bool setup) const {
  return engine_->refreshes(device, setup);
}
bool Devices::is_command(std::string_view topic) const { return engine_->is_command(topic); }
const std::vector<Output>& Devices::outputs() const { return engine_->outputs(); }
std::vector<BoundPoint> Devices::points() const { return engine_->points(); }
std::vector<PointReadout> Devices::read_points(const RegisterBlock& block) const {
  return engine_->read_points(block);
}
std::optional<Setting> Devices::setting_of(std::size_t point, const std::vector<std::uint16_t>& words) const {
  return engine_->setting_of(point, words);
}
std::vector<SetupStep> Devices::setup(DeviceIndex device) const { return engine_->setup(device); }
std::vector<SetupTalk> Devices::setup_talks(DeviceIndex device) const { return engine_->setup_talks(device); }
settings::Readback Devices::readback(DeviceIndex device, Capability capability) const {
  return engine_->readback(device, capability);
}
double Devices::ttl_s(DeviceIndex device, Capability capability) const {
  return engine_->ttl_s(device, capability);
}
void Devices::decode(const MqttMessage& message, std::vector<Decoded>& out) { engine_->decode(message, out); }
void Devices::decode(const RegisterBlock& block, std::vector<Decoded>& out) { engine_->decode(block, out); }
const std::vector<Heard>& Devices::heard() const { return engine_->heard(); }
void Devices::give_back(std::vector<Decoded>& decoded) { engine_->give_back(decoded); }
Encoded Devices::encode(const Command& command) { return engine_->encode(command); }
std::uint64_t Devices::refused(Refusal refusal) const { return engine_->refused(refusal); }
std::string_view Devices::last_refusal() const { return engine_->last_refusal(); }

}  // namespace rytme::devices
