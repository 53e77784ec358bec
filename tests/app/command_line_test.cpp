// SPDX-License-Identifier: Apache-2.0
// The program itself, as a shell starts it.
#include <string>

#include <gmock/gmock.h>

#include "tests/support/shell.hpp"

namespace rytme {
namespace {

using testing::HasSubstr;

using test::shell;

std::string rytme(const std::string& words) { return std::string(RYTME_PROGRAM) + " " + words; }

TEST(CommandLine, AnAnswerThatDidNotGetOutIsNone) {
  for (const char* words : {"--help", "--version", "check --config config", "device list --config config"})
    for (const char* nowhere : {" 2>&1 >/dev/full", " 2>&1 >&-"}) {
      const auto ended = shell(rytme(words) + nowhere);
      EXPECT_EQ(ended.code, 2) << words << nowhere;
      EXPECT_THAT(ended.said, HasSubstr("rytme: standard output cannot be written to")) << words << nowhere;
    }
  EXPECT_EQ(shell(rytme("--version")).code, 0);
}

// What is opened next must not get the number of the closed stream.
TEST(CommandLine, AClosedStandardStreamIsNobodyElses) {
  EXPECT_EQ(shell(rytme("check --config config") + " <&- 2>&- | wc -l").code, 0);
  EXPECT_EQ(shell(rytme("nope") + " >&- 2>&-").code, 2);
}

TEST(CommandLine, AWordThatIsNoCommandIsNamed) {
  for (const char* words : {"nope", "analyse nope", "device nope ceiling"}) {
    const auto ended = shell(rytme(words) + " 2>&1");
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.said, HasSubstr("There is no command \"nope\" here.")) << words;
  }
  EXPECT_THAT(shell(rytme("analyse heart --nope 2>&1")).said,
              HasSubstr("There is no option \"--nope\" here."));
}

TEST(CommandLine, WhatIsNoNumberIsNoDuration) {
  for (const char* seconds : {"nan", "inf", "0", "-1", "1e300", "soon"}) {
    const auto ended = shell("timeout 20 " + rytme("demo --port 0 --data none --config none --seconds ") +
                             seconds + " 2>&1");
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.said, HasSubstr("is not a number from 0.001 to 100000000")) << seconds;
  }
}

TEST(CommandLine, AFilterWithoutAColumnIsNone) {
  for (const char* filter : {"=sitting", "sitting", ""}) {
    const auto ended = shell(rytme("analyse heart none.csv --where '") + filter + "' 2>&1");
    EXPECT_EQ(ended.code, 2);
    EXPECT_THAT(ended.said, HasSubstr("takes column=value")) << filter;
  }
}

}  // namespace
}  // namespace rytme
