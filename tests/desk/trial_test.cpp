// SPDX-License-Identifier: Apache-2.0
// New settings on trial, with the process killed after everything that it makes durable.
#include "controller/desk/trial.hpp"

#include <gmock/gmock.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/folder.hpp"

namespace rytme::desk {
namespace {

using test::Folder;
using Phase = Trial::Phase;

constexpr std::int64_t now_s = 1'800'000'000;
const Files before{{"presets/gone.toml", "g\n"}, {"presets/p.toml", "p\n"}, {"room.toml", "1\n"}};
const Files after{{"presets/new.toml", "n\n"}, {"presets/p.toml", "p2\n"}, {"room.toml", "2\n"}};
const Wish wish{after, "user-K7FW", "applied"};

struct House {
  House() {
    for (const auto& [name, text] : before) folder.write("config/" + name, text);
    places = {folder / "config", folder / "data"};
    begin(places, now_s - 10);
  }
  Files files() const { return read_files(places.settings); }
  Phase phase() const { return last_trial(places).phase; }
  std::string why() const { return last_trial(places).why; }
  Version newest() const { return *Versions(places.data).newest(); }
  Folder folder;
  Places places;
};

// In a child that dies, without any clearing up, after the step of that number; true: it died so.
bool dies_at(const House& house, int step, const std::function<void(const Places&)>& what) {
  const pid_t child = ::fork();
  if (child == 0) {
    Places places = house.places;
    places.step = [left = step]() mutable {
      if (--left == 0) ::kill(::getpid(), SIGKILL);
    };
    what(places);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFSIGNALED(status);
}

TEST(Trial, runs_with_the_new_files_and_is_kept) {
  House house;
  const Trial ready = put_on_trial(house.places, wish, now_s);
  EXPECT_EQ(ready.phase, Phase::ready);
  EXPECT_EQ(house.files(), after);
  const Trial running = begin(house.places, now_s + 1);
  EXPECT_EQ(running.phase, Phase::running);
  EXPECT_TRUE(running.is_on());
  EXPECT_EQ(running.by, "user-K7FW");
  keep(house.places);
  EXPECT_EQ(begin(house.places, now_s + 100).phase, Phase::kept);
  EXPECT_EQ(house.files(), after);
  EXPECT_EQ(house.newest().number, running.to);
  EXPECT_EQ(house.newest().why, "applied");
}

TEST(Trial, that_nobody_keeps_goes_back_and_that_is_a_version_too) {
  House house;
  put_on_trial(house.places, wish, now_s);
  begin(house.places, now_s + 1);
  refuse(house.places, "confirm");
  EXPECT_EQ(house.files(), after) << "until the room starts anew";
  const Trial trial = begin(house.places, now_s + 61);
  EXPECT_EQ(trial.phase, Phase::put_back);
  EXPECT_EQ(trial.why, "confirm");
  EXPECT_EQ(house.files(), before);
  EXPECT_EQ(house.newest().why, "put_back");
  EXPECT_EQ(house.newest().files, before);
  EXPECT_EQ(Versions(house.places.data).numbered(trial.to)->files, after)
      << "what was tried can be looked at";
  EXPECT_EQ(begin(house.places, now_s + 99).phase, Phase::put_back);
  EXPECT_EQ(house.files(), before);
}

TEST(Trial, of_a_room_that_ended_while_it_ran_or_could_not_start_goes_back) {
  House house;
  put_on_trial(house.places, wish, now_s);
  begin(house.places, now_s + 1);
  EXPECT_EQ(begin(house.places, now_s + 5).phase, Phase::put_back);
  EXPECT_EQ(house.why(), "end");
  EXPECT_EQ(house.files(), before);

  put_on_trial(house.places, wish, now_s);
  begin(house.places, now_s + 6);
  put_back(house.places, "start: the port is taken", now_s + 7);
  EXPECT_EQ(house.why(), "start: the port is taken");
  EXPECT_EQ(house.files(), before);
}

TEST(Trial, killed_anywhere_leaves_all_of_the_old_or_all_of_the_new_and_the_next_start_goes_on) {
  int steps = 0, were_new = 0;
  for (bool died = true; died;) {
    House house;
    died = dies_at(house, ++steps, [](const Places& places) { put_on_trial(places, wish, now_s); });
    SCOPED_TRACE(steps);
    const Trial trial = begin(house.places, now_s + 5);
    if (trial.is_on()) {
      ++were_new;
      EXPECT_EQ(house.files(), after);
      EXPECT_EQ(begin(house.places, now_s + 9).phase, Phase::put_back) << "it was not kept";
    }
    EXPECT_EQ(house.files(), before);
  }
  EXPECT_GE(steps, 8);
  EXPECT_EQ(were_new, 2) << "killed when it was ready, and not killed";
}

TEST(Trial, killed_while_it_is_put_back_is_put_back_by_the_next_start) {
  int steps = 0;
  for (bool died = true; died;) {
    House house;
    put_on_trial(house.places, wish, now_s);
    begin(house.places, now_s + 1);
    refuse(house.places, "confirm");
    died = dies_at(house, ++steps, [](const Places& places) { begin(places, now_s + 61); });
    SCOPED_TRACE(steps);
    EXPECT_EQ(begin(house.places, now_s + 70).phase, Phase::put_back);
    EXPECT_EQ(house.why(), "confirm");
    EXPECT_EQ(house.files(), before);
    EXPECT_EQ(house.newest().files, before);
  }
  EXPECT_GE(steps, 5);
}

TEST(Trial, killed_while_it_is_kept_is_kept_or_goes_back) {
  House house;
  put_on_trial(house.places, wish, now_s);
  begin(house.places, now_s + 1);
  EXPECT_TRUE(dies_at(house, 1, [](const Places& places) { keep(places); }));
  EXPECT_EQ(begin(house.places, now_s + 5).phase, Phase::kept);
  EXPECT_EQ(house.files(), after);
}

TEST(Trial, what_somebody_took_in_hand_meanwhile_is_left_to_them) {
  House house;
  put_on_trial(house.places, wish, now_s);
  begin(house.places, now_s + 1);
  house.folder.write("config/room.toml", "by hand\n");
  EXPECT_EQ(begin(house.places, now_s + 5).phase, Phase::put_back);
  EXPECT_EQ(house.why(), "by_hand");
  EXPECT_EQ(house.files().at("room.toml"), "by hand\n");
  EXPECT_EQ(house.newest().why, "by_hand");
}

TEST(Trial, a_change_by_hand_is_noticed_at_the_next_start_and_before_a_trial) {
  House house;
  EXPECT_EQ(house.newest().why, "first");
  house.folder.write("config/room.toml", "by hand\n");
  begin(house.places, now_s);
  EXPECT_EQ(house.newest().why, "by_hand");
  EXPECT_EQ(house.newest().by, "");
  house.folder.write("config/room.toml", "again\n");
  const Trial trial = put_on_trial(house.places, wish, now_s);
  EXPECT_EQ(Versions(house.places.data).numbered(trial.from)->files.at("room.toml"), "again\n");
  begin(house.places, now_s + 1);
  begin(house.places, now_s + 2);
  EXPECT_EQ(house.files().at("room.toml"), "again\n");
}

}  // namespace
}  // namespace rytme::desk
