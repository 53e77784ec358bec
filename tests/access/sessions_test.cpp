// SPDX-License-Identifier: Apache-2.0
#include "controller/access/sessions.hpp"

#include <set>

#include <gtest/gtest.h>
#include <sodium.h>

namespace rytme::access {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

struct SessionsOfARoom : testing::Test {
  SessionsOfARoom() { EXPECT_GE(sodium_init(), 0); }
  Sessions sessions;
  Instant now{};
};

TEST_F(SessionsOfARoom, each_has_its_own_token_of_256_bits) {
  std::set<std::string> tokens;
  for (int i = 0; i < 200; ++i) tokens.insert(sessions.begin({"user-A", Role::officer, 1}, now));
  EXPECT_EQ(tokens.size(), 200U);
  for (const auto& token : tokens) EXPECT_EQ(token.size(), 43U);
}

TEST_F(SessionsOfARoom, silence_ends_it_ten_minutes_for_review_thirty_for_the_maintainer) {
  for (const auto& [role, limit] : std::map<Role, int>{
           {Role::psychologist, 10}, {Role::officer, 10}, {Role::staff, 10}, {Role::maintainer, 30}}) {
    const std::string token = sessions.begin({"user-A", role, 1}, now);
    EXPECT_TRUE(sessions.find(token, now + minutes(limit) - seconds(1), false));
    EXPECT_FALSE(sessions.find(token, now + minutes(limit), false)) << "looking alone keeps nothing alive";
    EXPECT_FALSE(sessions.find(token, now, false)) << "what is over stays over";
  }
}

TEST_F(SessionsOfARoom, activity_keeps_it_but_never_beyond_twelve_hours) {
  const std::string token = sessions.begin({"user-A", Role::psychologist, 1}, now);
  for (int minute = 5; minute < 12 * 60; minute += 5)
    ASSERT_TRUE(sessions.find(token, now + minutes(minute), true)) << minute;
  EXPECT_FALSE(sessions.find(token, now + minutes(12 * 60), true));
}

TEST_F(SessionsOfARoom, log_out_ends_this_one_alone) {
  const std::string one = sessions.begin({"user-A", Role::officer, 1}, now);
  const std::string other = sessions.begin({"user-A", Role::officer, 1}, now);
  EXPECT_TRUE(sessions.end(one));
  EXPECT_FALSE(sessions.end(one));
  EXPECT_FALSE(sessions.find(one, now, true));
  EXPECT_TRUE(sessions.find(other, now, true));
}

TEST_F(SessionsOfARoom, many_of_one_account_push_out_only_its_own) {
  const std::string other = sessions.begin({"user-B", Role::officer, 1}, now);
  const std::string first = sessions.begin({"user-A", Role::officer, 1}, now + seconds(1));
  for (int i = 0; i < 8; ++i) sessions.begin({"user-A", Role::officer, 1}, now + seconds(2 + i));
  EXPECT_FALSE(sessions.find(first, now + seconds(20), true));
  EXPECT_TRUE(sessions.find(other, now + seconds(20), true));
  for (int i = 0; i < 500; ++i)
    sessions.begin({"user-" + std::to_string(i), Role::staff, 1}, now + minutes(1));
  EXPECT_LE(sessions.count(), 64U);
}

TEST_F(SessionsOfARoom, nothing_made_up_is_a_session) {
  sessions.begin({"user-A", Role::officer, 1}, now);
  for (const std::string& token :
       {std::string(), std::string(43, 'A'), std::string("x"), std::string(100000, 'y')})
    EXPECT_FALSE(sessions.find(token, now, true));
}

}  // namespace
}  // namespace rytme::access
