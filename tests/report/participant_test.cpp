// SPDX-License-Identifier: Apache-2.0
// The ZIP of one participant, opened by Python's zipfile.
#include "controller/report/participant.hpp"

#include <csignal>
#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <malloc.h>
#include <sys/resource.h>

#include "controller/app/participant_commands.hpp"
#include "tests/report/recorded.hpp"
#include "tests/support/sanitized.hpp"

#if defined(RYTME_SANITIZED)
#include <sanitizer/allocator_interface.h>
#endif

namespace rytme::report {
namespace {

using testing::HasSubstr;
using testing::Not;

// Names and texts; of a PDF the text poppler finds in it.
constexpr const char* script = R"py(
import json, subprocess, sys, zipfile
found = {}
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    for name in archive.namelist():
        data = archive.read(name)
        if name.endswith('.pdf'):
            data = subprocess.run(['pdftotext', '-', '-'], input=data, capture_output=True, check=True).stdout
        found[name] = data.decode('utf-8-sig')
print(json.dumps(found))
)py";

class ParticipantTest : public testing::Test {
 protected:
  static Recorded& recorded() {
    static Recorded all;
    return all;
  }
  int run(const std::string& code, const std::optional<std::filesystem::path>& file, bool terminal = false) {
    return app::participant_export({recorded().folder.file(), code, file, terminal}, out_, err_);
  }
  std::map<std::string, std::string> opened(const std::filesystem::path& file) {
    std::map<std::string, std::string> files;
    const auto found = boost::json::parse(python(script, file.string()));
    for (const auto& each : found.as_object())
      files[std::string(each.key())] = std::string(each.value().as_string());
    return files;
  }
  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder_.path()), {}));
  }

  journal::TemporaryFolder folder_;
  std::filesystem::path zip_{folder_.path() / "K7F.zip"};
  std::ostringstream out_, err_;
};

TEST_F(ParticipantTest, HoldsEverySessionInThreeFormsTheLogAndAnExplanation) {
  ASSERT_EQ(run("K7F", zip_), 0) << err_.str();
  const auto all = opened(zip_);
  EXPECT_EQ(all.size(), 3 + 3 * 4U);
  EXPECT_THAT(all.at("hvilepuls.csv"), HasSubstr("71"));
  EXPECT_THAT(all.at("hvilepuls.csv"), Not(HasSubstr("95"))) << "another's";
  for (const char* id : {"full", "withdrawn", "empty", "open"})
    for (const char* form : {".pdf", ".csv", ".json"}) {
      const auto found = std::find_if(all.begin(), all.end(), [&](const auto& file) {
        return file.first.ends_with(std::string("_") + id + form);
      });
      ASSERT_NE(found, all.end()) << id << form;
      EXPECT_THAT(found->second, HasSubstr("Ikke medisinsk utstyr.")) << id << form;
    }
  EXPECT_THAT(all.at("LES-MEG.txt"), HasSubstr("Koden din er K7F."));
  EXPECT_THAT(all.at("LES-MEG.txt"), HasSubstr("Her er 4 økter i rommet."));
  EXPECT_THAT(all.at("LES-MEG.txt"), HasSubstr("Ikke medisinsk utstyr."));
  EXPECT_EQ(files(), 1U);
}

TEST_F(ParticipantTest, TheLogSaysWhoLookedWhenAtWhatAndWhy) {
  ASSERT_EQ(run("K7F", zip_), 0);
  const auto log = opened(zip_).at("innsynslogg.csv");
  EXPECT_THAT(
      log, HasSubstr("seq;t;mono_s;actor_kind;actor_role;actor_id;what;forklaring;session;why;denied\r\n"));
  EXPECT_THAT(
      log,
      HasSubstr(";user;psychologist;u7;export csv;en av øktene dine;full;\"team;\"\"review\"\"\";false\r\n"));
  EXPECT_THAT(log, HasSubstr(";sessions;opplysninger om deg;;'=cmd;true\r\n"));
  EXPECT_THAT(log, HasSubstr(";access log;hvem som har sett på opplysninger om deg;;;false\r\n"));
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 7);
}

TEST_F(ParticipantTest, TheLogSaysWhatWasAListOfEverybodys) {
  ASSERT_EQ(run("K7F", zip_), 0);
  const auto log = opened(zip_).at("innsynslogg.csv");
  const auto sessions = log.find(";sessions;en liste over alles økter;;;false\r\n");
  const auto codes = log.find(";participants;en liste over alles koder;;;false\r\n");
  EXPECT_NE(sessions, std::string::npos);
  EXPECT_NE(log.find(";access log;innsynsloggen for alle;;;false\r\n"), std::string::npos);
  EXPECT_LT(sessions, codes) << "in the order in which it happened";
}

TEST_F(ParticipantTest, NeverHoldsAnythingOfAnother) {
  ASSERT_EQ(run("K7F", zip_), 0);
  for (const auto& [name, text] : opened(zip_))
    for (const char* others : {"Q2M", "secret of other", "other\"", "111.625", "111,625"})
      EXPECT_THAT(text, Not(HasSubstr(others))) << name << " holds " << others;
  ASSERT_EQ(run("Q2M", zip_), 0);
  for (const auto& [name, text] : opened(zip_)) EXPECT_THAT(text, Not(HasSubstr("K7F"))) << name;
}

TEST(LeaveOutOthers, ACorrectedSessionNamesOnlyWhoseItIs) {
  journal::SessionFacts facts;
  facts.record.summary.participant = "K7F";
  for (const char* data : {R"({"participant":"K7F","was":"Q2M","by":"u7"})",
                           R"({"participant":"Q2M","was":"K7F","by":"u7"})", "no JSON about Q2M"}) {
    facts.events.emplace_back();
    facts.events.back().kind = "session_change";
    facts.events.back().data = data;
  }
  leave_out_others(facts);
  EXPECT_EQ(facts.events[0].data, R"({"participant":"K7F","was":"another code","by":"u7"})");
  EXPECT_EQ(facts.events[1].data, R"({"participant":"another code","was":"K7F","by":"u7"})");
  EXPECT_EQ(facts.events[2].data, "no JSON about Q2M") << "what is no object of ours is left as it is";
}

TEST_F(ParticipantTest, ACodeNobodyHasIsOneLineAndExitOne) {
  for (const std::string code : {"ZZZ", "", "' OR 1=1 --", "k7f"}) {
    err_.str("");
    EXPECT_EQ(run(code, zip_), 1) << code;
    EXPECT_EQ(err_.str(), "rytme: there is no participant " + code + "\n");
  }
  EXPECT_EQ(files(), 0U);
}

TEST_F(ParticipantTest, ATerminalIsSparedAndAPipeIsServed) {
  EXPECT_EQ(run("K7F", std::nullopt, true), 2);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(err_.str(), "rytme: a ZIP is not for a terminal; give --out FILE\n");
  EXPECT_EQ(run("K7F", std::nullopt), 0);
  EXPECT_EQ(run("K7F", zip_), 0);
  EXPECT_EQ(out_.str(), journal::text_of(zip_));  // and the same record gives the same bytes
}

TEST_F(ParticipantTest, WhatCannotBeWrittenLeavesNothingBehind) {
  EXPECT_EQ(run("K7F", folder_.path() / "nowhere" / "K7F.zip"), 2);
  std::filesystem::create_directory(zip_);
  EXPECT_EQ(run("K7F", zip_), 2);
  EXPECT_EQ(files(), 1U);
  EXPECT_THROW(write_zip(folder_.path() / "x.zip",
                         {{"a", [] { return std::string("a"); }},
                          {"b", []() -> std::string { throw std::runtime_error("b cannot be made"); }}}),
               std::runtime_error);
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(app::participant_export({folder_.path() / "none.db", "K7F", zip_}, out_, err_), 2);
}

// Bytes that are allocated just now.
std::size_t in_use() {
#if defined(RYTME_SANITIZED)
  return __sanitizer_get_current_allocated_bytes();
#else
  const auto all = mallinfo2();
  return all.uordblks + all.hblkhd;
#endif
}

TEST_F(ParticipantTest, OneFileAfterTheOtherIsHeldInMemory) {
  constexpr std::size_t bytes = 1'000'000, files = 40;
  const std::size_t before = in_use();
  std::size_t most = 0;
  const auto make = [&] {
    most = std::max(most, in_use());
    return std::string(bytes, 'x');
  };
  std::vector<ZipEntry> entries;
  for (std::size_t i = 0; i < files; ++i) entries.push_back({std::to_string(i), make});
  write_zip(zip_, entries);
  EXPECT_GT(most, before);
  EXPECT_LT(most, before + 10 * bytes);
}

TEST_F(ParticipantTest, AFullTargetIsToldAndKeepsWhatWasThere) {
  ASSERT_EQ(run("K7F", zip_), 0);
  const auto before = journal::text_of(zip_);
  rlimit usual{};
  getrlimit(RLIMIT_FSIZE, &usual);
  const rlimit small{65536, usual.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  const int code = run("K7F", zip_);
  setrlimit(RLIMIT_FSIZE, &usual);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(code, 2);
  EXPECT_THAT(err_.str(), HasSubstr("File too large"));
  EXPECT_EQ(journal::text_of(zip_), before);
  EXPECT_EQ(files(), 1U);
  std::ostringstream full;
  full.setstate(std::ios::badbit);
  EXPECT_EQ(app::participant_export({recorded().folder.file(), "K7F", std::nullopt}, full, err_), 2);
}

}  // namespace
}  // namespace rytme::report
