// SPDX-License-Identifier: Apache-2.0
#include "controller/access/totp.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

namespace rytme::access {
namespace {

const std::string rfc_secret = "12345678901234567890";

// RFC 6238, appendix B, the rows of SHA-1.
TEST(Totp, the_codes_of_the_rfc) {
  const std::vector<std::pair<std::int64_t, std::string>> rows{
      {59, "94287082"},         {1111111109, "07081804"}, {1111111111, "14050471"},
      {1234567890, "89005924"}, {2000000000, "69279037"}, {20000000000, "65353130"}};
  for (const auto& [at, code] : rows) EXPECT_EQ(totp_code(rfc_secret, at, 8), code) << at;
}

TEST(Totp, a_step_to_either_side_is_forgiven_and_no_more) {
  const std::int64_t now = 1'000'000 * 30;
  for (const std::int64_t step : {-2, -1, 0, 1, 2}) {
    const auto got = totp_step(rfc_secret, totp_code(rfc_secret, now + 30 * step), now + 29, 0);
    EXPECT_EQ(got.has_value(), step >= -1 && step <= 1) << step;
    EXPECT_EQ(got.value_or(1000000 + step), 1000000 + step);
  }
}

TEST(Totp, a_code_is_used_once_and_none_before_it_any_more) {
  const std::int64_t now = 1'000'000 * 30;
  const auto used = totp_step(rfc_secret, totp_code(rfc_secret, now), now, 0);
  ASSERT_TRUE(used);
  EXPECT_FALSE(totp_step(rfc_secret, totp_code(rfc_secret, now), now, *used));
  EXPECT_FALSE(totp_step(rfc_secret, totp_code(rfc_secret, now - 30), now, *used));
  EXPECT_TRUE(totp_step(rfc_secret, totp_code(rfc_secret, now + 30), now + 30, *used));
}

TEST(Totp, nothing_else_is_a_code) {
  for (const char* code : {"", "0", "00000", "0000000", "abcdef", "-00001", "94287082"})
    EXPECT_FALSE(totp_step(rfc_secret, code, 59, 0)) << code;
  EXPECT_TRUE(totp_step(rfc_secret, "287082", 59, 0));
}

TEST(Totp, an_authenticator_is_told_all_it_needs) {
  EXPECT_EQ(base32("Hello!\xDE\xAD\xBE\xEF"), "JBSWY3DPEHPK3PXP");
  EXPECT_EQ(
      otpauth_uri(rfc_secret, "Rytme rom 1", "kari"),
      "otpauth://totp/Rytme%20rom%201:kari?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Rytme%20rom%201"
      "&algorithm=SHA1&digits=6&period=30");
  ASSERT_GE(sodium_init(), 0);
  EXPECT_EQ(new_totp_secret().size(), 20U);
  EXPECT_NE(new_totp_secret(), new_totp_secret());
}

}  // namespace
}  // namespace rytme::access
