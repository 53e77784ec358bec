// SPDX-License-Identifier: Apache-2.0
#include "controller/session/offers.hpp"

#include <gmock/gmock.h>

namespace rytme::session {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Not;

const std::vector<Offerable> bank{{"stand", Direction::down},    {"wall", Direction::down},
                                  {"breath", Direction::down},   {"water", Direction::down},
                                  {"catch", Direction::up},      {"smell", Direction::up},
                                  {"swing", Direction::neutral}, {"drum", Direction::neutral},
                                  {"press", Direction::neutral}, {"scan", Direction::neutral}};

std::vector<std::string> for_state(std::string_view state, const std::vector<std::string>& chosen = {},
                                   const std::map<std::string, int>& done = {}) {
  return offers(bank, state, chosen, done);
}

TEST(Offers, three_to_six_that_fit_the_state) {
  for (const char* state : {"calm", "attentive", "alarm", "fear", "terror", "shut_down", "dont_know"}) {
    EXPECT_GE(for_state(state).size(), 3U) << state;
    EXPECT_LE(for_state(state).size(), most_offers) << state;
  }
  EXPECT_THAT(for_state("alarm"), ElementsAre("swing", "drum", "press", "scan", "stand", "wall"));
  EXPECT_THAT(for_state("terror"), ElementsAre("stand", "wall", "breath", "water", "swing", "drum"));
}

TEST(Offers, who_is_shut_down_is_not_led_further_down_and_who_is_over_is_not_led_up) {
  for (const char* down : {"stand", "wall", "breath", "water"})
    EXPECT_THAT(for_state("shut_down"), Not(Contains(down)));
  for (const char* state : {"alarm", "fear", "terror"}) {
    EXPECT_THAT(for_state(state), Not(Contains("catch"))) << state;
    EXPECT_THAT(for_state(state), Not(Contains("smell"))) << state;
  }
}

TEST(Offers, the_teams_own_choice_stands_first_then_what_was_done_most) {
  EXPECT_THAT(for_state("alarm", {"catch", "gone", "wall"}, {{"scan", 4}, {"drum", 9}, {"smell", 99}}),
              ElementsAre("catch", "wall", "drum", "scan", "swing", "press"))
      << "an activity that is gone from the bank is left out; one that does not fit is not offered for being "
         "frequent";
  EXPECT_EQ(for_state("alarm", {"swing", "swing"}).front(), "swing");
  EXPECT_EQ(for_state("alarm", {"swing", "swing"}).size(), most_offers);
}

TEST(Offers, a_small_bank_gives_what_it_has) {
  EXPECT_TRUE(offers({}, "alarm", {"x"}, {}).empty());
  EXPECT_TRUE(for_state("nonsense").empty());
}

}  // namespace
}  // namespace rytme::session
