// SPDX-License-Identifier: Apache-2.0
#include "controller/app/device_open.hpp"

#include <ostream>
#include <stdexcept>
#include <vector>

#include "controller/settings/load.hpp"

namespace rytme::app {

settings::House load_house(const std::filesystem::path& config) {
  try {
    return settings::load(config);
  } catch (const settings::SettingsError& error) {
    for (const auto& problem : error.problems())
      if (problem.severity == settings::Severity::error)
        throw std::runtime_error("settings have errors, see rytme check; the first: " +
                                 settings::to_text(problem));
    throw;
  }
}

DeviceIndex find_device(const settings::House& house, const std::string& id) {
  std::string known;
  for (std::size_t i = 0; i < house.devices.size(); ++i) {
    if (house.devices[i].id == id) return static_cast<DeviceIndex>(i);
    known += (known.empty() ? "" : ", ") + house.devices[i].id;
  }
  throw std::runtime_error("there is no device \"" + id + "\"; the room has: " + known);
}

DataLock take_lock(const std::filesystem::path& data, const std::string& who) {
  auto lock = DataLock::take(data, who);
  if (lock) return std::move(*lock);
  throw std::runtime_error("the room is in use by \"" + DataLock::holder(data) + "\" with data folder " +
                           data.string() +
                           "; a bus has one master: stop it first (systemctl stop rytme), then try again");
}

}  // namespace rytme::app
