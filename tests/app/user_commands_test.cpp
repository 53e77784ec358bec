// SPDX-License-Identifier: Apache-2.0
// Accounts, tablets and certificates from a shell, with the program as it is built.
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <sys/stat.h>

#include "tests/support/folder.hpp"
#include "tests/support/shell.hpp"

namespace rytme {
namespace {

using testing::HasSubstr;
using testing::Not;

struct UserCommands : testing::Test {
  // `typed`: what comes on standard input.
  test::Ended rytme(const std::string& words, const std::string& typed = "") const {
    return test::shell(
        std::string(RYTME_PROGRAM) + " " + words + " --data " + (folder.path() / "data").string() + " 2>&1",
        typed);
  }
  test::Folder folder;
};

TEST_F(UserCommands, an_account_from_the_first_to_the_last_day) {
  const test::Ended made = rytme("user add kari --role psychologist", "skogmus under lykt\n");
  EXPECT_EQ(made.code, 0) << made.said;
  EXPECT_THAT(made.said, HasSubstr("otpauth://totp/Rytme:kari?secret="));
  EXPECT_THAT(made.said, Not(HasSubstr("skogmus")));
  const test::Ended list = rytme("user list --json");
  const auto all = boost::json::parse(list.said).as_array();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].at("name"), "kari");
  EXPECT_EQ(all[0].at("role"), "psychologist");
  EXPECT_EQ(all[0].at("disabled"), false);
  EXPECT_THAT(list.said, Not(HasSubstr("argon2")));
  EXPECT_EQ(rytme("user passwd kari", "en annen setning\n").code, 0);
  EXPECT_THAT(rytme("user authenticator kari").said, HasSubstr("otpauth://"));
  EXPECT_EQ(rytme("user disable KARI").code, 0);
  EXPECT_THAT(rytme("user list").said, HasSubstr("disabled"));
  EXPECT_EQ(rytme("user enable kari").code, 0);
  struct stat status {};
  ASSERT_EQ(::stat((folder.path() / "data/access.db").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
}

TEST_F(UserCommands, what_is_not_to_be_is_refused_with_a_reason) {
  EXPECT_EQ(rytme("user add kari --role officer", "skogmus under lykt\n").code, 0);
  EXPECT_EQ(rytme("user add Kari --role officer", "skogmus under lykt\n").code, 1);
  EXPECT_THAT(rytme("user add per --role officer", "password1\n").said, HasSubstr("tried first"));
  EXPECT_THAT(rytme("user add per --role officer", "kort\n").said, HasSubstr("at least 8 characters"));
  EXPECT_EQ(rytme("user add per --role officer", "").code, 1) << "no password";
  EXPECT_EQ(rytme("user add per --role king", "skogmus under lykt\n").code, 2);
  EXPECT_EQ(rytme("user add per", "skogmus under lykt\n").code, 2) << "a role is not guessed";
  EXPECT_EQ(rytme("user add p/r --role officer", "skogmus under lykt\n").code, 1);
  EXPECT_EQ(rytme("user add per --role officer --password skogmus", "").code, 2) << "never among the words";
  EXPECT_EQ(rytme("user passwd nobody", "skogmus under lykt\n").code, 1);
  EXPECT_EQ(rytme("user disable nobody").code, 1);
  EXPECT_EQ(boost::json::parse(rytme("user list --json").said).as_array().size(), 1U);
}

TEST_F(UserCommands, a_tablets_code_is_for_people_to_type) {
  const test::Ended code = rytme("tablet add --json");
  EXPECT_THAT(std::string(boost::json::parse(code.said).at("code").as_string()),
              testing::MatchesRegex("[CFHJKMNPRTWXY3479]{4}-[CFHJKMNPRTWXY3479]{4}"));
  EXPECT_EQ(rytme("tablet list --json").said, "[]\n");
  EXPECT_EQ(rytme("tablet revoke tablet-K7FW").code, 1);
}

TEST_F(UserCommands, certificates_are_made_and_renewed) {
  const test::Ended first = rytme("tls init --name rytme.lan --address 192.168.7.2");
  EXPECT_EQ(first.code, 0) << first.said;
  EXPECT_THAT(first.said, HasSubstr("A new authority"));
  EXPECT_THAT(first.said, HasSubstr("SHA-256 "));
  EXPECT_THAT(first.said, HasSubstr("good for 396 days"));
  EXPECT_THAT(rytme("tls init --name rytme.lan").said, HasSubstr("The authority as before"));
  EXPECT_EQ(rytme("tls init --address nonsense").code, 2);
}

TEST_F(UserCommands, check_tells_of_a_certificate_that_is_not_there) {
  folder.lay("config");
  const std::string room = test::content_of(folder.path() / "room.toml");
  const auto web = room.find("[web]");
  ASSERT_NE(web, std::string::npos);
  folder.write("room.toml", std::string(room).insert(web + 5, "\nlisten_tls = \"127.0.0.1:8443\""));
  const std::string check = "check --config " + folder.path().string();
  EXPECT_EQ(rytme(check).code, 1);
  EXPECT_THAT(rytme(check).said, HasSubstr("run rytme tls init"));
  EXPECT_EQ(rytme("tls init").code, 0);
  EXPECT_EQ(rytme(check).code, 0) << rytme(check).said;
}

}  // namespace
}  // namespace rytme
