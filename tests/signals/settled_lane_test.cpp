// SPDX-License-Identifier: Apache-2.0
#include "controller/signals/settled_lane.hpp"

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "tests/signals/recordings.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::signals {

bool operator==(const FlaggedBeat& a, const FlaggedBeat& b) { return a.i == b.i && a.kind == b.kind; }
void PrintTo(const FlaggedBeat& beat, std::ostream* out) {
  *out << beat.i << ":" << static_cast<int>(beat.kind);
}

namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
namespace json = boost::json;

std::vector<FlaggedBeat> flags_of(const std::vector<double>& rr_ms, bool finish = true) {
  SettledLane lane;
  std::vector<FlaggedBeat> flags;
  const auto keep = [&](const FlaggedBeat& beat) { flags.push_back(beat); };
  for (const double rr : rr_ms) {
    lane.add(rr, keep);
  }
  if (finish) {
    lane.finish(keep);
  }
  return flags;
}

// The beat in the middle is number 101.
std::vector<double> calm_with(const std::vector<double>& beats) {
  auto rr_ms = test::calm_rr(200, 850, 20);
  std::copy(beats.begin(), beats.end(), rr_ms.begin() + 100);
  return rr_ms;
}

// Of an early beat and the pause after it, the method calls the pause's interval ectopic.
TEST(SettledLane, NamesWhatItFlags) {
  EXPECT_THAT(flags_of(test::calm_rr(300, 850, 20)), IsEmpty());
  EXPECT_THAT(flags_of(calm_with({1700})), Contains(FlaggedBeat{.i = 101, .kind = BeatFlag::missed}));
  EXPECT_THAT(flags_of(calm_with({400, 450})), Contains(FlaggedBeat{.i = 101, .kind = BeatFlag::extra}));
  EXPECT_THAT(flags_of(calm_with({560, 1150})), Contains(FlaggedBeat{.i = 102, .kind = BeatFlag::ectopic}));
  EXPECT_THAT(flags_of(calm_with({1200, 1210, 1190})),
              Contains(FlaggedBeat{.i = 101, .kind = BeatFlag::longshort}));
}

TEST(SettledLane, AVerdictComesFiftyOneBeatsLate) {
  const auto rr_ms = calm_with({560, 1150});
  for (const std::size_t later : {SettledLane::delay - 1, SettledLane::delay}) {
    const std::vector<double> known(rr_ms.begin(), rr_ms.begin() + 101 + static_cast<std::ptrdiff_t>(later));
    EXPECT_EQ(flags_of(known, false).empty(), later < SettledLane::delay) << later;
  }
}

TEST(SettledLane, WhatIsNoIntervalOnlyCounts) {
  SettledLane lane;
  std::vector<FlaggedBeat> flags;
  const auto keep = [&](const FlaggedBeat& beat) { flags.push_back(beat); };
  const auto rr_ms = calm_with({560, 1150});
  for (std::size_t k = 0; k < rr_ms.size(); ++k) {
    if (k == 50) {
      lane.skip();
      lane.skip();
    }
    lane.add(rr_ms[k], keep);
  }
  lane.finish(keep);
  EXPECT_THAT(flags, Contains(FlaggedBeat{.i = 104, .kind = BeatFlag::ectopic}));
}

TEST(SettledLane, AnyLengthEndsWell) {
  const auto rr_ms = calm_with({560, 1150});
  for (std::size_t length = 0; length <= rr_ms.size(); ++length) {
    for (const auto& flag : flags_of({rr_ms.begin(), rr_ms.begin() + static_cast<std::ptrdiff_t>(length)})) {
      EXPECT_GE(flag.i, 1U);
      EXPECT_LE(flag.i, length);
    }
  }
}

TEST(SettledLane, AFrozenValueIsNoArtefactOfThisMethod) {
  EXPECT_THAT(flags_of(std::vector<double>(300, 800)), IsEmpty());
}

// Beat i of a day is judged as in a lane that began a few hundred beats before it.
TEST(SettledLane, ForgetsWhatIsLongPast) {
  auto rr_ms = test::calm_rr(108'000, 800, 30);
  for (std::size_t at = 400; at + 2 < rr_ms.size(); at += 397) {
    rr_ms[at] = 500;
    rr_ms[at + 1] = 1100;
  }
  for (auto& rr : rr_ms) {
    rr = std::round(rr);  // whole ms, so that the time since the beginning has no fraction to differ by
  }
  constexpr std::size_t tail = 1000;
  const auto all = flags_of(rr_ms);
  const auto late = flags_of({rr_ms.end() - tail, rr_ms.end()});
  std::vector<FlaggedBeat> expected, got;
  for (const auto& flag : all) {
    if (flag.i > rr_ms.size() - tail + 100) {
      expected.push_back(flag);
    }
  }
  for (const auto& flag : late) {
    if (flag.i > 100) {
      got.push_back({.i = flag.i + rr_ms.size() - tail, .kind = flag.kind});
    }
  }
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(got, expected);
}

std::vector<FlaggedBeat> sorted(std::vector<FlaggedBeat> flags) {
  std::sort(flags.begin(), flags.end(), [](const FlaggedBeat& a, const FlaggedBeat& b) { return a.i < b.i; });
  return flags;
}

std::vector<FlaggedBeat> expected_flags(const json::value& single_pass) {
  std::vector<FlaggedBeat> flags;
  const auto take = [&](const char* name, BeatFlag kind) {
    for (const auto& i : single_pass.at(name).as_array()) {
      flags.push_back({.i = i.to_number<std::size_t>(), .kind = kind});
    }
  };
  take("ectopic", BeatFlag::ectopic);
  take("missed", BeatFlag::missed);
  take("extra", BeatFlag::extra);
  take("longshort", BeatFlag::longshort);
  return sorted(flags);
}

std::vector<FlaggedBeat> inner(const std::vector<FlaggedBeat>& flags, std::size_t beats) {
  std::vector<FlaggedBeat> kept;
  for (const auto& flag : flags) {
    if (flag.i > 45 && flag.i + 45 <= beats) {
      kept.push_back(flag);
    }
  }
  return kept;
}

TEST(SettledLane, EqualsTheMethodWithTheWholeRecordAtHand) {
  if (!test::shared_available()) {
    GTEST_SKIP() << "no reference data";
  }
  std::ifstream in(test::shared("data/expected.json"));
  const auto parsed = json::parse(std::string{std::istreambuf_iterator<char>(in), {}});
  std::size_t records = 0, flags = 0, at_the_ends = 0;
  for (const auto& [name, recording] : parsed.at("recordings").as_object()) {
    SCOPED_TRACE(std::string(name));
    const auto& condition = recording.at("condition");
    const auto beats = test::recorded_beats(recording.at("file").as_string(),
                                            condition.is_null() ? "" : condition.as_string());
    const auto ours = sorted(analyse_heart(beats).flags);
    const auto expected = expected_flags(recording.at("lipponen_tarvainen").at("single_pass"));
    EXPECT_EQ(inner(ours, beats.size()), inner(expected, beats.size()));
    at_the_ends += ours == expected ? 0U : 1U;
    ++records;
    flags += expected.size();
  }
  std::cout << records << " records, " << flags
            << " flags; records that differ within 45 beats of an end: " << at_the_ends << "\n";
  EXPECT_GE(records, 70U);
  EXPECT_GE(flags, 1000U);
}

}  // namespace
}  // namespace rytme::signals
