// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/registers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "controller/settings/modbus_rules.hpp"

namespace rytme::devices {
namespace {

using settings::PointKind;
using settings::PointType;
using settings::words_in;

template <class Integer>
Integer limited(double raw) {
  const double low = static_cast<double>(std::numeric_limits<Integer>::min());
  const double high = static_cast<double>(std::numeric_limits<Integer>::max());
  const double rounded = std::round(raw);
  // 64-bit limits are not exact as double: the upper one is one too large.
  if (!(rounded < high)) return std::numeric_limits<Integer>::max();
  return static_cast<Integer>(std::max(rounded, low));
}

std::uint64_t bits_of(double raw, PointKind kind) {
  switch (kind) {
    case PointKind::s16:
      return static_cast<std::uint16_t>(limited<std::int16_t>(raw));
    case PointKind::u32:
      return limited<std::uint32_t>(raw);
    case PointKind::s32:
      return static_cast<std::uint32_t>(limited<std::int32_t>(raw));
    case PointKind::u64:
      return limited<std::uint64_t>(raw);
    case PointKind::s64:
      return static_cast<std::uint64_t>(limited<std::int64_t>(raw));
    case PointKind::f32:
      return std::bit_cast<std::uint32_t>(static_cast<float>(raw));
    case PointKind::f64:
      return std::bit_cast<std::uint64_t>(raw);
    case PointKind::boolean:
    case PointKind::bool_u16:
      return raw != 0 ? 1 : 0;
    default:
      return limited<std::uint16_t>(raw);
  }
}

std::uint16_t in_byte_order(std::uint16_t word, const PointType& type) {
  return type.big_byte_first ? word : static_cast<std::uint16_t>((word << 8U) | (word >> 8U));
}

unsigned limit(RegisterArea area, PollLimits limits) {
  const bool bits = area == RegisterArea::coil || area == RegisterArea::discrete;
  const unsigned most = bits ? 2000 : 125;
  return !bits && limits.max_block > 0 ? std::min(most, limits.max_block) : most;
}

auto group(const RegisterRead& run) { return std::tie(run.bus, run.unit, run.area, run.period, run.ahead); }

unsigned end(const RegisterRead& run) { return unsigned{run.address} + run.count; }

}  // namespace

std::uint64_t bits_of(const std::uint16_t* words, const PointType& type) {
  const std::size_t count = words_in(type);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < count; ++i)
    bits = (bits << 16U) | in_byte_order(words[type.big_word_first ? i : count - 1 - i], type);
  return bits;
}

double raw_of(const std::uint16_t* words, const PointType& type) {
  const std::uint64_t bits = bits_of(words, type);
  switch (type.kind) {
    case PointKind::s16:
      return static_cast<std::int16_t>(bits);
    case PointKind::s32:
      return static_cast<std::int32_t>(bits);
    case PointKind::s64:
      return static_cast<double>(static_cast<std::int64_t>(bits));
    case PointKind::f32:
      return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    case PointKind::f64:
      return std::bit_cast<double>(bits);
    case PointKind::bits:
      return static_cast<double>((bits >> type.low_bit) & ((1U << (type.high_bit - type.low_bit + 1U)) - 1U));
    case PointKind::boolean:
      return bits != 0 ? 1 : 0;
    case PointKind::bool_u16:
      if (type.low_bit == type.high_bit) return static_cast<double>((bits >> type.low_bit) & 1U);
      return bits != 0 ? 1 : 0;
    default:
      return static_cast<double>(bits);
  }
}

std::optional<std::string> text_of(const std::uint16_t* words, const PointType& type) {
  std::string text;
  for (std::size_t i = 0; i < type.length; ++i) {
    const std::uint16_t word = in_byte_order(words[i / 2], type);
    const auto letter = static_cast<char>(i % 2 == 0 ? word >> 8U : word & 0xFFU);
    if (letter == '\0') break;
    if (letter < ' ' || letter > '~') return std::nullopt;
    text += letter;
  }
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

std::vector<std::uint16_t> words_of(double raw, const PointType& type) {
  const std::uint64_t bits = bits_of(raw, type.kind);
  std::vector<std::uint16_t> words(words_in(type));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto word = static_cast<std::uint16_t>((bits >> (16U * i)) & 0xFFFFU);
    words[type.big_word_first ? words.size() - 1 - i : i] = in_byte_order(word, type);
  }
  return words;
}

std::vector<RegisterRead> merged(std::vector<RegisterRead> runs, PollLimits limits) {
  std::sort(runs.begin(), runs.end(), [](const RegisterRead& a, const RegisterRead& b) {
    return std::tuple_cat(group(a), std::tie(a.address, a.count)) <
           std::tuple_cat(group(b), std::tie(b.address, b.count));
  });
  std::vector<RegisterRead> result;
  for (const RegisterRead& run : runs) {
    const bool touches = !result.empty() && group(result.back()) == group(run) &&
                         run.address <= end(result.back()) + limits.max_hole;
    const unsigned together = touches ? std::max(end(result.back()), end(run)) - result.back().address : 0;
    if (touches && together <= limit(run.area, limits))
      result.back().count = static_cast<std::uint16_t>(together);
    else
      result.push_back(run);
  }
  return result;
}

}  // namespace rytme::devices
