// SPDX-License-Identifier: Apache-2.0
// A register fixture (format srr-modbus-fixture-1): every point, setup and frame of it against a profile.
#include <stdexcept>

#include <toml++/toml.h>

#include "controller/settings/toml_file.hpp"
#include "controller/trial/profile_try.hpp"
#include "controller/trial/try_frames.hpp"
#include "controller/trial/try_points.hpp"

namespace rytme::trial {
namespace {

constexpr std::string_view format = "srr-modbus-fixture-1";

toml::table parsed(const std::filesystem::path& file) {
  try {
    return settings::parse_toml(settings::text_of(file), file.string());
  } catch (const toml::parse_error& error) {
    throw std::runtime_error(file.string() + ":" + std::to_string(error.source().begin.line) +
                             ": not TOML: " + std::string(error.description()));
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(file.string() + ": " + error.what());
  }
}

template <typename Use>
void each(const toml::table& table, std::string_view key, Use use) {
  const auto* list = table[key].as_array();
  if (list == nullptr) return;
  for (const auto& item : *list)
    if (const auto* row = item.as_table()) use(*row);
}

}  // namespace

std::vector<Trial> try_registers(const settings::Profile& profile, const ProfileTryRequest& request) {
  const toml::table fixture = parsed(request.fixture);
  if (fixture["format"].value_or<std::string>("") != format)
    throw std::runtime_error(request.fixture.string() + ": expected format = \"" + std::string(format) +
                             "\"");
  if (profile.transport != settings::ProfileTransport::modbus)
    throw std::runtime_error("profile \"" + profile.id + "\" speaks MQTT; " + request.fixture.string() +
                             " is about registers");
  std::vector<Trial> trials;
  const auto framing =
      fixture.at_path("link.transport").value_or<std::string>("rtu") == "tcp" ? Framing::tcp : Framing::rtu;
  if (const auto* link = fixture["link"].as_table())
    if (auto trial = try_link(profile, *link)) trials.push_back(std::move(*trial));
  const TryBench bench(profile, 1, request.params);
  each(fixture, "point", [&](const toml::table& row) { trials.push_back(try_point(bench, row)); });
  each(fixture, "setup", [&](const toml::table& row) { trials.push_back(try_setup(bench, row)); });
  each(fixture, "frame",
       [&](const toml::table& row) { trials.push_back(try_frame(profile, row, framing, request.params)); });
  if (trials.empty())
    throw std::runtime_error(request.fixture.string() +
                             ": holds nothing to try (no [[point]], [[setup]], [[frame]] or [link])");
  return trials;
}

}  // namespace rytme::trial
