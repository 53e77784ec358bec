// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/motion.hpp"

#include <cmath>
#include <utility>

#include "controller/devices/heart.hpp"
#include "controller/devices/json_document.hpp"

namespace rytme::devices {
namespace {

constexpr double max_step_us = 10e6;
constexpr double max_value = 1e4;  // far beyond any sensor, in m/s² or rad/s

Outcome read_axis(const boost::json::object& object, const char* name, std::size_t count,
                  std::vector<float>& axis) {
  const auto* value = object.if_contains(name);
  const auto* list = value != nullptr ? value->if_array() : nullptr;
  if (list == nullptr) return Refused{Refusal::wrong_type, "an axis is missing or not a list"};
  if (list->size() != count) return Refused{Refusal::wrong_type, "axes differ in length"};
  axis.reserve(count);
  for (const auto& item : *list) {
    const auto number = number_of(item);
    if (!number) return Refused{Refusal::wrong_type, "an axis holds something that is not a number"};
    if (!(std::abs(*number) <= max_value))
      return Refused{Refusal::out_of_range, "an axis value is too large"};
    axis.push_back(static_cast<float>(*number));
  }
  return {};
}

Outcome add_step(const boost::json::value& value, MotionFrame& frame) {
  const auto step = number_of(value);
  if (!step) return Refused{Refusal::wrong_type, "dt_us is not a number"};
  if (!(*step >= 1 && *step <= max_step_us))
    return Refused{Refusal::out_of_range, "dt_us outside 1 us to 10 s"};
  frame.step_us.push_back(static_cast<std::int32_t>(*step));
  return {};
}

Outcome read_steps(const boost::json::object& object, std::size_t count, MotionFrame& frame) {
  const auto* value = object.if_contains("dt_us");
  if (value == nullptr) return Refused{Refusal::wrong_type, "dt_us is missing"};
  const auto* list = value->if_array();
  if (list == nullptr) return add_step(*value, frame);
  if (list->size() + 1 != count)
    return Refused{Refusal::wrong_type, "dt_us has not one step fewer than samples"};
  frame.step_us.reserve(list->size());
  for (const auto& item : *list)
    if (auto refused = add_step(item, frame)) return refused;
  return {};
}

}  // namespace

Outcome decode_motion(const boost::json::value& root, MotionFrame& frame) {
  frame.step_us.clear();
  for (auto* axis : {&frame.ax, &frame.ay, &frame.az, &frame.gx, &frame.gy, &frame.gz}) axis->clear();
  const auto* object = root.if_object();
  if (object == nullptr) return Refused{Refusal::wrong_type, "expected a JSON object"};
  if (auto refused = decode_stamp(*object, frame.stamp)) return refused;
  const auto* first = object->if_contains("ax");
  if (first == nullptr || !first->is_array())
    return Refused{Refusal::wrong_type, "ax is missing or not a list"};
  const std::size_t count = first->get_array().size();
  if (count == 0 || count > MotionFrame::max_samples)
    return Refused{Refusal::out_of_range, "a frame has 1 to 256 samples"};
  if (auto refused = read_steps(*object, count, frame)) return refused;
  for (const auto& [name, axis] : {std::pair{"ax", &frame.ax}, {"ay", &frame.ay}, {"az", &frame.az}})
    if (auto refused = read_axis(*object, name, count, *axis)) return refused;
  const bool turning = object->contains("gx") || object->contains("gy") || object->contains("gz");
  if (!turning) return {};
  for (const auto& [name, axis] : {std::pair{"gx", &frame.gx}, {"gy", &frame.gy}, {"gz", &frame.gz}})
    if (auto refused = read_axis(*object, name, count, *axis)) return refused;
  return {};
}

}  // namespace rytme::devices
