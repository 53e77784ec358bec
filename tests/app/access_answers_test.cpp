// SPDX-License-Identifier: Apache-2.0
// The privacy officer's question, from its parameters to the answer out of a real record.
#include "controller/app/access_answers.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "tests/review/room_record.hpp"

namespace rytme::app {
namespace {

class AccessAnswers : public testing::Test {
 protected:
  void SetUp() override {
    record_.start("s1", "K7F");
    record_.end();
    for (int i = 0; i < 5; ++i)
      record_.keep(
          entry::Access{{ActorKind::user, Role::psychologist, "u7"}, "session", "s1", "", "", false});
    record_.close();
  }
  web::Page ask(const web::AccessQuestion& question) {
    journal::Reader reader(record_.file());
    return answer_access(reader, question);
  }
  static boost::json::object body(const web::Page& page) { return boost::json::parse(page.body).as_object(); }

  review::RoomRecord record_;
};

TEST_F(AccessAnswers, PagesLeadToTheOldestEntryWithoutAGap) {
  std::vector<std::int64_t> seqs;
  web::AccessQuestion question;
  question.limit = 2;
  for (int pages = 1; pages <= 3; ++pages) {
    const auto page = body(ask(question));
    for (const auto& entry : page.at("entries").as_array()) seqs.push_back(entry.at("seq").as_int64());
    EXPECT_EQ(page.at("next").is_null(), pages == 3);
    if (pages < 3) question.cursor = page.at("next").as_int64();
  }
  EXPECT_EQ(seqs.size(), 5U);
  EXPECT_TRUE(std::is_sorted(seqs.rbegin(), seqs.rend()));
  question.cursor = std::nullopt;
  question.limit = 5;
  EXPECT_TRUE(body(ask(question)).at("next").is_null()) << "a page that is just full is the last";
}

TEST_F(AccessAnswers, WhatMakesNoSenseIsNamed) {
  const web::Page page = ask({"", "", "2026-11-24", "2026-11-23", {}, {}});
  EXPECT_EQ(page.status, 422);
  EXPECT_EQ(page.content_type, "application/problem+json");
  EXPECT_EQ(body(page).at("errors").at(0).at("field").as_string(), "to");
  EXPECT_EQ(body(page).at("errors").at(0).at("detail").as_string(), "must be later than from");
}

TEST_F(AccessAnswers, ACodeMistypedIsNotOneAtWhomNobodyLooked) {
  EXPECT_EQ(ask({"NOPE", "", "", "", {}, {}}).status, 404);
  EXPECT_EQ(ask({"", "s9", "", "", {}, {}}).status, 404);
  EXPECT_EQ(ask({"K7F", "s1", "2030-01-01", "", {}, {}}).body, R"({"entries":[],"next":null})");
}

}  // namespace
}  // namespace rytme::app
