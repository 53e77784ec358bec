// SPDX-License-Identifier: Apache-2.0
#include "controller/trial/profile_try.hpp"

#include <algorithm>
#include <array>
#include <ostream>
#include <stdexcept>

#include <boost/json.hpp>

#include "controller/settings/load.hpp"

namespace rytme::trial {
namespace {

namespace fs = std::filesystem;

constexpr std::array<const char*, 3> verdicts{"ok", "differs", "refused"};

const char* name_of(Verdict verdict) { return verdicts.at(static_cast<std::size_t>(verdict)); }

// A path, or the id of a profile of the settings folder.
settings::LoadedProfile profile_by(const ProfileTryRequest& request) {
  if (fs::is_regular_file(request.profile)) return settings::check_profile(request.profile);
  const fs::path folder = request.config / "profiles";
  if (fs::is_regular_file(folder / (request.profile + ".toml")))
    return settings::check_profile(folder / (request.profile + ".toml"));
  std::string known;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() != ".toml") continue;
    auto loaded = settings::check_profile(entry.path());
    if (loaded.profile.id == request.profile) return loaded;
    if (!loaded.profile.id.empty()) known += (known.empty() ? "" : ", ") + loaded.profile.id;
  }
  throw std::runtime_error("there is no profile \"" + request.profile + "\": neither a file nor an id in " +
                           folder.string() + (known.empty() ? "" : " (" + known + ")"));
}

std::vector<Trial> trials_of(const settings::Profile& profile, const ProfileTryRequest& request) {
  if (!fs::is_regular_file(request.fixture))
    throw std::runtime_error("there is no fixture " + request.fixture.string());
  if (request.fixture.extension() == ".json") return try_messages(profile, request);
  if (request.fixture.extension() == ".toml") return try_registers(profile, request);
  throw std::runtime_error(request.fixture.string() + ": a fixture is .json (messages) or .toml (registers)");
}

void print(const std::vector<Trial>& trials, bool json, std::ostream& out) {
  boost::json::array list;
  for (const auto& trial : trials) {
    if (json)
      list.push_back({{"verdict", name_of(trial.verdict)}, {"name", trial.name}, {"reason", trial.reason}});
    else
      out << name_of(trial.verdict) << '\t' << trial.name << '\t' << trial.reason << '\n';
  }
  if (json) out << boost::json::serialize(list) << '\n';
}

}  // namespace

int profile_try(const ProfileTryRequest& request, std::ostream& out, std::ostream& err) {
  try {
    const auto loaded = profile_by(request);
    for (const auto& problem : loaded.problems) err << settings::to_text(problem) << '\n';
    if (loaded.has_errors()) return 2;
    const auto trials = trials_of(loaded.profile, request);
    print(trials, request.json, out);
    return std::any_of(trials.begin(), trials.end(),
                       [](const Trial& trial) { return trial.verdict == Verdict::differs; })
               ? 1
               : 0;
  } catch (const std::exception& error) {
    err << "rytme profile try: " << error.what() << '\n';
    return 2;
  }
}

}  // namespace rytme::trial
