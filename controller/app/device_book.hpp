// SPDX-License-Identifier: Apache-2.0
// devices.json in the data folder: what is known of the room's devices across restarts. Which profile and
// params an id had (so that a replaced device is told), and what was written to it and read back at
// commissioning. Written to a temporary name and renamed. One writer at a time: who holds the DataLock.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "controller/devices/devices.hpp"
#include "controller/settings/house.hpp"

namespace rytme::app {

// One write of a [[setup]], wanted and read back.
struct CommissionedValue {
  std::string id;               // of the setup
  std::string place;            // "holding 656", or a topic
  std::optional<double> value;  // registers: in the setup's unit
  std::string words;            // "42", "1 4097", or a payload: as written
  bool verified{};              // read back and the same
  std::string fault;            // "" when verified, or when nothing is read back
};

struct Commissioned {
  std::string hash;  // of what was to be written and where; see setup_hash
  std::string time;  // ISO 8601
  bool verified{};   // everything that is read back was right
  std::vector<CommissionedValue> values;
};

struct KnownDevice {
  std::string profile;
  int profile_version{};
  std::string bus;
  std::map<std::string, std::string> params;
  std::optional<Commissioned> commissioned;
};

class DeviceBook {
 public:
  // An absent file is an empty book. Throws std::runtime_error when it is there and cannot be understood.
  static DeviceBook load(const std::filesystem::path& data);
  // Throws std::runtime_error.
  void save(const std::filesystem::path& data) const;

  const KnownDevice* find(const std::string& id) const;
  KnownDevice& at(const std::string& id) { return devices_[id]; }

  // Takes the room's devices in. Returns the ids that had another profile, bus or params before, each with a
  // JSON object {"device","from":{"profile","bus","params"},"to":{...}}.
  std::vector<std::pair<std::string, std::string>> meet(const settings::House& house);

 private:
  std::map<std::string, KnownDevice> devices_;
};

// Hex over everything a device's commissioning writes: bus, unit, registers, words; topics and payloads. The
// same hash: the device holds what the settings ask for.
std::string setup_hash(const settings::House& house, const devices::Devices& devices, DeviceIndex device);

// How sure it is that an output is safe without the controller.
enum class FailSafeState : std::uint8_t {
  not_needed,     // nothing is commanded
  built_in,       // by the device, nothing to set
  verified,       // set at commissioning and read back
  none,           // the device has none
  not_set,        // settable, and not commissioned
  differs,        // commissioned, and something was not as it should be
  other_settings  // commissioned with other settings than these
};
std::string_view name_of(FailSafeState state);
bool is_sure(FailSafeState state);
FailSafeState fail_safe_of(const settings::House& house, const devices::Devices& devices, DeviceIndex device,
                           const DeviceBook& book);

}  // namespace rytme::app
