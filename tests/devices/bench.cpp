// SPDX-License-Identifier: Apache-2.0
#include "tests/devices/bench.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include <stdlib.h>

#include "controller/settings/load.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::test {

namespace fs = std::filesystem;

Bench::Bench(const std::string& devices) {
  std::string name = (fs::temp_directory_path() / "rytme-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  folder_ = name;
  fs::copy("config/profiles", folder_ / "profiles");
  std::ofstream(folder_ / "room.toml") << "[room]\nid = \"bench\"\n" << devices;
  house_ = settings::load(folder_);
  devices_ = std::make_unique<devices::Devices>(house_);
}

Bench::~Bench() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

void Bench::keep(const std::vector<Decoded>& decoded) {
  for (const Decoded& item : decoded)
    if (const auto* reading = std::get_if<Reading>(&item))
      last_[{reading->device, reading->capability}] = reading->value;
}

std::vector<Decoded> Bench::say(const std::string& topic, const std::string& payload, bool retained) {
  std::vector<Decoded> out;
  devices_->decode(MqttMessage{topic, payload, retained, Instant{}}, out);
  keep(out);
  return out;
}

std::vector<Decoded> Bench::say(const RegisterBlock& block) {
  std::vector<Decoded> out;
  devices_->decode(block, out);
  keep(out);
  return out;
}

std::optional<double> Bench::last(Capability capability, DeviceIndex device) const {
  const auto found = last_.find({device, capability});
  return found == last_.end() ? std::nullopt : std::optional(found->second);
}

std::uint64_t Bench::refused() const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(devices::Refusal::count_); ++i)
    sum += devices_->refused(static_cast<devices::Refusal>(i));
  return sum;
}

boost::json::value json_of(const std::string& text) { return boost::json::parse(text); }

boost::json::value shared_json(const std::string& relative) {
  std::ifstream file(shared(relative));
  std::ostringstream content;
  content << file.rdbuf();
  return json_of(content.str());
}

std::string text_of(const boost::json::value& value) { return boost::json::value_to<std::string>(value); }

}  // namespace rytme::test
