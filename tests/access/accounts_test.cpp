// SPDX-License-Identifier: Apache-2.0
// The whole of it, with the real worker, file and hashes; time is the test's.
#include "controller/access/accounts.hpp"

#include <condition_variable>
#include <mutex>

#include <gmock/gmock.h>
#include <sodium.h>

#include "controller/access/password.hpp"
#include "controller/access/secret.hpp"
#include "controller/access/totp.hpp"
#include "tests/support/folder.hpp"

namespace rytme::access {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using What = Outcome::What;

const std::string good = "skogmus under lykt";

struct AccountsOfARoom : testing::Test {
  AccountsOfARoom() {
    EXPECT_GE(sodium_init(), 0);
    now.wall = WallTime(std::chrono::seconds(1'800'000'000));
    begin({});
  }
  ~AccountsOfARoom() override { accounts.reset(); }

  void begin(Sessions sessions) {
    accounts = std::make_unique<Accounts>(
        file,
        Accounts::Port{[this](std::function<void()> job) { post(std::move(job)); },
                       [this](const Change& change) { told.push_back(change.what + " by " + change.by); }},
        std::move(sessions));
  }
  void post(std::function<void()> job) {
    const std::lock_guard lock(mutex);
    jobs.push_back(std::move(job));
    came.notify_one();
  }
  // Runs what is posted until it is so.
  void until(const std::function<bool()>& so) {
    std::unique_lock lock(mutex);
    while (!so()) {
      ASSERT_TRUE(came.wait_for(lock, std::chrono::seconds(20), [this] { return !jobs.empty(); }));
      const auto job = std::move(jobs.front());
      jobs.erase(jobs.begin());
      lock.unlock();
      job();
      lock.lock();
    }
  }
  Outcome wait_for(const std::function<void(const Done&)>& ask) {
    std::optional<Outcome> got;
    ask([&got](const Outcome& outcome) { got = outcome; });
    until([&got] { return got.has_value(); });
    return got.value_or(Outcome{What::broken, {}, {}, {}, {}, {}});
  }
  std::int64_t at_s() const {
    return std::chrono::floor<std::chrono::seconds>(now.wall).time_since_epoch().count();
  }
  void pass(std::chrono::seconds time) {
    now.steady += time;
    now.wall += time;
  }
  // A log-in in a time step of its own.
  Outcome log_in(const std::string& name, const std::string& password,
                 const std::string& address = "10.0.0.1") {
    pass(std::chrono::seconds(30));
    return wait_for([&](const Done& done) {
      accounts->log_in({name, password, totp_code(secret, at_s()), address}, now, done);
    });
  }
  void add(const std::string& name, Role role) {
    User user;
    user.name = name;
    user.role = role;
    user.password = hash_password(good);
    user.totp = secret = new_totp_secret();
    Store(file).add_user(user, "shell");
    until([&] { return !told.empty() && told.back().find("added as") != std::string::npos; });
    told.clear();
  }

  test::Folder folder;
  std::filesystem::path file{store_file(folder.path())};
  std::mutex mutex;
  std::condition_variable came;
  std::vector<std::function<void()>> jobs;
  std::vector<std::string> told;
  Now now;
  std::string secret;
  std::unique_ptr<Accounts> accounts;
};

TEST_F(AccountsOfARoom, the_first_account_is_made_with_the_code_once) {
  const std::string code = accounts->first_code(now.steady);
  ASSERT_EQ(code.size(), 16U);
  const auto make = [&](const std::string& with) {
    return wait_for([&](const Done& done) {
      accounts->make_first({"kari", good, with, "10.0.0.1"}, now, done);
    });
  };
  EXPECT_EQ(make("CFHJKMNPRTWXY347").what, What::wrong);
  EXPECT_EQ(make("").what, What::wrong);
  const Outcome made = make(in_groups(code));
  ASSERT_EQ(made.what, What::ok);
  EXPECT_EQ(made.actor.role, Role::maintainer);
  secret = made.secret;
  EXPECT_EQ(make(code).what, What::wrong) << "used";
  EXPECT_EQ(accounts->first_code(now.steady), "") << "there is an account now";
  EXPECT_EQ(log_in("kari", good).what, What::ok);
  EXPECT_THAT(told, ElementsAre("account " + made.actor.id + " added as maintainer by first start"));
}

TEST_F(AccountsOfARoom, the_first_code_lives_an_hour) {
  const std::string code = accounts->first_code(now.steady);
  pass(std::chrono::minutes(60));
  EXPECT_EQ(wait_for([&](const Done& done) {
              accounts->make_first({"kari", good, code, "10.0.0.1"}, now, done);
            }).what,
            What::wrong);
}

TEST_F(AccountsOfARoom, a_log_in_needs_all_three_and_gives_a_new_token_each_time) {
  add("kari", Role::psychologist);
  const Outcome first = log_in("kari", good);
  ASSERT_EQ(first.what, What::ok);
  const auto actor = accounts->user(first.token, now.steady, true);
  ASSERT_TRUE(actor);
  EXPECT_EQ(actor->role, Role::psychologist);
  EXPECT_EQ(actor->kind, ActorKind::user);
  EXPECT_NE(log_in("KARI", good).token, first.token);
  EXPECT_EQ(log_in("kari", "skogmus under lykT").what, What::wrong);
  EXPECT_EQ(log_in("per", good).what, What::wrong);
  secret = new_totp_secret();
  EXPECT_EQ(log_in("kari", good).what, What::wrong) << "another authenticator";
  EXPECT_EQ(accounts->failures(), 3U);
}

TEST_F(AccountsOfARoom, a_code_is_good_for_one_log_in) {
  add("kari", Role::officer);
  ASSERT_EQ(log_in("kari", good).what, What::ok);
  const Outcome again = wait_for([&](const Done& done) {
    accounts->log_in({"kari", good, totp_code(secret, at_s()), "10.0.0.2"}, now, done);
  });
  EXPECT_EQ(again.what, What::wrong);
}

TEST_F(AccountsOfARoom, disabled_or_with_a_new_password_every_session_is_over_within_moments) {
  add("kari", Role::officer);
  Outcome in = log_in("kari", good);
  ASSERT_TRUE(accounts->user(in.token, now.steady, true));
  Store(file).set_disabled("kari", true, "shell");
  until([&] { return !accounts->user(in.token, now.steady, true); });
  EXPECT_EQ(log_in("kari", good).what, What::wrong);
  Store(file).set_disabled("kari", false, "shell");
  in = log_in("kari", good);
  ASSERT_EQ(in.what, What::ok);
  Store(file).set_password("kari", hash_password("et annet passord"), "shell");
  until([&] { return !accounts->user(in.token, now.steady, true); });
  EXPECT_EQ(log_in("kari", "et annet passord").what, What::ok);
}

// The room starts anew with other settings, in the same process.
TEST_F(AccountsOfARoom, who_is_logged_in_stays_so_when_the_room_starts_anew_unless_it_is_over) {
  add("kari", Role::maintainer);
  const std::string token = log_in("kari", good).token;
  add("ola", Role::psychologist);
  const Outcome other = log_in("ola", good);
  Sessions handed = accounts->hand_over();
  EXPECT_FALSE(accounts->user(token, now.steady, false)) << "nobody is left behind";
  accounts.reset();
  jobs.clear();
  Store(file).set_disabled("ola", true, "shell");
  begin(std::move(handed));
  ASSERT_TRUE(accounts->user(token, now.steady, false));
  EXPECT_EQ(accounts->user(token, now.steady, false)->role, Role::maintainer);
  EXPECT_FALSE(accounts->user(other.token, now.steady, false)) << "disabled meanwhile";
  pass(std::chrono::minutes(30));
  EXPECT_FALSE(accounts->user(token, now.steady, false)) << "its silence is counted on";
}

TEST_F(AccountsOfARoom, log_out_ends_the_session) {
  add("kari", Role::officer);
  const Outcome in = log_in("kari", good);
  EXPECT_TRUE(accounts->log_out(in.token));
  EXPECT_FALSE(accounts->user(in.token, now.steady, true));
  EXPECT_FALSE(accounts->log_out(in.token));
}

TEST_F(AccountsOfARoom, a_tablet_is_enrolled_by_a_code_and_let_go_again) {
  const Actor maintainer{ActorKind::user, Role::maintainer, "user-M"};
  const Outcome offer = wait_for([&](const Done& done) { accounts->offer_enrolment(maintainer, now, done); });
  ASSERT_EQ(offer.secret.size(), 8U);
  const auto enrol = [&](const std::string& code) {
    return wait_for([&](const Done& done) { accounts->enrol({"", "", code, "10.0.0.7"}, now, done); });
  };
  EXPECT_EQ(enrol("CFHJKMNP").what, What::wrong);
  const Outcome tablet = enrol(" " + in_groups(offer.secret) + " ");
  ASSERT_EQ(tablet.what, What::ok);
  ASSERT_TRUE(accounts->tablet(tablet.token));
  EXPECT_EQ(accounts->tablet(tablet.token)->kind, ActorKind::tablet);
  EXPECT_EQ(accounts->tablet(tablet.token)->role, Role::staff);
  EXPECT_EQ(accounts->tablet(tablet.token)->id, tablet.actor.id);
  EXPECT_FALSE(accounts->tablet(""));
  EXPECT_FALSE(accounts->user(tablet.token, now.steady, true)) << "a tablet is nobody's session";
  EXPECT_EQ(enrol(offer.secret).what, What::wrong) << "used";
  EXPECT_EQ(wait_for([&](const Done& done) { accounts->revoke(tablet.actor.id, maintainer, done); }).what,
            What::ok);
  EXPECT_FALSE(accounts->tablet(tablet.token));
  EXPECT_THAT(told, ElementsAre("code for a tablet made by user-M", tablet.actor.id + " enrolled by user-M",
                                tablet.actor.id + " revoked by user-M"));
}

TEST_F(AccountsOfARoom, a_tablets_code_lives_ten_minutes) {
  const Outcome offer = wait_for([&](const Done& done) { accounts->offer_enrolment({}, now, done); });
  pass(std::chrono::minutes(10));
  EXPECT_EQ(wait_for([&](const Done& done) {
              accounts->enrol({"", "", offer.secret, "10.0.0.7"}, now, done);
            }).what,
            What::wrong);
}

// Many at once: some are looked at, some told to come later, none is waited for, and then it goes on.
TEST_F(AccountsOfARoom, a_crowd_is_turned_away_not_queued_without_end) {
  add("kari", Role::officer);
  std::map<What, int> outcomes;
  int answers = 0;
  for (int i = 0; i < 100; ++i)
    accounts->log_in({"kari", "wrong wrong", "000000", "10.0.1." + std::to_string(i)}, now,
                     [&](const Outcome& outcome) {
                       ++outcomes[outcome.what];
                       ++answers;
                     });
  until([&] { return answers == 100; });
  EXPECT_GE(outcomes[What::wrong], 1);
  EXPECT_LE(outcomes[What::wrong], 10) << "one at work, eight waiting, and one that came free meanwhile";
  EXPECT_EQ(outcomes[What::wrong] + outcomes[What::busy], 100);
  EXPECT_EQ(log_in("kari", good, "10.0.2.1").what, What::ok);
}

TEST(AccountName, is_plain) {
  EXPECT_TRUE(is_account_name("Kari.N-1_x"));
  for (const std::string& name : {std::string(), std::string("kari n"), std::string("kåri"),
                                  std::string(33, 'a'), std::string("a\n"), std::string("a:b")})
    EXPECT_FALSE(is_account_name(name)) << name;
}

}  // namespace
}  // namespace rytme::access
