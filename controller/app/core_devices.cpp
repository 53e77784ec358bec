// SPDX-License-Identifier: Apache-2.0
// What a maintainer sees and asks of single devices.
#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/json.hpp>

#include "controller/app/core.hpp"
#include "controller/settings/modbus_rules.hpp"

namespace rytme::app {
namespace {

constexpr double fade_tolerance = 0.03;  // linear light: a step of eight bits where the curve is steep

}  // namespace

void Core::note_heard(const MqttMessage& message, Now now) {
  const bool in_session = !session_.session_id().empty();
  for (const auto& [device, refused] : devices_.heard()) {
    talk_.heard(device, now.steady);
    if (refused) talk_.error(device, error_of(*refused));
    frames_.heard(device, message, in_session, now.wall);
  }
}

void Core::note_heard(const RegisterBlock& block, Now now) {
  for (std::size_t i = 0; i < house_.devices.size(); ++i) {
    const auto& device = house_.devices[i];
    if (device.bus != block.read.bus || settings::number_param(device.params, "unit", 0) != block.read.unit)
      continue;
    if (block.outcome == BusOutcome::ok)
      talk_.heard(static_cast<DeviceIndex>(i), now.steady);
    else
      talk_.error(static_cast<DeviceIndex>(i), error_of(block.outcome));
  }
  frames_.heard(block, now.wall);
}

std::optional<DeviceIndex> Core::device_named(const std::string& id) const {
  const auto found = std::find_if(house_.devices.begin(), house_.devices.end(),
                                  [&](const settings::DeviceSettings& device) { return device.id == id; });
  if (found == house_.devices.end()) return std::nullopt;
  return static_cast<DeviceIndex>(found - house_.devices.begin());
}

// The session allows it; whether the device can be tested is known here.
void Core::begin_test(session::Decision& decision, Now now, Effects& effects) {
  const auto no = [&](Verdict verdict, std::string why) {
    decision.answer.verdict = verdict;
    decision.answer.detail = std::move(why);
  };
  const auto device = device_named(*decision.test);
  if (!device) return no(Verdict::unknown, "There is no such device.");
  const auto* out = output(*device);
  const bool light = out != nullptr && std::find(out->capabilities.begin(), out->capabilities.end(),
                                                 Capability::light_level) != out->capabilities.end();
  if (!light) return no(Verdict::refused, "Only a light can fade there and back.");
  if (watch_.presence(*device) != Presence::ok) return no(Verdict::conflict, "The device is not in contact.");
  if (last_stage_.quarantined(*device)) return no(Verdict::conflict, "Its power flickers.");
  if (fade_.state() == DeviceFade::State::running) return no(Verdict::conflict, "A test is under way.");
  double from = last_stage_.light_of(*device, now.steady);
  const auto& last = talk_.last(*device);
  if (const auto said = last.find(Capability::light_level);
      said != last.end() && std::isfinite(said->second.value))
    from = linear_from_level(house_.devices[*device].curve, said->second.value);
  fade_.begin(*device, from, fade_tolerance, now.steady);
  note("device_test", boost::json::serialize(boost::json::object{{"device", *decision.test}}), now, effects);
}

void Core::go_on_testing(Now now, Effects& effects) {
  if (fade_.state() != DeviceFade::State::running) return;
  if (const auto linear = fade_.due(now.steady)) {
    Aim aim;
    aim.only = fade_.device();
    aim.light = LightScene{*linear, 0};
    aim.light_glide_s = DeviceFade::glide_s;
    aim.origin = "device test";
    last_stage_.aim(aim, now.steady);
  }
  if (fade_.state() == DeviceFade::State::running) return;
  note("device_tested",
       boost::json::serialize(boost::json::object{{"device", house_.devices[fade_.device()].id},
                                                  {"result", name_of(fade_.state())}}),
       now, effects);
}

void Core::be_silent(Silences silences) {
  silences_ = std::move(silences);
  dirty_ = true;
}

}  // namespace rytme::app
