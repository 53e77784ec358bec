// SPDX-License-Identifier: Apache-2.0
#include "controller/app/check.hpp"

#include <algorithm>
#include <cmath>
#include <ostream>
#include <stdexcept>
#include <tuple>

#include <boost/json.hpp>

#include "controller/access/certificates.hpp"
#include "controller/app/clock.hpp"
#include "controller/app/device_book.hpp"
#include "controller/settings/load.hpp"

namespace rytme::app {
namespace {

std::string reason(FailSafeState state) {
  switch (state) {
    case FailSafeState::not_set:
      return "has a fail-safe of its own that is not set: run rytme device commission";
    case FailSafeState::differs:
      return "did not hold all that was set at commissioning: run rytme device commission again";
    case FailSafeState::other_settings:
      return "was commissioned with other settings than these: run rytme device commission again";
    default:
      return "";
  }
}

// Outputs whose fail-safe is settable and not known to be set. Those that have none are told by the settings.
void warn_fail_safe(settings::Loaded& loaded, const std::filesystem::path& data) {
  DeviceBook book;
  try {
    book = DeviceBook::load(data);
  } catch (const std::runtime_error& error) {
    loaded.problems.push_back({"room.toml", 1, 1, settings::Severity::warning, error.what()});
  }
  const settings::House& house = loaded.house;
  const devices::Devices devices(house);
  for (std::size_t i = 0; i < house.devices.size(); ++i) {
    const auto& device = house.devices[i];
    const std::string why = reason(fail_safe_of(house, devices, static_cast<DeviceIndex>(i), book));
    if (!why.empty())
      loaded.problems.push_back({"room.toml", device.line, device.column, settings::Severity::warning,
                                 "device \"" + device.id + "\" " + why});
  }
  std::stable_sort(loaded.problems.begin(), loaded.problems.end(), [](const auto& a, const auto& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
}

// What serves the network, and for how long.
void warn_certificate(settings::Loaded& loaded, const std::filesystem::path& data) {
  const settings::WebSettings& web = loaded.house.web;
  if (web.tls_host.empty()) return;
  const std::filesystem::path file =
      web.certificate.empty() ? access::tls_files(data).certificate : std::filesystem::path(web.certificate);
  const auto at_s = unix_s(now().wall);
  const auto days = access::days_left(file, at_s);
  constexpr double soon_days = 30;
  const auto tell = [&](settings::Severity severity, const std::string& text) {
    loaded.problems.push_back({"room.toml", 1, 1, severity, text});
  };
  if (!days)
    tell(settings::Severity::error,
         "[web] listen_tls: there is no certificate " + file.string() + "; run rytme tls init");
  else if (*days < 0)
    tell(settings::Severity::error, "[web] listen_tls: the certificate has ended; run rytme tls init again");
  else if (*days < soon_days)
    tell(settings::Severity::warning, "[web] listen_tls: the certificate ends in " +
                                          std::to_string(std::lround(*days)) +
                                          " days; run rytme tls init again");
}

}  // namespace

settings::Loaded check_all(const std::filesystem::path& folder, const std::filesystem::path& data,
                           const settings::Changes& changes) {
  settings::Loaded loaded = settings::check(folder, changes);
  if (loaded.has_errors()) return loaded;
  warn_certificate(loaded, data);
  warn_fail_safe(loaded, data);
  return loaded;
}

boost::json::array problems_json(const std::vector<settings::Problem>& problems) {
  boost::json::array list;
  for (const settings::Problem& problem : problems)
    list.push_back({{"file", problem.file},
                    {"line", problem.line},
                    {"column", problem.column},
                    {"severity", problem.severity == settings::Severity::error ? "error" : "warning"},
                    {"text", problem.text}});
  return list;
}

int check_settings(const std::filesystem::path& folder, const std::filesystem::path& data, bool json,
                   std::ostream& out) {
  std::error_code error;
  if (!std::filesystem::is_directory(folder, error)) {
    const settings::Problem missing{folder.string(), 1, 1, settings::Severity::error,
                                    "there is no such folder"};
    out << (json ? boost::json::serialize(problems_json({missing})) : settings::to_text(missing)) << '\n';
    return 2;
  }
  const settings::Loaded loaded = check_all(folder, data);
  if (json) {
    out << boost::json::serialize(problems_json(loaded.problems)) << '\n';
  } else {
    for (const settings::Problem& problem : loaded.problems) out << settings::to_text(problem) << '\n';
  }
  return loaded.has_errors() ? 1 : 0;
}

}  // namespace rytme::app
