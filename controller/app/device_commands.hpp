// SPDX-License-Identifier: Apache-2.0
// `rytme device list | commission | test`: contracts §2. Return the process's exit code: 0 done, 1 the answer
// is no (something differs, was not read back), 2 cannot do it, told in one line on `err`.
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

namespace rytme::app {

struct DeviceRequest {
  std::filesystem::path config;
  std::filesystem::path data;
  std::string id;
  bool json{};
};

// id, place, profile, bus or topic, fail-safe of every device.
int device_list(const DeviceRequest& request, std::ostream& out, std::ostream& err);

// Writes the [[setup]] of a device and reads it back, prints a sheet, stores the result. Not while the
// controller runs.
int device_commission(const DeviceRequest& request, std::ostream& out, std::ostream& err);

// A slow fade of one light there and back, read back at both ends. Not while the controller runs.
int device_test(const DeviceRequest& request, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
