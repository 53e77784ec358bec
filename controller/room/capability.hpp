// SPDX-License-Identifier: Apache-2.0
// What a device channel can be: the closed list of capabilities with name, unit and direction. Profiles and
// the journal use the names, code uses the enum.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace rytme {

enum class Capability : std::uint8_t {
  // device health
  availability_online,
  device_uptime_s,
  device_rssi_dbm,
  device_lqi,  // link quality as a Zigbee coordinator counts it, 0-255; not comparable between makes
  device_battery,
  device_voltage_v,
  device_temperature_c,
  device_power_up,  // it has just started: what it was told before is forgotten
  device_text,      // any text it shows
  device_firmware,  // the version it says it has
  command_ack,      // 1: it has taken the command, 0: it has refused it
  power_ac_present,
  power_voltage_v,
  power_current_a,
  power_active_w,
  power_apparent_va,
  power_reactive_var,
  power_factor,
  power_frequency_hz,
  power_energy_kwh,
  power_exported_kwh,
  power_overcurrent,
  // light; level is the device's own scale 0-1 (see light_curve.hpp for linear light)
  light_on,
  light_level,
  light_stored_level,  // while off: what it will have when on
  light_target_level,  // what it has accepted and is on its way to
  light_cct_k,
  light_cct_position,  // 0 warm strip only - 1 cold strip only
  light_hue_deg,
  light_sat,
  light_x,  // CIE 1931
  light_y,
  light_red,  // linear share of each channel at full level
  light_green,
  light_blue,
  light_white,
  light_cold,
  light_warm,
  light_mode,  // what the lamp itself calls its colour mode
  // sound
  player_play,
  player_source,
  player_track,
  player_bpm,
  player_phase,
  player_volume,
  player_mute,
  player_status,
  player_offered,  // JSON: [{"id","title","bpm"}], the tracks that suit the tempo
  player_rate,     // 1 = the track's own tempo
  // people's inputs
  button_action,
  input_on,
  input_count,
  // heart, as the wearable sends it
  hr_bpm,
  hr_contact,
  hr_rr_s,
  hr_energy_kj,
  hr_sample,
  // heart, as signals derive it
  hr_mean10_bpm,
  hr_rmssd60_ms,
  hr_window60_bpm,
  hr_window60_rmssd_ms,
  hr_window60_accepted,
  hr_sdnn120_ms,
  hr_pnn50_120,
  hr_respiration_per_min,
  hr_expected_bpm,  // what calm pulse and movement explain
  // movement
  motion_frame,
  motion_frequency_hz,
  motion_amplitude_deg,
  motion_occupied,
  motion_body_mps2,  // mean absolute deviation of a second, the pendulum taken off
  motion_accel_x_mps2,
  motion_accel_y_mps2,
  motion_accel_z_mps2,
  motion_gyro_x_dps,
  motion_gyro_y_dps,
  motion_gyro_z_dps,
  motion_angle_x_deg,
  motion_angle_y_deg,
  motion_angle_z_deg,
  motion_event,
  motion_active,
  motion_tilt_change_deg,
  load_counts,  // a weighing cell's raw number
  // arousal index
  arousal_index,
  arousal_level,
  arousal_confidence,
  // others
  relay_on,
  relay_actual_on,  // a contact's own feedback, not the echo of a command
  analog_voltage_v,
  presence_level,
  env_lux,
  env_sound_db,
  env_temperature_c,
  env_humidity,
  env_co2_ppm,
  env_voc_ppb,
  count_  // number of capabilities, not one of them
};

// How a capability's number is to be read.
enum class ValueKind : std::uint8_t {
  number,   // in `unit`
  boolean,  // 0 or 1
  choice,   // index into the choices of the capability (choice_name)
  text,     // carried in Setting::text / Reading::text
  stream,   // not a number: a HeartSample or a MotionFrame
};

struct CapabilityInfo {
  Capability capability{};
  std::string_view name;  // "light.level"
  std::string_view unit;  // "1", "K", "bpm", ... ; "" where none
  ValueKind kind{};
  bool from_body{};  // true: never stored unless a session records
};

// Total function over the enum (not count_).
const CapabilityInfo& info(Capability capability);

// nullopt: no such capability.
std::optional<Capability> capability_from(std::string_view name);

inline std::string_view name_of(Capability capability) { return info(capability).name; }

// Choices: button.action press|long. Index is the reading's value; nullopt/"" when there is none.
std::optional<double> choice_value(Capability capability, std::string_view choice);
std::string_view choice_name(Capability capability, double value);

}  // namespace rytme
