// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/recording.hpp"

#include <fstream>

#include <gmock/gmock.h>

#include "controller/simulator/table.hpp"
#include "tests/simulator/frames_read.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::simulator {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr double forever_s = 1e9;

std::shared_ptr<const Recording> read_shared(std::string_view relative) {
  return std::make_shared<Recording>(read_recording(test::shared(relative)));
}

std::filesystem::path written(const std::string& name, const std::string& text) {
  auto path = std::filesystem::path(testing::TempDir()) / ("recording_" + name);
  std::ofstream(path) << text;
  return path;
}

std::string refusal(const std::filesystem::path& path) {
  try {
    read_recording(path);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

TEST(RecordingTest, SendsOneFramePerBeatWithItsExactInterval) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto table = read_table(test::shared("data/stress_predict/S01/ibi.csv"));
  const auto heart = recorded_heart(read_shared("data/stress_predict/S01"));
  const auto frames = take_until(*heart, forever_s);
  const auto& t_s = table.numbers("t_s");
  const auto& rr_ms = table.numbers("rr_ms");
  ASSERT_THAT(frames, SizeIs(1260));
  ASSERT_THAT(t_s, SizeIs(1260));
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto frame = read_heart(frames[i]);
    EXPECT_EQ(frame.t_us, std::llround((t_s[i] + 10) * 1e6));  // the acceleration begins 10 s before
    EXPECT_THAT(frame.rr, ElementsAre(std::lround(rr_ms[i] * 1.024)));
    EXPECT_EQ(frame.bpm, std::lround(60000 / rr_ms[i]));
    EXPECT_TRUE(frame.contact);
    EXPECT_EQ(frame.seq, i);
  }
}

TEST(RecordingTest, SendsAccelerationInFramesOfSixteenFromTheSameOrigin) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto motion = recorded_motion(read_shared("data/stress_predict/S01"));
  ASSERT_EQ(motion->next_us(), 15 * 31250);  // when the sixteenth sample is there
  const auto frames = take_until(*motion, forever_s);
  EXPECT_THAT(frames, SizeIs((104312 - 2 + 15) / 16));
  const auto first = read_json(frames[0]);
  EXPECT_EQ(first.at("t_us"), 0);
  EXPECT_EQ(first.at("dt_us"), 31250);
  EXPECT_THAT(first.at("ax").as_array(), SizeIs(16));
  EXPECT_EQ(first.at("ax").at(0).to_number<float>(), static_cast<float>(-2 * 9.80665 / 64));
  EXPECT_EQ(first.at("az").at(1).to_number<float>(), static_cast<float>(46 * 9.80665 / 64));
  EXPECT_FALSE(first.contains("gx"));
  EXPECT_EQ(read_json(frames[1]).at("t_us"), 500000);
}

TEST(RecordingTest, ReadsBeatsWithAnnotationsAndSwingsWithUnevenSteps) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto beats = read_shared("data/rr/mitdb_100.csv");
  EXPECT_EQ(recorded_motion(beats), nullptr);
  EXPECT_GT(take_until(*recorded_heart(beats), forever_s).size(), 1000U);

  const auto swing = read_shared("data/synthetic_swing/swing_free_decay_imu.csv.gz");
  EXPECT_EQ(recorded_heart(swing), nullptr);
  const auto motion = recorded_motion(swing);
  const auto first = read_json(motion->take("0a1b", 0).value());
  EXPECT_THAT(first.at("dt_us").as_array(), SizeIs(15));
  EXPECT_EQ(first.at("dt_us").at(0), 20300);
  EXPECT_THAT(first.at("gy").as_array(), SizeIs(16));
  EXPECT_EQ(first.at("gy").at(1).to_number<float>(), -0.0560F);
}

TEST(RecordingTest, TellsInOneLineWhatIsWrong) {
  EXPECT_THAT(refusal("/nowhere/ibi.csv"), HasSubstr("cannot be opened"));
  EXPECT_THAT(refusal(testing::TempDir()), HasSubstr("nothing to replay"));
  EXPECT_THAT(refusal(written("a.csv", "time,pulse\n1,70\n")), HasSubstr("neither a column rr_ms"));
  EXPECT_THAT(refusal(written("b.csv", "t_s,rr_ms\n1.0,800\n0.5,800\n")),
              HasSubstr("row 2 goes back in time"));
  EXPECT_THAT(refusal(written("c.csv", "t_s,rr_ms\n1.0,800\n2.0,\n")), HasSubstr("row 2 has no number"));
  EXPECT_THAT(refusal(written("d.csv", "t_s,rr_ms\n1.0,-5\n")), HasSubstr("no possible rr_ms"));
  EXPECT_THAT(refusal(written("e.csv", "ax,ay,az\n1,2,3\n")), HasSubstr("no t0_s="));
  EXPECT_THAT(refusal(written("f.csv", "# t0_s=0 fs_hz=32 unit=mg\nax,ay,az\n1,2,3\n")),
              HasSubstr("unit mg"));
  EXPECT_THAT(refusal(written("g.csv", "")), HasSubstr("is empty: no header line"));
}

TEST(RecordingTest, ADamagedArchiveIsRefused) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  std::ifstream whole(test::shared("data/stress_predict/S01/acc_32hz.csv.gz"), std::ios::binary);
  std::string half(40'000, '\0');
  whole.read(half.data(), static_cast<std::streamsize>(half.size()));
  EXPECT_THAT(refusal(written("half.csv.gz", half)), HasSubstr("damaged or cut short"));
}

}  // namespace
}  // namespace rytme::simulator
