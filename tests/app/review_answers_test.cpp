// SPDX-License-Identifier: Apache-2.0
// From a question over HTTP to its answer out of a real record.
#include "controller/app/review_answers.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "tests/review/room_record.hpp"

namespace rytme::app {
namespace {

using What = web::ReviewQuestion::What;

class ReviewAnswers : public testing::Test {
 protected:
  void SetUp() override {
    record_.start("s1", "K7F");
    record_.phase("arrive");
    record_.values(Capability::hr_bpm, 72, 60);
    record_.end();
    record_.close();
  }
  web::Page ask(const web::ReviewQuestion& question) {
    journal::Reader reader(record_.file());
    return answer_review(reader, question);
  }
  static boost::json::object body(const web::Page& page) { return boost::json::parse(page.body).as_object(); }

  review::RoomRecord record_;
};

TEST_F(ReviewAnswers, EveryQuestionHasOne) {
  EXPECT_EQ(body(ask({What::series, "s1", "hr.bpm", "", "30", 10, {}})).at("series").at(0).at("n").as_int64(),
            30);
  EXPECT_EQ(body(ask({What::summary, "s1", "", "", "", {}, {}}))
                .at("before")
                .at("heart")
                .at("median")
                .to_number<double>(),
            72);
  EXPECT_EQ(body(ask({What::aligned, "K7F", "hr.bpm", "", "", {}, {}})).at("sessions").as_array().size(), 1U);
  EXPECT_EQ(body(ask({What::changes, "K7F", "", "", "", {}, {}})).at("sessions").as_int64(), 1);
  EXPECT_EQ(body(ask({What::marks, "s1", "", "", "", {}, {}})).at("session").as_string(), "s1");
  EXPECT_TRUE(body(ask({What::days, "K7F", "", "", "", {}, {}})).at("days").as_array().empty());
  EXPECT_TRUE(body(ask({What::baselines, "K7F", "", "", "", {}, {}})).at("latest_good").is_null());
}

TEST_F(ReviewAnswers, AWrongParameterIsNamed) {
  for (const auto& [question, field] : std::vector<std::pair<web::ReviewQuestion, std::string>>{
           {{What::series, "s1", "hr.colour", "", "", {}, {}}, "names"},
           {{What::series, "s1", "hr.bpm", "soon", "", {}, {}}, "from"},
           {{What::series, "s1", "hr.bpm", "20", "10", {}, {}}, "to"},
           {{What::aligned, "K7F", "hr.bpm", "", "", 1000, 51}, "last"}}) {
    const web::Page page = ask(question);
    EXPECT_EQ(page.status, 422);
    EXPECT_EQ(page.content_type, "application/problem+json");
    EXPECT_EQ(body(page).at("errors").at(0).at("field").as_string(), field);
  }
}

TEST_F(ReviewAnswers, ASessionThatIsNotIsNotFound) {
  EXPECT_EQ(ask({What::series, "s9", "hr.bpm", "", "", {}, {}}).status, 404);
  EXPECT_EQ(ask({What::marks, "s9", "", "", "", {}, {}}).status, 404);
  EXPECT_EQ(ask({What::summary, "s9", "", "", "", {}, {}}).status, 404);
  for (const auto what : {What::aligned, What::changes, What::baselines})
    EXPECT_EQ(ask({what, "NOPE", "", "", "", {}, {}}).status, 404) << "a code mistyped is nobody's";
}

}  // namespace
}  // namespace rytme::app
