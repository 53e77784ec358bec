// SPDX-License-Identifier: Apache-2.0
#include "controller/access/store.hpp"

#include <fstream>
#include <iterator>

#include <gmock/gmock.h>
#include <sodium.h>
#include <sys/stat.h>

#include "controller/access/secret.hpp"
#include "tests/support/folder.hpp"

namespace rytme::access {
namespace {

using testing::HasSubstr;
using testing::Not;

User user(const std::string& name, Role role) {
  User out;
  out.name = name;
  out.role = role;
  out.password = "$argon2id$...";
  out.totp = std::string("12345678901234567890");
  out.created_s = 1'700'000'000;
  return out;
}

struct StoreOfARoom : testing::Test {
  StoreOfARoom() { EXPECT_GE(sodium_init(), 0); }
  std::string bytes() const {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  test::Folder folder;
  std::filesystem::path file{store_file(folder.path())};
};

TEST_F(StoreOfARoom, the_file_is_its_owners_alone_whatever_the_umask_says) {
  const mode_t before = ::umask(0);
  { Store store(file); }
  ::umask(before);
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(StoreOfARoom, an_account_is_found_by_its_name_in_any_case_and_there_is_one_of_each) {
  Store store(file);
  const auto id = store.add_user(user("Kari", Role::psychologist), "test");
  ASSERT_TRUE(id);
  EXPECT_THAT(*id, testing::MatchesRegex("user-[A-Z0-9]{4}"));
  EXPECT_FALSE(store.add_user(user("kari", Role::officer), "test"));
  ASSERT_TRUE(store.user_named("KARI"));
  EXPECT_EQ(store.user_named("KARI")->role, Role::psychologist);
  EXPECT_FALSE(store.user_named("per"));
  EXPECT_FALSE(store.user_named("' OR 1=1 --"));
}

TEST_F(StoreOfARoom, what_changes_an_account_changes_its_epoch_and_is_told) {
  Store store(file);
  store.add_user(user("kari", Role::officer), "first start");
  std::int64_t epoch = store.user_named("kari")->epoch;
  const auto moved = [&] { return std::exchange(epoch, store.user_named("kari")->epoch) != epoch; };
  EXPECT_TRUE(store.set_password("kari", "other", "shell"));
  EXPECT_TRUE(moved());
  EXPECT_EQ(store.user_named("kari")->password, "other");
  EXPECT_TRUE(store.set_totp("kari", std::string("abc\0def", 7), "shell"));
  EXPECT_TRUE(moved());
  EXPECT_EQ(store.user_named("kari")->totp, std::string("abc\0def", 7));
  EXPECT_TRUE(store.set_disabled("kari", true, "shell"));
  EXPECT_TRUE(moved());
  EXPECT_TRUE(store.user_named("kari")->disabled);
  EXPECT_TRUE(store.set_disabled("kari", false, "shell"));
  EXPECT_FALSE(store.user_named("kari")->disabled);
  EXPECT_FALSE(store.set_password("per", "other", "shell"));
  std::string told;
  for (const Change& change : store.changes()) told += change.what + " by " + change.by + "\n";
  const std::string id = store.user_named("kari")->id;
  EXPECT_EQ(told, "account " + id + " added as officer by first start\naccount " + id +
                      " has a new password by shell\naccount " + id +
                      " has a new authenticator by shell\naccount " + id + " disabled by shell\naccount " +
                      id + " enabled by shell\n");
  EXPECT_THAT(told, Not(HasSubstr("kari"))) << "the record has ids, no names";
  store.told(store.changes()[1].seq);
  EXPECT_EQ(store.changes().size(), 3U);
}

TEST_F(StoreOfARoom, a_code_step_is_used_once_even_by_two) {
  Store one(file), other(file);
  const std::string id = *one.add_user(user("kari", Role::officer), "test");
  EXPECT_TRUE(one.use_totp_step(id, 100));
  EXPECT_FALSE(other.use_totp_step(id, 100));
  EXPECT_FALSE(other.use_totp_step(id, 99));
  EXPECT_TRUE(other.use_totp_step(id, 101));
  one.set_disabled("kari", true, "test");
  EXPECT_FALSE(other.use_totp_step(id, 102));
}

TEST_F(StoreOfARoom, a_tablets_code_works_once_in_its_time_and_only_the_newest) {
  Store store(file);
  const std::string token = random_token();
  store.offer_enrolment(digest("OLD"), 1000, "user-M");
  store.offer_enrolment(digest("NEW"), 1000, "user-M");
  EXPECT_FALSE(store.enrol(digest("OLD"), digest(token), 500));
  EXPECT_FALSE(store.enrol(digest("NEW"), digest(token), 1000)) << "too late";
  const auto id = store.enrol(digest("NEW"), digest(token), 999);
  ASSERT_TRUE(id);
  EXPECT_FALSE(store.enrol(digest("NEW"), digest("x"), 999)) << "used";
  ASSERT_EQ(store.tablets().size(), 1U);
  EXPECT_EQ(store.tablets()[0].token_digest, digest(token));
  EXPECT_EQ(store.tablets()[0].by, "user-M");
  EXPECT_TRUE(store.revoke(*id, "user-M"));
  EXPECT_FALSE(store.revoke(*id, "user-M"));
  EXPECT_TRUE(store.tablets().empty());
}

TEST_F(StoreOfARoom, no_token_and_no_code_lies_in_the_file) {
  const std::string token = random_token();
  {
    Store store(file);
    store.offer_enrolment(digest("CFHJKMNP"), 1000, "user-M");
    EXPECT_THAT(bytes(), Not(HasSubstr("CFHJKMNP")));
    store.enrol(digest("CFHJKMNP"), digest(token), 500);
  }
  EXPECT_THAT(bytes(), HasSubstr(digest(token)));
  EXPECT_THAT(bytes(), Not(HasSubstr(token)));
  EXPECT_THAT(bytes(), Not(HasSubstr("CFHJKMNP")));
}

TEST_F(StoreOfARoom, the_one_who_looks_sees_that_another_changed_it) {
  Store room(file), shell(file);
  const auto before = room.version();
  EXPECT_EQ(room.version(), before);
  shell.add_user(user("kari", Role::officer), "shell");
  EXPECT_NE(room.version(), before);
}

TEST_F(StoreOfARoom, a_file_of_a_newer_version_is_left_alone) {
  { Store store(file); }
  journal::Connection(file, journal::Connection::Mode::read_write).execute("PRAGMA user_version = 99");
  EXPECT_THROW(Store{file}, std::runtime_error);
}

}  // namespace
}  // namespace rytme::access
