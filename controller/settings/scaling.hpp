// SPDX-License-Identifier: Apache-2.0
// How a raw number of a profile becomes a value in the capability's unit.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace rytme::settings {

// Applied after the raw range was checked, before plausibility. mired_to_k: 1e6 / raw. cct_position: Modbus
// only, see ModbusPoint. MQTT only: percent_to_1: / 100; db_to_1: 10^(raw / 20), an amplitude; rad_to_deg;
// g_to_mps2:
// * 9.80665; f_to_c; ms_to_s: / 1000; s1024_to_s: / 1024.
enum class Conversion : std::uint8_t {
  none,
  mired_to_k,
  cct_position,
  percent_to_1,
  db_to_1,
  rad_to_deg,
  g_to_mps2,
  f_to_c,
  ms_to_s,
  s1024_to_s,
};

// From the raw number to the capability's unit: convert(raw) * scale + offset; capabilities with unit "1"
// that are scaled are clamped to 0-1. In a profile a raw range without scale means 0-1 over that range.
struct Scaling {
  Conversion convert{Conversion::none};
  double scale{1};
  double offset{0};
  std::optional<double> raw_min, raw_max;              // outside: refused
  std::vector<double> invalid;                         // these raw values: unknown
  std::optional<double> plausible_min, plausible_max;  // in the capability's unit; outside: unknown
};

}  // namespace rytme::settings
