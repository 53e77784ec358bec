// SPDX-License-Identifier: Apache-2.0
#include "controller/settings/modbus_rules.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "firmware/protocol/motion_registers.hpp"

namespace rytme::settings {

bool applies(const std::vector<PointCondition>& when, const std::map<std::string, std::string>& params) {
  return std::all_of(when.begin(), when.end(), [&](const PointCondition& condition) {
    if (!condition.of_param) return true;
    const auto param = params.find(condition.name);
    return param != params.end() && std::find(condition.any_of.begin(), condition.any_of.end(),
                                              param->second) != condition.any_of.end();
  });
}

bool is_polled(const Profile& profile, Capability capability) {
  return std::any_of(profile.points.begin(), profile.points.end(), [capability](const ModbusPoint& point) {
    return point.readable && point.poll != PollClass::never && point.capability == capability;
  });
}

std::int64_t number_param(const std::map<std::string, std::string>& params, const std::string& name,
                          std::int64_t otherwise) {
  const auto found = params.find(name);
  if (found == params.end()) return otherwise;
  std::int64_t value{};
  const char* end = found->second.data() + found->second.size();
  const auto [stop, error] = std::from_chars(found->second.data(), end, value);
  return error == std::errc{} && stop == end ? value : otherwise;
}

std::uint16_t channel_offset(const Profile& profile, const std::map<std::string, std::string>& params,
                             std::uint16_t channel_step) {
  const auto channel = std::find_if(profile.params.begin(), profile.params.end(),
                                    [](const ProfileParam& param) { return param.name == "channel"; });
  if (channel == profile.params.end()) return 0;
  const std::int64_t behind = number_param(params, "channel", channel->min) - channel->min;
  return static_cast<std::uint16_t>(behind * channel_step);
}

std::string_view name_of(RegisterArea area) {
  constexpr std::array<std::string_view, 4> names{"coil", "discrete", "input", "holding"};
  return names.at(static_cast<std::size_t>(area));
}

std::uint16_t words_in(const PointType& type) {
  switch (type.kind) {
    case PointKind::u32:
    case PointKind::s32:
    case PointKind::f32:
      return 2;
    case PointKind::u64:
    case PointKind::s64:
    case PointKind::f64:
      return 4;
    case PointKind::ascii:
      return static_cast<std::uint16_t>((type.length + 1) / 2);
    case PointKind::samples:
      return static_cast<std::uint16_t>(firmware::motion_registers::samples +
                                        type.length * firmware::motion_registers::words_per_sample);
    default:
      return 1;
  }
}

}  // namespace rytme::settings
