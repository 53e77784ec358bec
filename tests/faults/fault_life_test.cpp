// SPDX-License-Identifier: Apache-2.0
// Hours of room with faults in seconds. RYTME_FAULT_HOURS: how many (10); RYTME_FAULT_SEED: of the first life
// (1), each is two hours long. A failure names the seed and the step: with that seed, RYTME_FAULT_HOURS=2 and
// RYTME_FAULT_FROM=STEP the same happens again, and what led to it is printed.
#include <chrono>
#include <cstdlib>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "controller/settings/load.hpp"
#include "tests/faults/life.hpp"
#include "tests/support/folder.hpp"

namespace rytme::test {
namespace {

constexpr double hours_of_a_life = 2;
constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

double number_from(const char* name, double usual) {
  const char* text = std::getenv(name);
  return text == nullptr ? usual : std::strtod(text, nullptr);
}

settings::House house_of(Folder& folder, const std::string& room) {
  for (const char* part : {"profiles", "presets"})
    std::filesystem::copy(std::filesystem::path("config") / part, folder.path() / part);
  folder.write("room.toml", living_room_toml(room));
  return settings::load(folder.path());
}

TEST(FaultLife, NothingThatGoesWrongHurtsAnybody) {
  Folder folder, other_folder;
  const auto usual = house_of(folder, "recording = \"on\"\n");
  const auto other =
      house_of(other_folder, "safe_light = { level = 0.55, cct_k = 3000 }\nsession_max_min = 20\n");
  const double hours = number_from("RYTME_FAULT_HOURS", 10);
  const auto first = static_cast<std::uint64_t>(number_from("RYTME_FAULT_SEED", 1));
  const bool told = std::getenv("RYTME_FAULT_FROM") != nullptr;
  const auto told_from = told ? static_cast<std::uint64_t>(number_from("RYTME_FAULT_FROM", 0)) : never;

  LivingRoom::Counts all;
  std::uint64_t steps = 0, faults = 0;
  constexpr int enough = 20;  // lives with a breach: more say nothing new
  int hurt = 0;
  const auto begin = std::chrono::steady_clock::now();
  for (std::uint64_t i = 0; static_cast<double>(i) * hours_of_a_life < hours; ++i) {
    const auto seed = first + i;
    Life life(usual, other, seed, told_from);
    life.live(hours_of_a_life);
    for (const auto& breach : life.breaches())
      ADD_FAILURE() << breach.judge << ": " << breach.what << "\nseed " << seed << ", step " << breach.step
                    << ", " << breach.at_s << " s. Again: RYTME_FAULT_SEED=" << seed
                    << " RYTME_FAULT_HOURS=2 RYTME_FAULT_FROM="
                    << (breach.step > 2000 ? breach.step - 2000 : 0) << " build/release/bin/test_faults";
    if (!life.breaches().empty() && ++hurt == enough) break;
    const auto& counts = life.room().counts();
    all.commands += counts.commands;
    all.requests += counts.requests;
    all.late += counts.late;
    all.stops += counts.stops;
    all.sessions += counts.sessions;
    all.restarts += counts.restarts;
    steps += life.room().steps();
    faults += life.faults();
  }
  const double took_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  fmt::print(
      "{} h in {:.1f} s, {:.0f} x real time: {} steps, {} faults, {} restarts, {} requests ({} late), {} "
      "stops, "
      "{} sessions, {} commands\n",
      hours, took_s, hours * 3600 / took_s, steps, faults, all.restarts, all.requests, all.late, all.stops,
      all.sessions, all.commands);
  if (HasFailure()) return;
  EXPECT_GT(all.sessions, hours) << "the room hardly did anything";
  EXPECT_GT(all.commands, 100 * hours);
  EXPECT_GT(faults, 10 * hours);
}

}  // namespace
}  // namespace rytme::test
