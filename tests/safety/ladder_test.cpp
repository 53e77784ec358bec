// SPDX-License-Identifier: Apache-2.0
// The fail-safe ladder, row by row against design §6: written here a second time, by hand.
#include "controller/safety/ladder.hpp"

#include <array>

#include <gtest/gtest.h>

namespace rytme::safety {
namespace {

Instant at(double s) { return Instant{} + seconds(1000 + s); }

struct Expected {
  Fault fault{};
  double at_s{};
  Response response{};
};

TEST(Ladder, EveryRowDoesWhatTheDesignSays) {
  constexpr std::array rows{
      Expected{Fault::heart_unknown, 0, Response::hold},
      Expected{Fault::heart_unknown, 9.9, Response::hold},
      Expected{Fault::heart_unknown, 10, Response::baseline},
      Expected{Fault::motion_unknown, 9.9, Response::hold},
      Expected{Fault::motion_unknown, 10, Response::baseline},
      Expected{Fault::sensors_lost, 9.9, Response::hold},
      Expected{Fault::sensors_lost, 10, Response::baseline},
      Expected{Fault::broker_down, 29.9, Response::none},
      Expected{Fault::broker_down, 30, Response::warn},
      Expected{Fault::bus_down, 0, Response::warn},
      Expected{Fault::device_down, 0, Response::warn},
      Expected{Fault::lamp_flapping, 0, Response::off},
      Expected{Fault::two_hands, 0, Response::warn},
      Expected{Fault::clock_wrong, 0, Response::warn},
      Expected{Fault::restarted, 0, Response::safe_light},
      Expected{Fault::crash_loop, 0, Response::safe_light},
      Expected{Fault::controller_silent, 0, Response::safe_light},
  };
  for (const Expected& row : rows) {
    const std::array active{Active{row.fault, at(0)}};
    EXPECT_EQ(judge(active, at(row.at_s)).response, row.response)
        << ladder()[static_cast<std::size_t>(row.fault)].name << " after " << row.at_s << " s";
    EXPECT_GE(judge(active, at(3600)).response, row.response) << "no row eases by itself";
  }
}

TEST(Ladder, EveryFaultHasARowANameAndWordsForPeople) {
  ASSERT_EQ(ladder().size(), static_cast<std::size_t>(Fault::count_));
  for (const Rung& rung : ladder()) {
    EXPECT_FALSE(rung.name.empty());
    EXPECT_FALSE(rung.says_nb.empty() || rung.says_en.empty()) << rung.name;
    EXPECT_GT(rung.does_nb.size(), 20U) << rung.name;
    EXPECT_GT(rung.does_en.size(), 20U) << rung.name;
    EXPECT_NE(rung.first.response, Response::none) << rung.name;
    if (rung.then.response != Response::none) {
      EXPECT_GT(rung.then.response, rung.first.response) << rung.name << ": it only gets more severe";
      EXPECT_GT(rung.then.after, rung.first.after) << rung.name;
    }
  }
}

TEST(Ladder, TheMostSevereWinsWhateverTheOrder) {
  const Active bus{Fault::bus_down, at(0)}, heart{Fault::heart_unknown, at(0)},
      crash{Fault::crash_loop, at(0)};
  for (const auto& order : {std::array{bus, heart, crash}, std::array{crash, heart, bus}}) {
    const Verdict verdict = judge(order, at(20));
    EXPECT_EQ(verdict.response, Response::safe_light);
    EXPECT_EQ(verdict.cause, Fault::crash_loop);
  }
  const std::array two{bus, heart};
  EXPECT_EQ(judge(two, at(20)).cause, Fault::heart_unknown);
}

TEST(Ladder, SaysWhenTheNextStepIsDue) {
  const std::array active{Active{Fault::heart_unknown, at(0)}, Active{Fault::broker_down, at(5)}};
  EXPECT_EQ(judge(active, at(6)).changes, at(10));
  EXPECT_EQ(judge(active, at(12)).changes, at(35));
  EXPECT_EQ(judge(active, at(40)).changes, Instant::max());
  EXPECT_EQ(judge({}, at(0)).response, Response::none);
  EXPECT_FALSE(judge({}, at(0)).cause);
}

}  // namespace
}  // namespace rytme::safety
