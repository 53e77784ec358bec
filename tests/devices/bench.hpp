// SPDX-License-Identifier: Apache-2.0
// The shipped profiles with a room written on the spot, and what came out of a message.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/json.hpp>

#include "controller/devices/devices.hpp"

namespace rytme::test {

class Bench {
 public:
  // `devices`: [[device]] tables (and [[bus]]); the profiles are those of config/profiles.
  explicit Bench(const std::string& devices);
  ~Bench();
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  devices::Devices& devices() { return *devices_; }
  const settings::House& house() const { return house_; }

  // Decodes and returns only what this message gave.
  std::vector<Decoded> say(const std::string& topic, const std::string& payload, bool retained = false);
  std::vector<Decoded> say(const RegisterBlock& block);
  // Last value said of each capability, by say().
  std::optional<double> last(Capability capability, DeviceIndex device = 0) const;
  // All refusals so far.
  std::uint64_t refused() const;

 private:
  void keep(const std::vector<Decoded>& decoded);

  std::filesystem::path folder_;
  settings::House house_;
  std::unique_ptr<devices::Devices> devices_;
  std::map<std::pair<DeviceIndex, Capability>, double> last_;
};

// A file of the reference data as JSON.
boost::json::value shared_json(const std::string& relative);
// A publish's payload as JSON.
boost::json::value json_of(const std::string& text);
std::string text_of(const boost::json::value& value);

}  // namespace rytme::test
