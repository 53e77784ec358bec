// SPDX-License-Identifier: Apache-2.0
#include "controller/app/session_commands.hpp"

#include <csignal>
#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "controller/journal/journal.hpp"
#include "controller/journal/whole_file.hpp"
#include "tests/journal/journal_support.hpp"

namespace rytme::app {
namespace {

using journal::Journal;
using testing::HasSubstr;

class SessionCommands : public testing::Test {
 protected:
  void SetUp() override {
    journal::Opening opening;
    Journal journal({.file = folder_.file()}, opening);
    journal::Scribe scribe;
    scribe.session = "s1";
    journal.append(
        scribe.make(entry::SessionStart{"s1", "K7F", "regulate-down", 2, true, "abc", "0.1.0"}, true));
    journal.append(scribe.make(entry::Value{"belt", Capability::hr_bpm, 72.0, "", Quality::good}));
    journal.append(scribe.make(entry::SessionEnd{"s1", "finished"}, true));
    journal.close();
  }
  int list(bool json) { return session_list(folder_.file(), json, out_, err_); }
  int show(const std::string& id, bool json) { return session_show(folder_.file(), id, json, out_, err_); }
  int export_as(const std::string& format, const std::optional<std::filesystem::path>& file,
                const std::string& id = "s1") {
    ExportRequest request;
    request.journal = folder_.file();
    request.id = id;
    request.format = format;
    request.file = file;
    request.terminal = terminal_;
    request.separator = separator_;
    return session_export(request, out_, err_);
  }
  std::size_t files() const {
    return static_cast<std::size_t>(
        std::distance(std::filesystem::directory_iterator(folder_.path() / "out"), {}));
  }

  journal::TemporaryFolder folder_;
  std::ostringstream out_, err_;
  bool terminal_{};
  std::string separator_{","};
};

TEST_F(SessionCommands, ListIsATableOrJson) {
  EXPECT_EQ(list(false), 0);
  EXPECT_THAT(out_.str(), HasSubstr("regulate-down"));
  out_.str("");
  EXPECT_EQ(list(true), 0);
  EXPECT_EQ(boost::json::parse(out_.str()).at(0).at("n_readings").as_int64(), 1);
  EXPECT_EQ(err_.str(), "");
}

TEST_F(SessionCommands, ShowKnowsWhatIsThereAndWhatIsNot) {
  EXPECT_EQ(show("s1", false), 0);
  EXPECT_THAT(out_.str(), HasSubstr("(finished)"));
  out_.str("");
  EXPECT_EQ(show("s1", true), 0);
  EXPECT_EQ(boost::json::parse(out_.str()).at("participant").as_string(), "K7F");
  EXPECT_EQ(show("s2", false), 1);
  EXPECT_EQ(err_.str(), "rytme: there is no session s2\n");
}

TEST_F(SessionCommands, ExportsToTheScreenOrToAWholeFile) {
  EXPECT_EQ(export_as("json", std::nullopt), 0);
  EXPECT_EQ(boost::json::parse(out_.str()).at("schema").as_int64(), 1);
  std::filesystem::create_directory(folder_.path() / "out");
  EXPECT_EQ(export_as("csv", folder_.path() / "out" / "s1.csv"), 0);
  EXPECT_THAT(journal::text_of(folder_.path() / "out" / "s1.csv"), testing::StartsWith("kind,seq,"));
  EXPECT_EQ(files(), 1U);
}

TEST_F(SessionCommands, WhatCannotBeDoneLeavesNothingBehind) {
  EXPECT_EQ(export_as("json", folder_.path() / "nowhere" / "s1.json"), 2);
  std::filesystem::create_directories(folder_.path() / "out" / "taken");
  EXPECT_EQ(export_as("json", folder_.path() / "out" / "taken"), 2);
  EXPECT_EQ(files(), 1U);
  EXPECT_EQ(export_as("json", std::nullopt, "s9"), 1);
  EXPECT_EQ(out_.str(), "");
}

TEST_F(SessionCommands, EveryFormatBeginsAsItShould) {
  for (const auto& [format, beginning] : {std::pair<std::string, std::string>{"csv", "kind,seq,"},
                                          {"json", "{\"schema\":1,"},
                                          {"edf", "0       X X X X "},
                                          {"pdf", "%PDF-"}}) {
    out_.str("");
    EXPECT_EQ(export_as(format, std::nullopt), 0);
    EXPECT_THAT(out_.str(), testing::StartsWith(beginning));
  }
}

TEST_F(SessionCommands, WhatIsNotTextIsNotForATerminal) {
  terminal_ = true;
  for (const std::string format : {"edf", "pdf"}) {
    err_.str("");
    EXPECT_EQ(export_as(format, std::nullopt), 2);
    EXPECT_EQ(err_.str(), "rytme: " + format + " is not for a terminal; give --out FILE\n");
  }
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(export_as("csv", std::nullopt), 0);
}

TEST_F(SessionCommands, OtherFormatsAndSeparatorsAreRefusedInOneLine) {
  EXPECT_EQ(export_as("xml", std::nullopt), 2);
  EXPECT_EQ(err_.str(), "rytme: cannot export as xml; the formats are csv, json, edf and pdf\n");
  err_.str("");
  separator_ = "|";
  EXPECT_EQ(export_as("csv", std::nullopt), 2);
  EXPECT_EQ(err_.str(), "rytme: cannot separate by |; it is , or ;\n");
  separator_ = ";";
  EXPECT_EQ(export_as("csv", std::nullopt), 0);
  EXPECT_THAT(out_.str(), HasSubstr("kind;seq;"));
}

// A rename would put a file in its place.
TEST_F(SessionCommands, ADeviceOrALinkIsNotReplaced) {
  const auto pipe = folder_.path() / "pipe", link = folder_.path() / "link";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  std::filesystem::create_symlink("/dev/null", link);
  for (const auto& odd : {pipe, link, folder_.path()}) {
    EXPECT_THROW(journal::replace_file(odd, "text"), journal::FileError) << odd;
    EXPECT_THROW(journal::replace_file(odd, [](const auto&) { FAIL() << "work for nothing"; }),
                 journal::FileError);
  }
  EXPECT_TRUE(std::filesystem::is_fifo(pipe));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
}

TEST_F(SessionCommands, AFullTargetIsToldAndKeepsWhatWasThere) {
  std::filesystem::create_directory(folder_.path() / "out");
  const auto file = folder_.path() / "out" / "s1.csv";
  journal::replace_file(file, "before");
  rlimit usual{};
  getrlimit(RLIMIT_FSIZE, &usual);
  const rlimit small{1024, usual.rlim_max};
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &small);
  std::string told;
  try {
    journal::replace_file(file, std::string(5000, 'x'));
  } catch (const std::runtime_error& error) {
    told = error.what();
  }
  setrlimit(RLIMIT_FSIZE, &usual);
  std::signal(SIGXFSZ, handler);
  EXPECT_THAT(told, HasSubstr("File too large"));
  EXPECT_EQ(journal::text_of(file), "before");
  EXPECT_EQ(files(), 1U);
}

TEST_F(SessionCommands, AMissingJournalIsExitTwo) {
  EXPECT_EQ(session_list(folder_.path() / "none.db", true, out_, err_), 2);
  EXPECT_THAT(err_.str(), HasSubstr("there is no such file"));
}

}  // namespace
}  // namespace rytme::app
