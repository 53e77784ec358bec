// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <unistd.h>

#include "controller/app/analyse_motion.hpp"

namespace rytme {
namespace {

namespace json = boost::json;
using testing::HasSubstr;
using testing::IsEmpty;

class AnalyseMotionFile : public testing::Test {
 protected:
  void SetUp() override {
    file_ = std::filesystem::temp_directory_path() /
            ("rytme-motion-" + std::to_string(getpid()) + "-" +
             testing::UnitTest::GetInstance()->current_test_info()->name() + ".csv");
  }
  void TearDown() override { std::filesystem::remove(file_); }

  std::vector<json::object> answer(const std::string& text) {
    std::ofstream(file_) << text;
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(app::analyse_motion_file({file_, {}}, out, err), 0) << err.str();
    told_ = err.str();
    std::vector<json::object> rows;
    std::istringstream lines(out.str());
    for (std::string line; std::getline(lines, line);) rows.push_back(json::parse(line).as_object());
    return rows;
  }
  std::string refusal(const std::string& text) {
    std::ofstream(file_) << text;
    std::ostringstream out;
    std::ostringstream err;
    EXPECT_EQ(app::analyse_motion_file({file_, {}}, out, err), 2);
    EXPECT_EQ(err.str().find('\n'), err.str().size() - 1) << "one line";
    return err.str();
  }

  std::filesystem::path file_;
  std::string told_;
};

// A seat on 1.8 m at 10°, 50 Hz, with a little of everything that is not the swing.
std::string swing(double seconds, bool gyro) {
  std::string text = gyro ? "# device=seat\nother,t_s,ax,ay,az,gx,gy,gz\n" : "t_s,ax,ay,az\n";
  const double rate = std::sqrt(9.81 / 1.8);
  for (double t_s = 0; t_s < seconds; t_s += 0.02) {
    const double theta = 0.175 * std::cos(rate * t_s);
    const double omega = -0.175 * rate * std::sin(rate * t_s);
    const double rope = 9.81 * std::cos(theta) + 1.8 * omega * omega;
    const double noise = 0.01 * std::sin(1e4 * t_s);
    text += gyro ? fmt::format("x,{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f}\n", t_s, noise, noise,
                               rope, noise / 9, omega, noise / 9)
                 : fmt::format("{:.4f},{:.4f},{:.4f},{:.4f}\n", t_s, noise, noise, rope);
  }
  return text;
}

TEST_F(AnalyseMotionFile, TenRowsASecondOfTheAgreedShape) {
  const auto rows = answer(swing(30, true));
  EXPECT_THAT(told_, IsEmpty());
  ASSERT_NEAR(static_cast<double>(rows.size()), 299, 1);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_NEAR(rows[i].at("t_s").to_number<double>(), 0.1 * static_cast<double>(i + 1), 1e-9);
  }
  for (const char* key : {"f_hz", "amplitude_deg", "phase_rad", "regularity", "pumping", "occupied"}) {
    EXPECT_TRUE(rows.front().at(key).is_null()) << key;
  }
  EXPECT_EQ(rows.front().at("quality").as_string(), "unknown");
  EXPECT_NEAR(rows.back().at("f_hz").to_number<double>(), 0.3710, 0.002);
  EXPECT_NEAR(rows.back().at("amplitude_deg").to_number<double>(), 10, 0.3);
  EXPECT_TRUE(rows.back().at("phase_rad").is_number());
  EXPECT_GT(rows.back().at("regularity").to_number<double>(), 0.9);
  EXPECT_EQ(rows.back().at("pumping").to_number<double>(), 0);
  EXPECT_EQ(rows.back().at("quality").as_string(), "good");
}

TEST_F(AnalyseMotionFile, WithoutAGyroscopeTheFrequencyIsDoubtfulAndTheAmplitudeUnknown) {
  const auto rows = answer(swing(40, false));
  EXPECT_NEAR(rows.back().at("f_hz").to_number<double>(), 0.3710, 0.003);
  EXPECT_TRUE(rows.back().at("amplitude_deg").is_null());
  EXPECT_EQ(rows.back().at("quality").as_string(), "doubtful");
}

TEST_F(AnalyseMotionFile, RefusedSamplesAreToldAndTheRestIsRead) {
  const auto rows = answer(
      "t_s,ax,ay,az\n0,0,0,9.8\n0.1,nan,0,9.8\n0.05,0,0,9.7\n0.04,0,0,9.8\n1e300,0,0,9.8\n0.3,0,0,9.9\n");
  EXPECT_EQ(rows.size(), 3U);
  EXPECT_THAT(told_, HasSubstr("3 of 6 samples refused: 2 implausible, 1 out of order, 0 frozen"));
  EXPECT_THAT(told_, HasSubstr("2 of 6 times t_s lie before an earlier row's, the first in line 4"));
}

TEST_F(AnalyseMotionFile, ARecordingMayCountFrom1970OrBelowZero) {
  const auto shifted = [](std::int64_t by) {
    std::string text = "t_s,ax,ay,az\n";
    for (int i = 0; i < 50; ++i) text += fmt::format("{:.2f},0,0,{}\n", double(by) + i * 0.1, 9.8 + i % 3);
    return text;
  };
  for (const std::int64_t by : {1'763'990'000, -100}) {
    const auto rows = answer(shifted(by));
    EXPECT_THAT(told_, IsEmpty());
    ASSERT_EQ(rows.size(), 49U);
    EXPECT_NEAR(rows.front().at("t_s").to_number<double>(), double(by) + 0.1, 1e-6);
  }
}

TEST_F(AnalyseMotionFile, RowsOfOneKindOnly) {
  std::ofstream(file_) << "t_s,ax,ay,az,where\n0,0,0,9.8,seat\n0.1,x,x,x,wrist\n0.2,0,0,9.7,seat\n";
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(app::analyse_motion_file({file_, {"where", "seat"}}, out, err), 0) << err.str();
  EXPECT_THAT(out.str(), HasSubstr("\"t_s\":0.2"));
}

TEST_F(AnalyseMotionFile, SaysWhyNot) {
  EXPECT_THAT(refusal(""), HasSubstr("is empty"));
  EXPECT_THAT(refusal("t_s,ax,ay,az\n"), HasSubstr("has no rows"));
  EXPECT_THAT(refusal("t_s,ax,ay\n0,0,0\n"), HasSubstr("has no column az"));
  EXPECT_THAT(refusal("t_s,ax,ay,az,gx\n0,0,0,1,0\n"), HasSubstr("has no column gy"))
      << "half a gyroscope must not pass for none";
  EXPECT_THAT(refusal("t_s,ax,ay,az\n0,0,0,1\n0.1,0,zero,1\n"),
              HasSubstr("line 3: ay is not a number: \"zero\""));
  EXPECT_THAT(refusal("t_s,ax,ay,az\n0,0,0\n"), HasSubstr("line 2: az is missing"));
  std::ostringstream out;
  std::ostringstream err;
  EXPECT_EQ(app::analyse_motion_file({"/does/not/exist.csv", {}}, out, err), 2);
  EXPECT_THAT(err.str(), HasSubstr("cannot be opened"));
}

}  // namespace
}  // namespace rytme
