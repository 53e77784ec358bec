// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <unistd.h>

#include "controller/app/analyse.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme {
namespace {

namespace json = boost::json;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;

class AnalyseHeartFile : public testing::Test {
 protected:
  void SetUp() override {
    file_ = std::filesystem::temp_directory_path() /
            ("rytme-analyse-" + std::to_string(getpid()) + "-" +
             testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv");
  }
  void TearDown() override { std::filesystem::remove(file_); }

  json::value answer(const std::string& text, const std::string& column = "", const std::string& value = "") {
    std::ofstream(file_) << text;
    std::ostringstream out, err;
    EXPECT_EQ(app::analyse_heart_file({file_, {column, value}}, out, err), 0) << err.str();
    EXPECT_THAT(err.str(), IsEmpty());
    return json::parse(out.str());
  }
  // The one line that says why not.
  std::string refusal(const std::string& text, const std::string& column = "",
                      const std::string& value = "") {
    std::ofstream(file_) << text;
    return refusal_of({file_, {column, value}});
  }
  static std::string refusal_of(const app::HeartRequest& request) {
    std::ostringstream out, err;
    EXPECT_EQ(app::analyse_heart_file(request, out, err), 2);
    EXPECT_THAT(out.str(), IsEmpty());
    EXPECT_EQ(err.str().find('\n'), err.str().size() - 1) << "one line";
    return err.str();
  }

  std::filesystem::path file_;
};

std::string rows(int count, const std::string& row) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += row + "\n";
  }
  return text;
}

TEST_F(AnalyseHeartFile, OneObjectOfTheAgreedShape) {
  const auto object = answer("# device=strap\nrr_ms\n" + rows(40, "800\n810") + "400\n");
  EXPECT_EQ(object.at("n").as_int64(), 81);
  const auto& record = object.at("record");
  EXPECT_EQ(record.at("from_s").as_double(), 0);
  EXPECT_NEAR(record.at("to_s").as_double(), 64.8, 1e-9);
  EXPECT_EQ(record.at("raw").at("n").as_int64(), 81);
  for (const char* key : {"hr_bpm", "rmssd_ms", "ln_rmssd", "sdnn_ms", "pnn50_pct"}) {
    EXPECT_TRUE(record.at("raw").at(key).is_double()) << key;
    EXPECT_TRUE(record.at("clean").at(key).is_double()) << key;
  }
  EXPECT_NEAR(record.at("clean").at("rmssd_ms").as_double(), 10, 1e-9);
  EXPECT_NEAR(record.at("clean").at("accepted_share").as_double(), 80.0 / 81, 1e-9);
  EXPECT_NEAR(record.at("clean").at("pairs_share").as_double(), 79.0 / 80, 1e-9);
  EXPECT_TRUE(record.at("clean").at("valid").as_bool());
  EXPECT_EQ(record.at("clean").at("reason").as_string(), "");
  EXPECT_EQ(object.at("windows_60s").as_array().size(), 1U);
  EXPECT_TRUE(object.at("windows_300s").as_array().empty());
  EXPECT_EQ(object.at("gate").as_array(), json::array({json::value(81)}));
}

TEST_F(AnalyseHeartFile, FlagsHaveAReason) {
  std::string text = "rr_ms\n";
  for (int i = 0; i < 30; ++i) {
    text += i == 15 ? "790\n805\n560\n1150\n795\n" : "790\n805\n812\n803\n798\n";
  }
  const auto flags = answer(text).at("flags").as_array();
  EXPECT_NE(std::find(flags.begin(), flags.end(), json::value{{"i", 79}, {"kind", "ectopic"}}), flags.end())
      << flags;
}

TEST_F(AnalyseHeartFile, ALongWindowHasItsSpectrum) {
  const auto window = answer("rr_ms\n" + rows(190, "790\n805")).at("windows_300s").at(0);
  EXPECT_TRUE(window.at("spectrum").at("lf_ms2").is_double());
  EXPECT_TRUE(window.at("spectrum").at("hf_ms2").is_double());
}

TEST_F(AnalyseHeartFile, UnknownIsNull) {
  const auto clean = answer("rr_ms\n800\n").at("record").at("clean");
  EXPECT_TRUE(clean.at("rmssd_ms").is_null());
  EXPECT_FALSE(clean.at("valid").as_bool());
  EXPECT_EQ(clean.at("reason").as_string(), "under 80 % of the pairs kept");
}

TEST_F(AnalyseHeartFile, ColumnsAreFoundByName) {
  const auto object = answer("note, rr_ms ,other\r\nx,1000,5\r\n# pause=1\r\n\r\ny, 500 ,6\r\n");
  EXPECT_EQ(object.at("n").as_int64(), 2);
  EXPECT_NEAR(object.at("record").at("raw").at("hr_bpm").as_double(), 80, 1e-9);
}

TEST_F(AnalyseHeartFile, WhereKeepsRows) {
  const auto object =
      answer("condition,rr_ms\nsitting,1000\nwalking,bad\nsitting,1000\n", "condition", "sitting");
  EXPECT_EQ(object.at("n").as_int64(), 2) << "other rows are not even read";
}

TEST_F(AnalyseHeartFile, TimesFindGaps) {
  std::string text = "t_s,rr_ms\n";
  for (int i = 0; i < 60; ++i) {
    text += std::to_string(0.8 * i + (i >= 30 ? 9 : 0)) + "," + (i < 30 ? "800" : "850") + "\n";
  }
  EXPECT_EQ(answer(text).at("record").at("clean").at("rmssd_ms").as_double(), 0);
}

// Excel puts a mark before the first column's name; without that column a gap would pass for a step.
TEST_F(AnalyseHeartFile, ASpreadsheetsByteOrderMarkHidesNoTimes) {
  std::string text = "t_s,rr_ms\n";
  for (int i = 0; i < 60; ++i) {
    text += std::to_string(0.8 * i + (i >= 30 ? 9 : 0)) + "," + (i < 30 ? "800" : "850") + "\n";
  }
  EXPECT_EQ(answer("\xef\xbb\xbf" + text), answer(text));
}

TEST_F(AnalyseHeartFile, TimesSince1970FindTheSameGaps) {
  std::string text = "t_s,rr_ms\n";
  for (int i = 0; i < 60; ++i) {
    text +=
        std::to_string(1'763'990'000 + 0.8 * i + (i >= 30 ? 9 : 0)) + "," + (i < 30 ? "800" : "850") + "\n";
  }
  EXPECT_EQ(answer(text).at("record").at("clean").at("rmssd_ms").as_double(), 0);
}

TEST_F(AnalyseHeartFile, TimesThatAreNoneAreTold) {
  std::ofstream(file_) << "t_s,rr_ms\n0,800\n0.8,800\n1e12,800\n0.4,800\n";
  std::ostringstream out, err;
  EXPECT_EQ(app::analyse_heart_file({file_, {}}, out, err), 0);
  EXPECT_EQ(err.str(),
            file_.string() + ": 1 of 4 times t_s lie before an earlier row's, the first in line 5\n" +
                file_.string() + ": 1 of 4 times t_s are no time of this recording, the first in line 4\n");
}

TEST_F(AnalyseHeartFile, MoreThanAHundredDaysAreNotOneRecording) {
  EXPECT_THAT(refusal("rr_ms\n" + rows(150'000, "60000")), HasSubstr("line 144002: more than 100 days"));
}

TEST_F(AnalyseHeartFile, SaysWhyNot) {
  EXPECT_THAT(refusal_of({file_, {}}), HasSubstr("cannot be opened"));
  EXPECT_THAT(refusal_of({std::filesystem::temp_directory_path(), {}}), HasSubstr("is a folder"));
  EXPECT_THAT(refusal(""), HasSubstr("no header line"));
  EXPECT_THAT(refusal("t_s,rr\n1,800\n"), EndsWith("has no column rr_ms; it has \"t_s\", \"rr\"\n"));
  EXPECT_THAT(refusal("rr_ms\n800\n", "condition", "x"),
              EndsWith("has no column condition; it has \"rr_ms\"\n"));
  EXPECT_THAT(refusal("rr_ms\n# nothing=1\n"), EndsWith("has no rows\n"));
  EXPECT_THAT(refusal("c,rr_ms\na,800\n", "c", "b"), EndsWith("has no rows with c=b\n"));
  EXPECT_THAT(refusal("# a=1\nrr_ms\n800\n80x\n"), HasSubstr("line 4: rr_ms is not a number: \"80x\""));
  EXPECT_THAT(refusal("rr_ms,t_s\n800,nan\n"), HasSubstr("line 2: t_s is not a number"));
  EXPECT_THAT(refusal("rr_ms\ninf\n"), HasSubstr("line 2: rr_ms is not a number"));
  EXPECT_THAT(refusal("t_s,rr_ms\n1,800\n2\n"), HasSubstr("line 3: rr_ms is missing"));
}

TEST_F(AnalyseHeartFile, ReadsARecordedCondition) {
  if (!test::shared_available()) {
    GTEST_SKIP() << "no reference data";
  }
  std::ostringstream out, err;
  ASSERT_EQ(
      app::analyse_heart_file({test::shared("data/gudb/subject_00.csv"), {"condition", "sitting"}}, out, err),
      0);
  std::ifstream in(test::shared("data/expected.json"));
  const auto expected = json::parse(std::string{std::istreambuf_iterator<char>(in), {}})
                            .at("recordings")
                            .at("gudb_subject_00_sitting");
  const auto object = json::parse(out.str());
  EXPECT_EQ(object.at("n"), expected.at("n_rr"));
  EXPECT_NEAR(object.at("record").at("raw").at("rmssd_ms").as_double(),
              expected.at("full").at("raw").at("textbook").at("rmssd_ms").as_double(), 1e-4);
}

}  // namespace
}  // namespace rytme
