// SPDX-License-Identifier: Apache-2.0
// The wall clock is set in mid-session, and summer time ends in one: the sequence orders, the steady clock
// measures.
#include <cstdlib>
#include <ctime>

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "controller/journal/journal.hpp"
#include "controller/journal/reader.hpp"
#include "controller/report/export.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::journal {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

class Oslo {
 public:
  Oslo() { set("Europe/Oslo"); }
  ~Oslo() { before_.empty() ? unset() : set(before_.c_str()); }
  Oslo(const Oslo&) = delete;
  Oslo& operator=(const Oslo&) = delete;

 private:
  static void set(const char* zone) {
    ::setenv("TZ", zone, 1);
    ::tzset();
  }
  static void unset() {
    ::unsetenv("TZ");
    ::tzset();
  }
  std::string before_{std::getenv("TZ") == nullptr ? "" : std::getenv("TZ")};
};

struct Case {
  const char* name;
  WallTime start;
  // Added to the wall clock after ten minutes of twenty.
  std::chrono::seconds jump;
  const char* first_offset;
  const char* last_offset;
};

constexpr WallTime summer{seconds{1782900000}};  // 2026-07-01 12:00 in Oslo
constexpr WallTime end_of_summer{
    seconds{1792889400}};  // 2026-10-25 02:50 in Oslo, ten minutes before 03:00 is 02:00

class ClockTest : public testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    Opening opening;
    Journal journal({.file = folder_.file()}, opening);
    at_.wall = GetParam().start;
    put(journal, entry::SessionStart{"s1", "K7F", "regulate-down", 1, true, "abc", "0"});
    for (int minute = 0; minute < 20; ++minute) {
      if (minute == 10) at_.wall += GetParam().jump;
      put(journal, entry::Value{"belt", Capability::hr_bpm, 60.0 + minute, "", Quality::good});
      at_.steady += minutes{1};
      at_.wall += minutes{1};
    }
    put(journal, entry::SessionEnd{"s1", "finished"});
  }
  template <typename What>
  void put(Journal& journal, What what) {
    JournalEntry entry;
    entry.seq = next_seq_++;
    entry.at = at_;
    entry.session = "s1";
    entry.what = std::move(what);
    journal.append(std::move(entry));
  }
  std::string ask(const std::string& sql) const { return query(folder_.file(), sql); }

  Oslo oslo_;
  TemporaryFolder folder_;
  std::uint64_t next_seq_{1};
  Now at_{Instant{seconds{5000}}, {}};
};

TEST_P(ClockTest, TheSequenceOrdersAndTheSteadyClockMeasures) {
  EXPECT_EQ(ask("SELECT unixepoch(\"end\") - unixepoch(start), end_mono_s - mono_s FROM v_session"),
            "1200|1200.0");
  EXPECT_EQ(ask("SELECT substr(start, -6), substr(\"end\", -6) FROM v_session"),
            std::string(GetParam().first_offset) + "|" + GetParam().last_offset);
  std::string values, steps;
  for (int minute = 0; minute < 20; ++minute)
    values += (minute == 0 ? "" : ",") + std::to_string(60 + minute) + ".0";
  EXPECT_EQ(ask("SELECT group_concat(value) FROM (SELECT value FROM v_reading ORDER BY seq)"), values);
  EXPECT_EQ(
      ask("SELECT min(d), max(d) FROM (SELECT mono_s - lag(mono_s) OVER (ORDER BY seq) AS d FROM v_reading)"),
      "60.0|60.0");
}

TEST_P(ClockTest, ListAndExportAreInOrderAndOfThatLength) {
  Reader reader(folder_.file());
  const auto sessions = reader.sessions({});
  ASSERT_EQ(sessions.size(), 1U);
  EXPECT_LE(*sessions[0].valid_share, 1.0);
  const auto exported = boost::json::parse(report::json(*reader.facts("s1"))).as_object();
  double before_s = 0;
  for (const auto& row : exported.at("readings").as_array()) {
    const double mono_s = row.at("mono_s").to_number<double>();
    EXPECT_GT(mono_s, before_s);
    before_s = mono_s;
  }
  EXPECT_EQ(exported.at("session").at("end").as_string(), sessions[0].end);
}

INSTANTIATE_TEST_SUITE_P(
    Clocks, ClockTest,
    testing::Values(Case{"to_1970", summer, -seconds{summer.time_since_epoch().count() / 1000000}, "+02:00",
                         "+02:00"},
                    Case{"a_year_on", summer, hours{24 * 365}, "+02:00", "+02:00"},
                    Case{"an_hour_back", summer, -hours{1}, "+02:00", "+02:00"},
                    Case{"summer_time_ends", end_of_summer, seconds{0}, "+02:00", "+01:00"}),
    [](const auto& each) { return each.param.name; });

// The machine itself started again: its steady clock began anew and its wall clock is wrong.
TEST(ClockOfANewStart, NoSessionEndsBeforeItStarts) {
  const TemporaryFolder folder;
  Opening opening;
  {
    Journal journal({.file = folder.file()}, opening);
    JournalEntry entry{1,
                       {Instant{seconds{9000}}, summer},
                       "s1",
                       true,
                       entry::SessionStart{"s1", "", "regulate-down", 1, true, "abc", "0"}};
    journal.append(std::move(entry));
    journal.append(
        {2, {Instant{seconds{10}}, WallTime{seconds{20}}}, "s1", true, entry::SessionEnd{"s1", "crash"}});
  }
  EXPECT_EQ(query(folder.file(), "SELECT unixepoch(\"end\") - unixepoch(start) FROM v_session"), "0");
}

}  // namespace
}  // namespace rytme::journal
