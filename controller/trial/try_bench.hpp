// SPDX-License-Identifier: Apache-2.0
// A room with nothing but one Modbus profile: a device for every channel and variant of it, all on one slave,
// so that every point of the profile is bound. Internal to profile try.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "controller/devices/devices.hpp"
#include "controller/settings/house.hpp"

namespace rytme::trial {

// Values that deciding points have (their `when`): point id -> value.
using Modes = std::map<std::string, std::string>;

class TryBench {
 public:
  TryBench(const settings::Profile& profile, std::uint8_t unit,
           const std::map<std::string, std::string>& params);

  // A fresh engine to which the deciding points have said these values.
  devices::Devices& fresh(const Modes& modes);
  // Every set of values of deciding points under which one of these points (positions in points()) is valid;
  // first the one without any.
  std::vector<Modes> modes_for(const std::vector<std::size_t>& points) const;

  const std::vector<devices::BoundPoint>& points() const { return points_; }
  const settings::House& house() const { return house_; }

 private:
  settings::House house_;
  std::unique_ptr<devices::Devices> devices_;
  std::vector<devices::BoundPoint> points_;
};

}  // namespace rytme::trial
