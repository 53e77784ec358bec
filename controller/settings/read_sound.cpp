// SPDX-License-Identifier: Apache-2.0
// [limits] and [sound]: what settings may lower, and how loud the room gets.
#include <algorithm>
#include <cmath>
#include <tuple>

#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

// YYYY-MM-DD, as a date of TOML or as text.
bool read_date(TableReader& reader, std::string& target) {
  const toml::node* node = reader.node("date");
  if (node == nullptr) return false;
  const auto date = node->value<toml::date>();
  if (!date) {
    reader.expected("date", *node, "the day of the measurement, as in 2026-11-02");
    return false;
  }
  const auto two = [](unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  target = std::to_string(date->year) + "-" + two(date->month) + "-" + two(date->day);
  return true;
}

std::optional<SoundCalibration> read_calibration(const toml::table& table, Report& report) {
  TableReader reader(table, report, "calibration");
  SoundCalibration measured;
  const bool date = reader.require("date") && read_date(reader, measured.date);
  const bool device = reader.require("device") && reader.read("device", measured.device);
  const bool level =
      reader.require("db_a_at_full") && reader.read("db_a_at_full", measured.db_a_at_full, 40, 130);
  reader.finish();
  if (device && measured.device.empty()) reader.error("device", "device: which meter was used");
  return date && device && level ? std::optional(measured) : std::nullopt;
}

// A hard ceiling of the code: the settings can only go below it.
void lower(TableReader& reader, std::string_view key, double least, double& limit) {
  const double ceiling = limit;
  double value{};
  if (!reader.read(key, value, -1e9, 1e9)) return;
  if (value >= least && value <= ceiling)
    limit = value;
  else
    reader.error(key, std::string(key) + ": " + shown(value) + " is not allowed; expected a number from " +
                          shown(least) + " to " + shown(ceiling) +
                          ", the controller's own ceiling, which settings can only lower");
}

}  // namespace

SafetyLimits read_limits(const toml::table& table, Report& report) {
  TableReader reader(table, report, "[limits]");
  SafetyLimits limits;
  lower(reader, "light_calming_per_s", 0.01, limits.light_calming_per_s);
  lower(reader, "light_activating_per_s", 0.01, limits.light_activating_per_s);
  lower(reader, "sound_rise_db_per_s", 0.5, limits.sound_rise_db_per_s);
  lower(reader, "tempo_bpm_per_s", 0.05, limits.tempo_bpm_per_s);
  reader.finish();
  return limits;
}

SoundSettings read_sound(const toml::table& table, Report& report) {
  TableReader reader(table, report, "[sound]");
  SoundSettings sound;
  if (const auto* measured = reader.table("calibration"))
    sound.calibration = read_calibration(*measured, report);
  lower(reader, "laeq_max_db", 40, sound.laeq_max_db);
  double delay_ms{};
  if (reader.read("beat_delay_ms", delay_ms, 0, 1000)) sound.beat_delay_s = delay_ms / 1000;
  reader.finish();
  return sound;
}

// Sound at full scale all the time would be the most that LAeq can be.
double volume_max_of(const SoundSettings& sound) {
  if (!sound.calibration) return uncalibrated_volume_max;
  return std::min(1.0, std::pow(10.0, (sound.laeq_max_db - sound.calibration->db_a_at_full) / 20.0));
}

}  // namespace rytme::settings
