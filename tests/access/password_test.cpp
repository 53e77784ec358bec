// SPDX-License-Identifier: Apache-2.0
#include "controller/access/password.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <sodium.h>

#include "controller/access/common_passwords.hpp"

namespace rytme::access {
namespace {

TEST(Password, length_is_all_that_is_asked_and_everybodys_are_refused) {
  EXPECT_EQ(fault_of("kort7tg", "kari"), PasswordFault::too_short);
  EXPECT_EQ(fault_of("åååååååå", "kari"), PasswordFault::none) << "characters, not bytes";
  EXPECT_EQ(fault_of("ååååååå", "kari"), PasswordFault::too_short);
  EXPECT_EQ(fault_of("bare små bokstaver", "kari"), PasswordFault::none) << "no rules of composition";
  EXPECT_EQ(fault_of(std::string(64, 'x') + " 64 and more are allowed", "kari"), PasswordFault::none);
  EXPECT_EQ(fault_of(std::string(257, 'x'), "kari"), PasswordFault::too_long);
  for (const char* common : {"password", "12345678", "qwertyuiop", "iloveyou", "PassWord", "trustno1"})
    EXPECT_EQ(fault_of(common, "kari"), PasswordFault::too_common) << common;
  EXPECT_EQ(fault_of("Kari.Nordmann", "kari.nordmann"), PasswordFault::too_common);
}

// ASVS 6.2.4: at least the 3000 most common that are long enough.
TEST(Password, the_list_is_long_enough_sorted_and_plain) {
  EXPECT_GE(common_passwords.size(), 3000U);
  EXPECT_TRUE(std::is_sorted(common_passwords.begin(), common_passwords.end()));
  for (const auto word : common_passwords) {
    EXPECT_GE(word.size(), shortest_password);
    EXPECT_EQ(fault_of(word, "kari"), PasswordFault::too_common) << word;
  }
}

TEST(Password, kept_as_argon2id_of_at_least_19_mib_with_its_own_salt) {
  ASSERT_GE(sodium_init(), 0);
  const std::string hash = hash_password("skogmus under lykt");
  EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=")) << hash;
  const auto number_after = [&hash](const std::string& mark) {
    return std::stol(hash.substr(hash.find(mark) + mark.size()));
  };
  EXPECT_GE(number_after("$m="), 19 * 1024);
  EXPECT_GE(number_after(",t="), 2);
  EXPECT_NE(hash, hash_password("skogmus under lykt"));
  EXPECT_TRUE(fits(hash, "skogmus under lykt"));
  EXPECT_FALSE(fits(hash, "skogmus under lykT"));
  EXPECT_FALSE(fits(hash, ""));
  EXPECT_FALSE(fits("no hash", "skogmus under lykt"));
}

}  // namespace
}  // namespace rytme::access
