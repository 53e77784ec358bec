// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "controller/access/login_limit.hpp"

namespace rytme::access {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

// Tries as often as it may for that long; how often that is.
unsigned tries_in(LoginLimit& limit, const std::string& name, const std::string& address, Instant from,
                  seconds how_long) {
  unsigned made = 0;
  for (Instant now = from; now < from + how_long; now += seconds(1))
    while (limit.wait(name, address, now).count() == 0) {
      limit.begun(name, address, now);
      ++made;
    }
  return made;
}

TEST(LoginLimit, the_wait_doubles_after_three_wrong_tries) {
  LoginLimit limit;
  Instant now{};
  std::vector<long> waits;
  for (int i = 0; i < 12; ++i) {
    limit.begun("kari", "10.0.0.1", now);
    waits.push_back(static_cast<long>(limit.wait("kari", "10.0.0.1", now).count()));
    now += seconds(waits.back());
  }
  // The tenth is the tenth at this account as well: from then on it counts as attacked.
  EXPECT_EQ(waits, (std::vector<long>{0, 0, 2, 4, 8, 16, 32, 64, 128, 300, 300, 300}));
  EXPECT_EQ(limit.wait("kari", "10.0.0.1", now).count(), 0) << "at its end it may be tried again";
  EXPECT_EQ(limit.wait("KARI", "10.0.0.1", now - seconds(1)).count(), 1) << "capitals are no other account";
}

TEST(LoginLimit, an_address_that_tries_everybody_waits_as_well) {
  LoginLimit limit;
  const Instant now{};
  unsigned made = 0;
  for (int i = 0; i < 1000; ++i) {
    const std::string name = "name-" + std::to_string(i);
    if (limit.wait(name, "10.0.0.1", now).count() > 0) continue;
    limit.begun(name, "10.0.0.1", now);
    ++made;
  }
  EXPECT_EQ(made, 10U);
}

// Whoever floods an account from anywhere cannot keep out who comes from another address.
TEST(LoginLimit, a_flood_locks_nobody_out) {
  LoginLimit limit;
  Instant now{};
  for (int host = 0; host < 500; ++host)
    tries_in(limit, "kari", "10.1." + std::to_string(host / 250) + "." + std::to_string(host % 250), now,
             seconds(1));
  EXPECT_EQ(limit.wait("kari", "10.9.9.9", now).count(), 0);
  limit.begun("kari", "10.9.9.9", now);
  EXPECT_EQ(limit.wait("kari", "10.9.9.9", now).count(), 2) << "under attack one try is free, not three";
  EXPECT_LE(limit.remembered(), 4096U);
}

TEST(LoginLimit, what_a_day_of_guessing_from_one_address_gives) {
  LoginLimit limit;
  EXPECT_LE(tries_in(limit, "kari", "10.0.0.1", Instant{} + minutes(1), std::chrono::hours(24)), 300U);
}

TEST(LoginLimit, a_right_try_forgives_the_account_but_not_the_address) {
  LoginLimit limit;
  const Instant now{};
  for (int i = 0; i < 9; ++i) limit.begun("kari", "10.0.0.1", now);
  limit.succeeded("kari", "10.0.0.1");
  EXPECT_EQ(limit.wait("kari", "10.0.0.1", now).count(), 0);
  limit.begun("per", "10.0.0.1", now);
  limit.begun("per", "10.0.0.1", now);
  EXPECT_GT(limit.wait("per", "10.0.0.1", now).count(), 0);
}

TEST(LoginLimit, a_try_that_nobody_looked_at_does_not_count) {
  LoginLimit limit;
  const Instant now{};
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(limit.wait("kari", "10.0.0.1", now).count(), 0);
    limit.begun("kari", "10.0.0.1", now);
    limit.take_back("kari", "10.0.0.1");
  }
}

TEST(LoginLimit, a_made_up_name_is_not_a_trick_against_another) {
  LoginLimit limit;
  const Instant now{};
  for (int i = 0; i < 9; ++i) limit.begun("kari@10.0.0.2", "10.0.0.1", now);
  for (int i = 0; i < 9; ++i) limit.begun("", "10.0.0.3", now);
  EXPECT_EQ(limit.wait("kari", "10.0.0.2", now).count(), 0);
}

TEST(LoginLimit, a_host_has_one_address_whatever_it_takes) {
  EXPECT_EQ(host_of("fd00:1:2:3:aaaa::1"), host_of("fd00:1:2:3::2"));
  EXPECT_NE(host_of("fd00:1:2:3::1"), host_of("fd00:1:2:4::1"));
  EXPECT_NE(host_of("::ffff:10.0.0.1"), host_of("::ffff:10.0.0.2"));
  EXPECT_EQ(host_of("fe80::1%eth0"), host_of("fe80::2"));
  EXPECT_EQ(host_of("10.0.0.1"), "10.0.0.1");
}

TEST(LoginLimit, remembers_a_bounded_number) {
  LoginLimit limit;
  for (int i = 0; i < 20000; ++i) limit.begun("n" + std::to_string(i), "a" + std::to_string(i), Instant{});
  EXPECT_LE(limit.remembered(), 4096U);
}

}  // namespace
}  // namespace rytme::access
