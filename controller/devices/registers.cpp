// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/registers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

namespace rytme::devices {
namespace {

using settings::PointType;

template <class Integer>
Integer limited(double raw) {
  return static_cast<Integer>(std::clamp(std::round(raw),
                                         static_cast<double>(std::numeric_limits<Integer>::min()),
                                         static_cast<double>(std::numeric_limits<Integer>::max())));
}

std::uint32_t bits_of(double raw, PointType type) {
  switch (type) {
    case PointType::boolean:
    case PointType::bool_u16:
      return raw != 0 ? 1 : 0;
    case PointType::u16:
      return limited<std::uint16_t>(raw);
    case PointType::s16:
      return static_cast<std::uint16_t>(limited<std::int16_t>(raw));
    case PointType::u32:
      return limited<std::uint32_t>(raw);
    case PointType::s32:
      return static_cast<std::uint32_t>(limited<std::int32_t>(raw));
    case PointType::f32:
      return std::bit_cast<std::uint32_t>(static_cast<float>(raw));
  }
  return 0;
}

unsigned limit(RegisterArea area) {
  return area == RegisterArea::coil || area == RegisterArea::discrete ? 2000 : 125;
}

auto group(const RegisterRead& run) { return std::tie(run.bus, run.unit, run.area, run.period); }

unsigned end(const RegisterRead& run) { return unsigned{run.address} + run.count; }

}  // namespace

std::uint16_t width(PointType type) {
  return type == PointType::u32 || type == PointType::s32 || type == PointType::f32 ? 2 : 1;
}

double raw_of(const std::uint16_t* words, PointType type, bool big_word_first) {
  if (width(type) == 1) {
    if (type == PointType::s16) return static_cast<std::int16_t>(words[0]);
    if (type == PointType::u16) return words[0];
    return words[0] != 0 ? 1 : 0;
  }
  const std::uint32_t high = words[big_word_first ? 0 : 1];
  const std::uint32_t bits = (high << 16U) | words[big_word_first ? 1 : 0];
  if (type == PointType::f32) return static_cast<double>(std::bit_cast<float>(bits));
  return type == PointType::s32 ? static_cast<double>(static_cast<std::int32_t>(bits))
                                : static_cast<double>(bits);
}

std::vector<std::uint16_t> words_of(double raw, PointType type, bool big_word_first) {
  const std::uint32_t bits = bits_of(raw, type);
  const auto low = static_cast<std::uint16_t>(bits & 0xFFFFU);
  const auto high = static_cast<std::uint16_t>(bits >> 16U);
  if (width(type) == 1) return {low};
  return big_word_first ? std::vector{high, low} : std::vector{low, high};
}

std::vector<RegisterRead> merged(std::vector<RegisterRead> runs) {
  std::sort(runs.begin(), runs.end(), [](const RegisterRead& a, const RegisterRead& b) {
    return std::tuple_cat(group(a), std::tie(a.address, a.count)) <
           std::tuple_cat(group(b), std::tie(b.address, b.count));
  });
  std::vector<RegisterRead> result;
  for (const RegisterRead& run : runs) {
    const bool touches =
        !result.empty() && group(result.back()) == group(run) && run.address <= end(result.back());
    const unsigned together = touches ? std::max(end(result.back()), end(run)) - result.back().address : 0;
    if (touches && together <= limit(run.area))
      result.back().count = static_cast<std::uint16_t>(together);
    else
      result.push_back(run);
  }
  return result;
}

}  // namespace rytme::devices
