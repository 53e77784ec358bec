// SPDX-License-Identifier: Apache-2.0
#include "controller/web/access.hpp"

#include <gtest/gtest.h>

namespace rytme::web {
namespace {

Incoming local() {
  Incoming in;
  in.loopback = true;
  in.host = "127.0.0.1:8080";
  return in;
}

TEST(Access, the_machine_itself_is_staff_and_a_stranger_is_nobody) {
  const Access access({});
  ASSERT_TRUE(access.identify(local()));
  EXPECT_EQ(access.identify(local())->kind, ActorKind::local);
  EXPECT_EQ(access.identify(local())->role, Role::staff);
  Incoming far = local();
  far.loopback = false;
  EXPECT_FALSE(access.identify(far));
}

TEST(Access, a_token_is_the_actor_wherever_it_comes_from) {
  const Access access({{"abc", "tablet"}, {"def", "psychologist"}, {"ghi", "king"}, {"", "officer"}});
  Incoming in;
  in.authorization = "Bearer abc";
  ASSERT_TRUE(access.identify(in));
  EXPECT_EQ(access.identify(in)->kind, ActorKind::tablet);
  EXPECT_EQ(access.identify(in)->role, Role::staff);
  in.authorization = "Bearer def";
  EXPECT_EQ(access.identify(in)->kind, ActorKind::user);
  EXPECT_EQ(access.identify(in)->role, Role::psychologist);
  for (const char* wrong :
       {"Bearer ab", "Bearer abcd", "Bearer ", "Bearer ghi", "Basic abc", "abc", "Bearer abd"}) {
    in.authorization = wrong;
    EXPECT_FALSE(access.identify(in)) << wrong;
    in.loopback = true;  // a wrong token is not forgiven on the machine itself
    EXPECT_FALSE(access.identify(in)) << wrong;
    in.loopback = false;
  }
}

TEST(Access, a_foreign_page_is_told_by_fetch_metadata_or_origin) {
  Incoming in = local();
  EXPECT_TRUE(from_own_page(in));
  in.origin = "http://127.0.0.1:8080";
  EXPECT_TRUE(from_own_page(in));
  in.origin = "http://evil.example";
  EXPECT_FALSE(from_own_page(in));
  in.origin = "null";  // what a form sends under no-referrer
  EXPECT_FALSE(from_own_page(in));
  in.fetch_site = "same-origin";
  EXPECT_TRUE(from_own_page(in));
  for (const char* site : {"cross-site", "same-site", "nonsense"}) {
    in.fetch_site = site;
    EXPECT_FALSE(from_own_page(in)) << site;
  }
}

TEST(Access, a_foreign_name_that_points_here_is_not_a_known_host) {
  Incoming in = local();
  for (const char* host : {"127.0.0.1:8080", "localhost:8080", "[::1]:8080", "rytme", "192.168.1.4"}) {
    in.host = host;
    EXPECT_TRUE(known_host(in)) << host;
  }
  in.host = "rebound.example:8080";
  EXPECT_FALSE(known_host(in));
}

TEST(RateLimit, refills_with_time_and_per_address) {
  RateLimit limit(2, 1);
  const Instant start{};
  EXPECT_TRUE(limit.take("a", start));
  EXPECT_TRUE(limit.take("a", start));
  EXPECT_FALSE(limit.take("a", start));
  EXPECT_TRUE(limit.take("b", start));
  EXPECT_FALSE(limit.take("a", start + std::chrono::milliseconds(900)));
  EXPECT_TRUE(limit.take("a", start + std::chrono::milliseconds(1100)));
}

TEST(RateLimit, remembers_a_bounded_number_of_addresses) {
  RateLimit limit(1, 0.001);
  Instant now{};
  ASSERT_TRUE(limit.take("first", now));
  for (int i = 0; i < 2000; ++i) {
    now += std::chrono::milliseconds(1);
    EXPECT_TRUE(limit.take("address " + std::to_string(i), now));
  }
  EXPECT_TRUE(limit.take("first", now));  // forgotten, so it starts afresh
  EXPECT_FALSE(limit.take("address 1999", now));
}

}  // namespace
}  // namespace rytme::web
