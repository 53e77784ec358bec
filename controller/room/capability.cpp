// SPDX-License-Identifier: Apache-2.0
#include "controller/room/capability.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace rytme {
namespace {

using C = Capability;
using K = ValueKind;

constexpr std::array<CapabilityInfo, static_cast<std::size_t>(C::count_)> table{{
    {C::availability_online, "availability.online", "", K::boolean, false},
    {C::device_uptime_s, "device.uptime_s", "s", K::number, false},
    {C::device_rssi_dbm, "device.rssi_dbm", "dBm", K::number, false},
    {C::device_lqi, "device.lqi", "", K::number, false},
    {C::device_battery, "device.battery", "1", K::number, false},
    {C::device_voltage_v, "device.voltage_v", "V", K::number, false},
    {C::device_temperature_c, "device.temperature_c", "degC", K::number, false},
    {C::device_power_up, "device.power_up", "", K::boolean, false},
    {C::device_text, "device.text", "", K::text, false},
    {C::device_firmware, "device.firmware", "", K::text, false},
    {C::command_ack, "command.ack", "", K::boolean, false},
    {C::power_ac_present, "power.ac_present", "", K::boolean, false},
    {C::power_voltage_v, "power.voltage_v", "V", K::number, false},
    {C::power_current_a, "power.current_a", "A", K::number, false},
    {C::power_active_w, "power.active_w", "W", K::number, false},
    {C::power_apparent_va, "power.apparent_va", "VA", K::number, false},
    {C::power_reactive_var, "power.reactive_var", "var", K::number, false},
    {C::power_factor, "power.factor", "1", K::number, false},
    {C::power_frequency_hz, "power.frequency_hz", "Hz", K::number, false},
    {C::power_energy_kwh, "power.energy_kwh", "kWh", K::number, false},
    {C::power_exported_kwh, "power.exported_kwh", "kWh", K::number, false},
    {C::power_overcurrent, "power.overcurrent", "", K::boolean, false},
    {C::light_on, "light.on", "", K::boolean, false},
    {C::light_level, "light.level", "1", K::number, false},
    {C::light_stored_level, "light.stored_level", "1", K::number, false},
    {C::light_target_level, "light.target_level", "1", K::number, false},
    {C::light_cct_k, "light.cct_k", "K", K::number, false},
    {C::light_cct_position, "light.cct_position", "1", K::number, false},
    {C::light_hue_deg, "light.hue_deg", "deg", K::number, false},
    {C::light_sat, "light.sat", "1", K::number, false},
    {C::light_x, "light.xy.x", "1", K::number, false},
    {C::light_y, "light.xy.y", "1", K::number, false},
    {C::light_red, "light.rgb.r", "1", K::number, false},
    {C::light_green, "light.rgb.g", "1", K::number, false},
    {C::light_blue, "light.rgb.b", "1", K::number, false},
    {C::light_white, "light.white", "1", K::number, false},
    {C::light_cold, "light.cold", "1", K::number, false},
    {C::light_warm, "light.warm", "1", K::number, false},
    {C::light_mode, "light.mode", "", K::text, false},
    {C::player_play, "player.play", "", K::boolean, false},
    {C::player_source, "player.source", "", K::text, false},
    {C::player_track, "player.track", "", K::text, false},
    {C::player_bpm, "player.bpm", "bpm", K::number, false},
    {C::player_phase, "player.phase", "1", K::number, false},
    {C::player_volume, "player.volume", "1", K::number, false},
    {C::player_mute, "player.mute", "", K::boolean, false},
    {C::player_status, "player.status", "", K::text, false},
    {C::player_offered, "player.offered", "", K::text, false},
    {C::player_rate, "player.rate", "1", K::number, false},
    {C::button_action, "button.action", "", K::choice, false},
    {C::input_on, "input.on", "", K::boolean, false},
    {C::input_count, "input.count", "", K::number, false},
    {C::hr_bpm, "hr.bpm", "bpm", K::number, true},
    {C::hr_contact, "hr.contact", "", K::boolean, true},
    {C::hr_rr_s, "hr.rr_s", "s", K::number, true},
    {C::hr_energy_kj, "hr.energy_kj", "kJ", K::number, true},
    {C::hr_sample, "hr.sample", "", K::stream, true},
    {C::hr_mean10_bpm, "hr.mean10_bpm", "bpm", K::number, true},
    {C::hr_rmssd60_ms, "hr.rmssd60_ms", "ms", K::number, true},
    {C::hr_window60_bpm, "hr.window60_bpm", "bpm", K::number, true},
    {C::hr_window60_rmssd_ms, "hr.window60_rmssd_ms", "ms", K::number, true},
    {C::hr_window60_accepted, "hr.window60_accepted", "1", K::number, true},
    {C::hr_sdnn120_ms, "hr.sdnn120_ms", "ms", K::number, true},
    {C::hr_pnn50_120, "hr.pnn50_120", "1", K::number, true},
    {C::hr_respiration_per_min, "hr.respiration_per_min", "1/min", K::number, true},
    {C::hr_expected_bpm, "hr.expected_bpm", "bpm", K::number, true},
    {C::motion_frame, "motion.frame", "", K::stream, true},
    {C::motion_frequency_hz, "motion.frequency_hz", "Hz", K::number, true},
    {C::motion_amplitude_deg, "motion.amplitude_deg", "deg", K::number, true},
    {C::motion_occupied, "motion.occupied", "", K::boolean, true},
    {C::motion_body_mps2, "motion.body_mps2", "m/s2", K::number, true},
    {C::motion_accel_x_mps2, "motion.accel_mps2.x", "m/s2", K::number, true},
    {C::motion_accel_y_mps2, "motion.accel_mps2.y", "m/s2", K::number, true},
    {C::motion_accel_z_mps2, "motion.accel_mps2.z", "m/s2", K::number, true},
    {C::motion_gyro_x_dps, "motion.gyro_dps.x", "deg/s", K::number, true},
    {C::motion_gyro_y_dps, "motion.gyro_dps.y", "deg/s", K::number, true},
    {C::motion_gyro_z_dps, "motion.gyro_dps.z", "deg/s", K::number, true},
    {C::motion_angle_x_deg, "motion.angle_deg.x", "deg", K::number, true},
    {C::motion_angle_y_deg, "motion.angle_deg.y", "deg", K::number, true},
    {C::motion_angle_z_deg, "motion.angle_deg.z", "deg", K::number, true},
    {C::motion_event, "motion.event", "", K::text, true},
    {C::motion_active, "motion.active", "", K::boolean, true},
    {C::motion_tilt_change_deg, "motion.tilt_change_deg", "deg", K::number, true},
    {C::load_counts, "load.counts", "", K::number, true},
    {C::arousal_index, "arousal.index", "1", K::number, true},
    {C::arousal_level, "arousal.level", "1", K::number, true},
    {C::arousal_confidence, "arousal.confidence", "1", K::number, true},
    {C::relay_on, "relay.on", "", K::boolean, false},
    {C::relay_actual_on, "relay.actual_on", "", K::boolean, false},
    {C::analog_voltage_v, "analog.voltage_v", "V", K::number, false},
    {C::presence_level, "presence.level", "", K::number, false},
    {C::env_lux, "env.lux", "lx", K::number, false},
    {C::env_sound_db, "env.sound_db", "dB", K::number, false},
    {C::env_temperature_c, "env.temperature_c", "degC", K::number, false},
    {C::env_humidity, "env.humidity", "1", K::number, false},
    {C::env_co2_ppm, "env.co2_ppm", "ppm", K::number, false},
    {C::env_voc_ppb, "env.voc_ppb", "ppb", K::number, false},
}};

constexpr bool table_follows_enum() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (static_cast<std::size_t>(table[i].capability) != i) return false;
  return true;
}
static_assert(table_follows_enum(), "capability table and enum have drifted apart");

constexpr std::array<std::string_view, 2> button_actions{"press", "long"};

}  // namespace

const CapabilityInfo& info(Capability capability) { return table[static_cast<std::size_t>(capability)]; }

std::optional<Capability> capability_from(std::string_view name) {
  const auto* found =
      std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.name == name; });
  if (found == table.end()) return std::nullopt;
  return found->capability;
}

std::optional<double> choice_value(Capability capability, std::string_view choice) {
  if (capability != Capability::button_action) return std::nullopt;
  const auto* found = std::find(button_actions.begin(), button_actions.end(), choice);
  if (found == button_actions.end()) return std::nullopt;
  return static_cast<double>(found - button_actions.begin());
}

std::string_view choice_name(Capability capability, double value) {
  if (capability != Capability::button_action || !(value >= 0 && value < 2)) return "";
  return button_actions[static_cast<std::size_t>(value)];
}

}  // namespace rytme
