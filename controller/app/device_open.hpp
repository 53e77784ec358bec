// SPDX-License-Identifier: Apache-2.0
// What every `rytme device` command begins with. All throw std::runtime_error with one line for people.
#pragma once

#include <string>

#include "controller/app/data_lock.hpp"
#include "controller/app/guarded.hpp"
#include "controller/room/reading.hpp"
#include "controller/settings/house.hpp"

namespace rytme::app {

settings::House load_house(const std::filesystem::path& config);
DeviceIndex find_device(const settings::House& house, const std::string& id);
// Says who holds it when it cannot be taken.
DataLock take_lock(const std::filesystem::path& data, const std::string& who);

}  // namespace rytme::app
