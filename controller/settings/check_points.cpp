// SPDX-License-Identifier: Apache-2.0
// What the points of one Modbus profile must be to each other.
#include <algorithm>
#include <cstdlib>

#include "controller/settings/modbus_readers.hpp"

namespace rytme::settings {
namespace {

std::string label(const ModbusPoint& point) {
  return point.id.empty()
             ? "the one at " + std::string(name_of(point.area)) + " " + std::to_string(point.read_address)
             : "\"" + point.id + "\"";
}

// Never both valid: some condition of the two names the same thing with values that have nothing in common.
bool exclude_each_other(const ModbusPoint& a, const ModbusPoint& b) {
  for (const auto& one : a.when)
    for (const auto& other : b.when) {
      if (one.name != other.name) continue;
      const bool common = std::any_of(one.any_of.begin(), one.any_of.end(), [&](const std::string& value) {
        return std::find(other.any_of.begin(), other.any_of.end(), value) != other.any_of.end();
      });
      if (!common) return true;
    }
  return false;
}

class Checker {
 public:
  Checker(const std::vector<const toml::table*>& tables, Report& report, Profile& profile)
      : tables_(tables), report_(report), profile_(profile) {}

  void run() {
    for (std::size_t i = 0; i < profile_.points.size(); ++i) {
      check_conditions(i);
      check_position(i);
      check_left_out(i);
      for (std::size_t earlier = 0; earlier < i; ++earlier) check_pair(earlier, i);
    }
    check_groups();
    check_frame();
  }

 private:
  void error(std::size_t point, std::string_view key, const std::string& text) {
    const toml::node* node = tables_[point]->get(key);
    report_.error(node != nullptr ? node->source() : tables_[point]->source(), text);
  }

  // A point that decides over others must be read, or they are never valid.
  void check_conditions(std::size_t index) {
    for (const auto& condition : profile_.points[index].when) {
      if (condition.of_param) continue;
      for (auto& point : profile_.points) {
        if (point.id != condition.name) continue;
        if (!point.readable || &point == &profile_.points[index])
          error(index, "when",
                "when: \"" + condition.name + "\" must be another point, and one that is read");
        if (point.poll == PollClass::never) point.poll = PollClass::slow;
      }
    }
  }

  void check_position(std::size_t index) {
    const ModbusPoint& point = profile_.points[index];
    if (!point.cct_position) return;
    const auto has = [&](std::string_view name) {
      return std::any_of(profile_.params.begin(), profile_.params.end(),
                         [&](const ProfileParam& param) { return param.name == name && param.integer; });
    };
    if (point.capability != Capability::light_cct_k)
      error(index, "convert", "convert: \"cct_position\" is for capability \"light.cct_k\"");
    if (!has("k_warm") || !has("k_cold"))
      error(
          index, "convert",
          "convert: \"cct_position\" needs the integer params k_warm and k_cold, the colour temperatures of "
          "the two strips");
  }

  void check_left_out(std::size_t index) {
    const ModbusPoint& point = profile_.points[index];
    if (!point.writable || !point.capability) return;
    for (const LeftOut& left_out : profile_.left_out)
      if (left_out.area == point.area && point.write_address >= left_out.address &&
          point.write_address < left_out.address + left_out.count)
        error(index, "access", "access: " + label(point) + " lies under [[left_out]]: " + left_out.reason);
  }

  void check_pair(std::size_t first, std::size_t second) {
    const ModbusPoint& a = profile_.points[first];
    const ModbusPoint& b = profile_.points[second];
    if (!b.id.empty() && a.id == b.id) error(second, "id", "id: point \"" + b.id + "\" stands twice");
    const bool both = (a.readable && b.readable) || (a.writable && b.writable);
    const bool blocks = a.type.kind == PointKind::samples && b.type.kind == PointKind::samples;
    if (!a.capability || a.capability != b.capability || !both || blocks || exclude_each_other(a, b)) return;
    error(second, "capability",
          "capability: " + label(a) + " is " + std::string(name_of(*a.capability)) +
              " too, and a device has each capability once; for channels use one point with channel_step (a "
              "[[device]] for each channel), for variants `when`, or leave the capability of one out");
  }

  void check_groups() {
    for (std::size_t i = 0; i < profile_.points.size(); ++i) {
      const ModbusPoint& point = profile_.points[i];
      if (point.group.empty()) continue;
      if (!point.writable || point.area != RegisterArea::holding)
        error(i, "group", "group: the points of a group are holding registers that are written");
      if (!touches_another(i))
        error(i, "group",
              "group: " + label(point) + " touches no other register of group \"" + point.group +
                  "\"; one write covers registers that follow each other");
    }
  }

  bool touches_another(std::size_t index) const {
    const ModbusPoint& point = profile_.points[index];
    return std::any_of(profile_.points.begin(), profile_.points.end(), [&](const ModbusPoint& other) {
      return &other != &point && other.group == point.group &&
             (other.write_address + words_in(other.type) == point.write_address ||
              point.write_address + words_in(point.type) == other.write_address);
    });
  }

  void check_frame() {
    const auto in_frame = [&](Capability capability) {
      return std::any_of(profile_.points.begin(), profile_.points.end(), [&](const ModbusPoint& point) {
        return point.in_frame && point.capability == capability;
      });
    };
    const auto any = std::find_if(profile_.points.begin(), profile_.points.end(),
                                  [](const ModbusPoint& point) { return point.in_frame; });
    if (any == profile_.points.end()) return;
    const auto index = static_cast<std::size_t>(any - profile_.points.begin());
    if (!in_frame(Capability::motion_accel_x_mps2) || !in_frame(Capability::motion_accel_y_mps2) ||
        !in_frame(Capability::motion_accel_z_mps2))
      error(index, "stream", "stream: a motion.frame needs motion.accel_mps2.x, .y and .z");
  }

  const std::vector<const toml::table*>& tables_;
  Report& report_;
  Profile& profile_;
};

}  // namespace

void check_points(const std::vector<const toml::table*>& tables, Report& report, Profile& profile) {
  Checker(tables, report, profile).run();
}

}  // namespace rytme::settings
