// SPDX-License-Identifier: Apache-2.0
// The controller is killed at random instants while a person rates, stops, starts and looks. What HTTP had
// answered is in the record, the file is whole, and at most 2 s of samples are gone. RYTME_KILLS sets how
// often (default 20).
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <poll.h>

#include "tests/end_to_end/room_under_test.hpp"

namespace rytme::test {
namespace {

using std::chrono::milliseconds;

int kills() {
  const char* wanted = std::getenv("RYTME_KILLS");
  return wanted == nullptr ? 20 : std::atoi(wanted);
}

// What was answered with success in one life of the controller.
struct Answered {
  int ratings{}, stops{}, looks{};
  std::set<std::string> sessions;
  std::uint64_t last_sample{};  // published while a session recorded
  double first_sample_s{}, last_sample_s{};
};

class Person {
 public:
  Person(SplitRoom& room, int life) : room_(room), boot_("life" + std::to_string(life)) {}

  // Until the controller does not answer any more.
  Answered lives() {
    post("stop", "{}", answered_.stops);
    while (alive_) {
      start();
      for (int turn = 0; alive_ && turn < 12; ++turn) {
        sample();
        if (turn % 3 == 0)
          post("session/rating", R"({"whose":"participant","by":"staff","when":"during","state":"calm"})",
               answered_.ratings);
        if (turn % 4 == 1) look();
        room_.injector().listen(milliseconds{5});
      }
      post("stop", "{}", answered_.stops);
    }
    return answered_;
  }

 private:
  bool ok(const HttpAnswer& answer, int wanted = 200) {
    alive_ = alive_ && answer.status != 0;
    return answer.status == wanted;
  }
  void post(const std::string& path, const std::string& body, int& count) {
    if (alive_ && ok(http_post(room_.http(), "/api/v1/" + path, body))) ++count;
  }
  void start() {
    int ignored{};
    post("stop/reset", "{}", ignored);
    const auto started =
        http_post(room_.http(), "/api/v1/session", R"({"preset":"regulate-down","recording":true})");
    if (ok(started, 201)) answered_.sessions.insert(std::string(started.json().at("id").as_string()));
  }
  void look() {
    if (ok(http_get(room_.http(), "/api/v1/sessions?from=2099-01-01", room_.token("psychologist"))))
      ++answered_.looks;
  }
  void sample() {
    const std::uint64_t seq = answered_.last_sample + 1;
    room_.injector().publish("homie/5/strap1/hr/sample",
                             R"({"v":1,"boot":")" + boot_ + R"(","seq":)" + std::to_string(seq) +
                                 R"(,"t_us":)" + std::to_string(seq * 10000) +
                                 R"(,"bpm":72,"contact":true,"rr":[800]})",
                             0);
    answered_.last_sample = seq;
    answered_.last_sample_s = steady_seconds();
    if (seq == 1) answered_.first_sample_s = answered_.last_sample_s;
  }

  SplitRoom& room_;
  std::string boot_;
  bool alive_{true};
  Answered answered_;
};

struct Kept {
  int ratings{}, stops{}, looks{};
};

int number(const std::filesystem::path& journal, const std::string& sql) {
  const std::string text = journal_value(journal, sql);
  return text.empty() ? 0 : std::stoi(text);
}

Kept kept(const std::filesystem::path& journal) {
  return {number(journal, "SELECT count(*) FROM v_rating"),
          number(journal, "SELECT count(*) FROM v_event WHERE kind = 'stop'"),
          number(journal, "SELECT count(*) FROM v_access WHERE denied = 0")};
}

// Seconds between the last sample that was published and the last that is in the record.
double lost_s(const std::filesystem::path& journal, int life, const Answered& answered) {
  const auto last = static_cast<std::uint64_t>(
      number(journal, "SELECT max(last_seq) FROM v_chunk WHERE boot = 'life" + std::to_string(life) + "'"));
  const double per_sample = (answered.last_sample_s - answered.first_sample_s) /
                            static_cast<double>(std::max<std::uint64_t>(2, answered.last_sample) - 1);
  return static_cast<double>(answered.last_sample - std::min(last, answered.last_sample)) * per_sample;
}

TEST(Kill, NothingThatWasAnsweredIsLost) {
  SplitRoom room;
  std::mt19937 random(20261125);
  double worst_s = 0, slowest_s = 0;
  int ratings = 0, stops = 0, looks = 0, sessions = 0;
  for (int life = 0; life < kills(); ++life) {
    SCOPED_TRACE(life);
    const Kept before = kept(room.journal());
    const auto delay = static_cast<int>(20 + random() % 1500);
    std::thread death([&room, delay] {
      ::poll(nullptr, 0, delay);  // the random instant
      ::kill(room.controller_pid(), SIGKILL);
    });
    const Answered answered = Person(room, life).lives();
    death.join();
    room.stop_controller();
    std::filesystem::remove(room.data() / "starts");  // as if a minute went by: no crash loop

    EXPECT_EQ(journal_value(room.journal(), "PRAGMA quick_check"), "ok");
    const Kept after = kept(room.journal());
    EXPECT_GE(after.ratings - before.ratings, answered.ratings);
    EXPECT_GE(after.stops - before.stops, answered.stops);
    EXPECT_GE(after.looks - before.looks, answered.looks);
    for (const auto& id : answered.sessions)
      EXPECT_EQ(number(room.journal(), "SELECT count(*) FROM v_session WHERE id = '" + id + "'"), 1) << id;
    worst_s = std::max(worst_s, lost_s(room.journal(), life, answered));
    ratings += answered.ratings, stops += answered.stops, looks += answered.looks;
    sessions += static_cast<int>(answered.sessions.size());

    const double from = steady_seconds();
    room.start_controller();
    ASSERT_TRUE(
        eventually(std::chrono::seconds{5}, [&] { return http_get(room.http(), "/readyz").status == 200; }));
    slowest_s = std::max(slowest_s, steady_seconds() - from);
  }
  std::cout << kills() << " kills, answered before: " << ratings << " ratings, " << stops << " stops, "
            << sessions << " sessions, " << looks << " looks; most samples lost: " << worst_s
            << " s; slowest return: " << slowest_s << " s\n";
  EXPECT_LE(worst_s, 2.0);
  EXPECT_GT(ratings, kills());
}

}  // namespace
}  // namespace rytme::test
