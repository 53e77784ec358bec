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
  const Access access({}, nullptr);
  const auto proofs = access.identify(local(), {}, true);
  ASSERT_EQ(proofs.size(), 1U);
  EXPECT_EQ(proofs[0].actor.kind, ActorKind::local);
  EXPECT_EQ(proofs[0].actor.role, Role::staff);
  EXPECT_EQ(proofs[0].by, By::loopback);
  Incoming far = local();
  far.loopback = false;
  EXPECT_TRUE(access.identify(far, {}, true).empty());
}

TEST(Access, a_token_is_the_actor_wherever_it_comes_from) {
  const Access access({{"abc", "tablet"}, {"def", "psychologist"}, {"ghi", "king"}, {"", "officer"}},
                      nullptr);
  const auto actor_of = [&access](const Incoming& incoming) -> std::optional<Actor> {
    const auto proofs = access.identify(incoming, {}, true);
    return proofs.size() == 1 ? std::optional(proofs[0].actor) : std::nullopt;
  };
  Incoming in;
  in.authorization = "Bearer abc";
  ASSERT_TRUE(actor_of(in));
  EXPECT_EQ(actor_of(in)->kind, ActorKind::tablet);
  EXPECT_EQ(actor_of(in)->role, Role::staff);
  in.authorization = "Bearer def";
  EXPECT_EQ(actor_of(in)->kind, ActorKind::user);
  EXPECT_EQ(actor_of(in)->role, Role::psychologist);
  for (const char* wrong :
       {"Bearer ab", "Bearer abcd", "Bearer ", "Bearer ghi", "Basic abc", "abc", "Bearer abd"}) {
    in.authorization = wrong;
    EXPECT_FALSE(actor_of(in)) << wrong;
    in.loopback = true;  // a wrong token is not forgiven on the machine itself
    EXPECT_FALSE(actor_of(in)) << wrong;
    in.loopback = false;
  }
}

TEST(Access, a_foreign_page_is_told_by_fetch_metadata_or_origin) {
  Incoming in = local();
  EXPECT_EQ(own_page(in), OwnPage::unsaid);
  in.origin = "http://127.0.0.1:8080";
  EXPECT_EQ(own_page(in), OwnPage::yes);
  in.tls = true;  // the other server of this host is another origin
  EXPECT_EQ(own_page(in), OwnPage::no);
  in.origin = "https://127.0.0.1:8080";
  EXPECT_EQ(own_page(in), OwnPage::yes);
  in.origin = "http://evil.example";
  EXPECT_EQ(own_page(in), OwnPage::no);
  in.origin = "null";  // what a form sends under no-referrer
  EXPECT_EQ(own_page(in), OwnPage::no);
  in.fetch_site = "same-origin";
  EXPECT_EQ(own_page(in), OwnPage::yes);
  for (const char* site : {"cross-site", "same-site", "nonsense"}) {
    in.fetch_site = site;
    EXPECT_EQ(own_page(in), OwnPage::no) << site;
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

TEST(Access, a_form_of_ours_is_known_by_what_it_carries) {
  const FormTokens tokens, of_another_process;
  Incoming in = local();
  in.peer = "10.0.0.1";
  in.session = "abc";
  const std::string token = tokens.made_for(in);
  in.content_type = "application/x-www-form-urlencoded";
  in.body = "on=true&form_token=" + token;
  EXPECT_TRUE(tokens.fits(in));
  EXPECT_FALSE(of_another_process.fits(in));
  in.session = "abd";
  EXPECT_FALSE(tokens.fits(in)) << "of another log-in";
  in.session = "";
  EXPECT_FALSE(tokens.fits(in)) << "of somebody who is not logged in";
  in.session = "abc";
  for (const std::string& body : {std::string("on=true"), std::string("form_token="),
                                  std::string("form_token=") + token + "0", std::string("%zz")}) {
    in.body = body;
    EXPECT_FALSE(tokens.fits(in)) << body;
  }
}

TEST(Access, ours_of_many_cookies) {
  Incoming in;
  read_cookies("a=b; __Host-rytme=one;__Host-rytme-tablet=two ; __Host-rytme2=x; rytme=y; =;;", in);
  EXPECT_EQ(in.session, "one");
  EXPECT_EQ(in.tablet, "two ");
  EXPECT_EQ(set_cookie("n", "v", 0).second, "n=v; Path=/; Secure; HttpOnly; SameSite=Strict");
  EXPECT_EQ(set_cookie("n", "", -1).second, "n=; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=0");
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
