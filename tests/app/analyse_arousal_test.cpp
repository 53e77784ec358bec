// SPDX-License-Identifier: Apache-2.0
#include "controller/app/analyse_arousal.hpp"

#include <cmath>
#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <unistd.h>

#include "tests/support/shared_data.hpp"

namespace rytme {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using testing::HasSubstr;
using testing::StartsWith;

class AnalyseArousal : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("rytme-arousal-" + std::to_string(getpid()) + "-" +
                                           testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::create_directories(folder_);
    request_.baseline_from_s = 60;
    request_.baseline_to_s = 240;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path file(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }
  std::vector<json::object> lines() {
    std::ostringstream out, err;
    EXPECT_EQ(app::analyse_arousal_files(request_, out, err), 0) << err.str();
    told_ = err.str();
    std::vector<json::object> result;
    std::istringstream in(out.str());
    for (std::string line; std::getline(in, line);) result.push_back(json::parse(line).as_object());
    return result;
  }
  std::string refusal() {
    std::ostringstream out, err;
    EXPECT_EQ(app::analyse_arousal_files(request_, out, err), 2);
    EXPECT_EQ(out.str(), "");
    EXPECT_EQ(err.str().find('\n'), err.str().size() - 1) << "one line";
    return err.str();
  }

  fs::path folder_;
  app::ArousalRequest request_;
  std::string told_;
};

std::string rates(int seconds, int raised_from) {
  std::string text = "t_s,hr_bpm\n";
  for (int t = 0; t < seconds; ++t)
    text +=
        std::to_string(t) + "," + std::to_string((t < raised_from ? 70.0 : 90.0) + std::sin(t * 0.7)) + "\n";
  return text;
}

std::string acceleration(int seconds, const std::string& head, double g) {
  std::string text = head;
  for (int i = 0; i < seconds * 10; ++i)
    text += "0,0," + std::to_string(g * (1 + 0.005 * std::sin(i))) + "\n";
  return text;
}

TEST_F(AnalyseArousal, OneObjectASecondWithEveryKeyOfTheContract) {
  request_.hr = file("hr.csv", rates(600, 400));
  request_.acc = file("acc.csv", acceleration(600, "# t0_s=0 fs_hz=10 unit=g\nax,ay,az\n", 1));
  const auto all = lines();
  ASSERT_EQ(all.size(), 600U);
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].at("t_s").to_number<double>(), double(i));
    for (const auto* key :
         {"hr_bpm", "expected_hr_bpm", "index", "level", "confidence", "low_side", "reason"})
      EXPECT_TRUE(all[i].contains(key)) << key;
  }
  EXPECT_TRUE(all[200].at("level").is_null()) << "no calm pulse yet";
  EXPECT_TRUE(all[200].at("hr_bpm").is_double());
  EXPECT_EQ(all[390].at("level").to_number<int>(), 0);
  EXPECT_GE(all[590].at("level").to_number<int>(), 2);
  EXPECT_THAT(std::string(all[590].at("reason").as_string()), StartsWith("Puls 9"));
  request_.norwegian = false;
  EXPECT_THAT(std::string(lines()[590].at("reason").as_string()),
              HasSubstr("Own calm value today 70 (3 min)"));
}

TEST_F(AnalyseArousal, TheUnitOfTheAccelerationIsItsFilesOwn) {
  request_.hr = file("hr.csv", rates(300, 400));
  std::vector<json::object> last;
  const std::pair<const char*, double> units[] = {{"# t0_s=0 fs_hz=10 unit=g\nax,ay,az\n", 1},
                                                  {"# t0_s=0 fs_hz=10 unit=1/64 g\nax,ay,az\n", 64},
                                                  {"# t0_s=0 fs_hz=10\nax,ay,az\n", 9.80665},
                                                  {"# t0_s=0 fs_hz=10\nax_mg,ay_mg,az_mg\n", 1000}};
  for (const auto& [head, g] : units) {
    request_.acc = file("acc.csv", acceleration(300, head, g));
    last.push_back(lines().back());
    EXPECT_NEAR(last.back().at("index").to_number<double>(), last.front().at("index").to_number<double>(),
                1e-4);
  }
  EXPECT_FALSE(last.front().at("level").is_null());
}

TEST_F(AnalyseArousal, BeatsWithoutTimesAreOnTheirOwnSum) {
  std::string text = "rr_ms\n";
  for (int i = 0; i < 500; ++i) text += std::to_string(800 + 20 * std::sin(i * 1.3)) + "\n";
  request_.rr = file("rr.csv", text);
  const auto all = lines();
  EXPECT_NEAR(double(all.size()), 400, 3);
  EXPECT_NEAR(all[350].at("hr_bpm").to_number<double>(), 75, 1);
  EXPECT_EQ(all[350].at("level").to_number<int>(), 0);
}

TEST_F(AnalyseArousal, SaysInOneLineWhatIsWrong) {
  EXPECT_THAT(refusal(), HasSubstr("--hr, --rr"));
  request_.hr = folder_ / "none.csv";
  EXPECT_THAT(refusal(), HasSubstr("none.csv: cannot be opened"));
  request_.hr = file("hr.csv", "t_s,pulse\n1,2\n");
  EXPECT_THAT(refusal(), HasSubstr("no column hr_bpm"));
  request_.hr = file("hr.csv", "t_s,hr_bpm\n");
  EXPECT_THAT(refusal(), HasSubstr("has no rows"));
  request_.hr = file("hr.csv", "t_s,hr_bpm\n0,70\n100000000,70\n");
  EXPECT_THAT(refusal(), HasSubstr("hr.csv: line 3: t_s is 100000000: more than a week from the first, 0"));
  request_.hr = file("hr.csv", rates(300, 400));
  request_.acc = file("acc.csv", "# t0_s=0 fs_hz=10 unit=furlong\nax,ay,az\n0,0,1\n");
  EXPECT_THAT(refusal(), HasSubstr("unit \"furlong\" is none of"));
  request_.acc = file("acc.csv", "ax,ay,az\n0,0,1\n");
  EXPECT_THAT(refusal(), HasSubstr("t0_s"));
  request_.acc = file("acc.csv", "# t0_s=0 fs_hz=0\nax,ay,az\n0,0,1\n");
  EXPECT_THAT(refusal(), HasSubstr("fs_hz"));
}

TEST_F(AnalyseArousal, CellsThatAreNoNumbersAreSecondsWithoutAValue) {
  auto text = rates(300, 400);
  for (int t = 250; t < 275; ++t) {
    const auto at = text.find("\n" + std::to_string(t) + ",") + 1;
    text.replace(at, text.find('\n', at) - at, std::to_string(t) + ",nothing");
  }
  request_.hr = file("hr.csv", text);
  const auto all = lines();
  EXPECT_TRUE(all[260].at("hr_bpm").is_null());
  EXPECT_TRUE(all[290].at("hr_bpm").is_double());
  EXPECT_THAT(told_, HasSubstr("hr.csv: 25 of 300 rows hold no possible value, the first in line 252"));
}

TEST_F(AnalyseArousal, APulseThatCannotBeAndATimeThatGoesBackAreTold) {
  request_.hr = file("hr.csv", rates(300, 400) + "300,0\n301,1e300\n100,70\nnoon,70\n");
  lines();
  EXPECT_THAT(told_, HasSubstr("hr.csv: 3 of 304 rows hold no possible value, the first in line 302"));
  EXPECT_THAT(told_,
              HasSubstr("hr.csv: 1 of 303 times t_s lie before an earlier row's, the first in line 304"));
}

TEST_F(AnalyseArousal, ARecordingMayCountFrom1970) {
  request_.hr = file("hr.csv", rates(600, 400));
  auto since_start = lines();
  std::string text = "t_s,hr_bpm\n";
  std::istringstream in(rates(600, 400));
  std::string line;
  std::getline(in, line);
  for (int t = 0; std::getline(in, line); ++t)
    text += std::to_string(1'763'990'000 + t) + line.substr(line.find(',')) + "\n";
  request_.hr = file("hr.csv", text);
  request_.baseline_from_s += 1'763'990'000;
  request_.baseline_to_s += 1'763'990'000;
  const auto all = lines();
  ASSERT_EQ(all.size(), since_start.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].at("t_s").to_number<double>(), 1'763'990'000.0 + double(i));
    since_start[i]["t_s"] = all[i].at("t_s");
    ASSERT_EQ(all[i], since_start[i]);
  }
  EXPECT_FALSE(all.back().at("index").is_null());
}

TEST_F(AnalyseArousal, ACalmPulseThatCannotBeTakenIsTold) {
  request_.hr = file("hr.csv", rates(300, 400));
  request_.baseline_from_s = 5000;
  request_.baseline_to_s = 5300;
  EXPECT_TRUE(lines().back().at("level").is_null());
  EXPECT_THAT(told_, HasSubstr("--baseline 5000,5300: no calm pulse could be taken there"));
  EXPECT_THAT(told_, HasSubstr("the recording has 0 to 299 s"));
  request_.baseline_from_s = 60;
  request_.baseline_to_s = 240;
  lines();
  EXPECT_EQ(told_, "");
}

TEST_F(AnalyseArousal, OnlyTheWantedRowsOfTheFilesThatHaveTheColumn) {
  std::string text = "t_s,hr_bpm,who\n";
  for (int t = 0; t < 300; ++t) text += std::to_string(t) + ",70,child\n";
  request_.hr = file("hr.csv", text + "300,200,staff\n");
  request_.acc = file("acc.csv", acceleration(300, "# t0_s=0 fs_hz=10 unit=g\nax,ay,az\n", 1));
  request_.where = {"who", "child"};
  EXPECT_EQ(lines().size(), 300U);
  request_.where = {"whom", "child"};
  EXPECT_THAT(refusal(), HasSubstr("--where: no file has a column whom"));
}

TEST(ParseSpan, TakesFromAndTo) {
  double from{}, to{};
  EXPECT_TRUE(app::parse_span("60,300.5", from, to));
  EXPECT_EQ(from, 60);
  EXPECT_EQ(to, 300.5);
  for (const auto* wrong : {"", "60", "60,", ",60", "300,60", "60,60", "a,b", "60,300x", "60;300", "nan,3"})
    EXPECT_FALSE(app::parse_span(wrong, from, to)) << wrong;
}

}  // namespace
}  // namespace rytme
