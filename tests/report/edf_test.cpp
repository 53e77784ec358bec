// SPDX-License-Identifier: Apache-2.0
// EDF+C read back by EDFlib, which checks every field of the header and every list of annotations.
#include <cmath>
#include <fstream>

#include <edflib.h>
#include <gmock/gmock.h>

#include "controller/report/edf_file.hpp"
#include "controller/report/export.hpp"
#include "tests/report/recorded.hpp"

namespace rytme::report {
namespace {

struct Annotation {
  double onset_s{};
  double duration_s{};  // negative: none
  std::string text;
};

class EdfRead {
 public:
  explicit EdfRead(const std::string& bytes) {
    const auto file = folder_.path() / "session.edf";
    std::ofstream(file, std::ios::binary) << bytes;
    opened_ = edfopen_file_readonly(file.c_str(), &header, EDFLIB_READ_ALL_ANNOTATIONS) == 0;
    if (!opened_) return;
    for (int i = 0; i < header.annotations_in_file; ++i) {
      edf_annotation_struct each{};
      edf_get_annotation(header.handle, i, &each);
      annotations.push_back({static_cast<double>(each.onset) / 1e7,
                             static_cast<double>(each.duration_l) / 1e7, each.annotation});
    }
  }
  ~EdfRead() {
    if (opened_) edfclose_file(header.handle);
  }
  EdfRead(const EdfRead&) = delete;
  EdfRead& operator=(const EdfRead&) = delete;

  bool opened() const { return opened_; }
  int signal(const std::string& label) const {
    for (int i = 0; i < header.edfsignals; ++i)
      if (std::string(header.signalparam[i].label).substr(0, label.size()) == label) return i;
    ADD_FAILURE() << "no signal " << label;
    return 0;
  }
  std::vector<double> values(const std::string& label) {
    const int index = signal(label);
    std::vector<double> found(static_cast<std::size_t>(header.signalparam[index].smp_in_file));
    EXPECT_EQ(edfread_physical_samples(header.handle, index, static_cast<int>(found.size()), found.data()),
              static_cast<int>(found.size()));
    return found;
  }
  double rate(const std::string& label) const {
    return header.signalparam[signal(label)].smp_in_datarecord /
           (static_cast<double>(header.datarecord_duration) / 1e7);
  }
  // Whether it is the physical minimum, which stands for no data.
  bool is_none(const std::string& label, double value) const {
    return std::abs(value - header.signalparam[signal(label)].phys_min) < 1e-9;
  }
  std::vector<Annotation> told(const std::string& beginning) const {
    std::vector<Annotation> found;
    for (const auto& each : annotations)
      if (each.text.rfind(beginning, 0) == 0) found.push_back(each);
    return found;
  }

  edf_hdr_struct header{};
  std::vector<Annotation> annotations;

 private:
  journal::TemporaryFolder folder_;
  bool opened_{};
};

class EdfTest : public testing::Test {
 protected:
  static Recorded& recorded() {
    static Recorded all;
    return all;
  }
};

TEST_F(EdfTest, HeaderSaysNothingOfAnybody) {
  const std::string bytes = edf(recorded().facts("full"));
  EXPECT_EQ(bytes.substr(8, 80), "X X X X" + std::string(73, ' '));
  EXPECT_EQ(bytes.substr(192, 5), "EDF+C");
  EXPECT_THAT(bytes.substr(88, 80), testing::StartsWith("Startdate 09-OCT-2025 X X Rytme_0.1.0 "));
  for (const char* secret : {"K7F", "Q2M", "anna", "tablet-1"})
    EXPECT_EQ(bytes.find(secret), std::string::npos) << secret;
  const EdfRead read(bytes);
  ASSERT_TRUE(read.opened()) << read.header.filetype;
  EXPECT_EQ(read.header.filetype, EDFLIB_FILETYPE_EDFPLUS);
  EXPECT_EQ(read.header.datarecords_in_file, 181);  // 180 s and the entries of the stop
  EXPECT_EQ(read.header.startdate_year, 2025);
}

TEST_F(EdfTest, EveryPulseStandsWhereItWasMeasured) {
  EdfRead read(edf(recorded().facts("full")));
  ASSERT_TRUE(read.opened());
  EXPECT_EQ(read.rate("HR belt"), 4);
  const auto values = read.values("HR belt");
  for (const Put& put : recorded().pulse)
    EXPECT_NEAR(values.at(static_cast<std::size_t>(std::ceil(put.t_s * 4))), put.value, 0.005) << put.t_s;
  EXPECT_EQ(read.told("Doubtful: HR belt").size(), 5U);
}

TEST_F(EdfTest, AGapIsToldAndNeverFilled) {
  EdfRead read(edf(recorded().facts("full")));
  ASSERT_TRUE(read.opened());
  const auto values = read.values("HR belt");
  // The last value before the gap holds 10 s.
  for (double t_s = Recorded::gap_from_s + 11; t_s < Recorded::gap_to_s; t_s += 0.25)
    EXPECT_TRUE(read.is_none("HR belt", values.at(static_cast<std::size_t>(t_s * 4)))) << t_s;
  const auto gaps = read.told("No data: HR belt");
  ASSERT_EQ(gaps.size(), 2U);  // before the first pulse, and the gap
  EXPECT_NEAR(gaps[1].onset_s, Recorded::gap_from_s + 10, 0.1);
  EXPECT_NEAR(gaps[1].duration_s, Recorded::gap_to_s - Recorded::gap_from_s - 9, 0.1);
  double filled_s = 0, told_s = 0;
  for (const double value : values) filled_s += read.is_none("HR belt", value) ? 0.25 : 0;
  for (const auto& gap : gaps) told_s += gap.duration_s;
  EXPECT_NEAR(filled_s, told_s + 1, 1.0);  // and the rest of the last record
}

TEST_F(EdfTest, MotionKeepsItsRateItsValuesAndItsLosses) {
  EdfRead read(edf(recorded().facts("full")));
  ASSERT_TRUE(read.opened());
  EXPECT_EQ(read.rate("ax swing"), Recorded::motion_hz);
  const auto values = read.values("ax swing");
  std::size_t known = 0;
  for (const double value : values) known += read.is_none("ax swing", value) ? 0U : 1U;
  EXPECT_NEAR(static_cast<double>(known), static_cast<double>(recorded().motion_samples), 40);
  for (const Put& put : recorded().ax) {  // the first sample of a frame was 0.19 s old when it arrived
    const auto at = static_cast<std::size_t>(std::lround((put.t_s - 0.19) * Recorded::motion_hz));
    double nearest = 1e9;
    for (std::size_t i = at > 0 ? at - 1 : 0; i <= at + 1; ++i)
      nearest = std::min(nearest, std::abs(values.at(i) - put.value));
    EXPECT_LT(nearest, 0.001) << put.t_s;
  }
  const auto losses = read.told("No data: motion swing");
  std::size_t lost_frames = 0;
  for (const auto& loss : losses) lost_frames += std::abs(loss.duration_s - 0.2) < 0.03 ? 1U : 0U;
  EXPECT_EQ(lost_frames, 9U);
  EXPECT_EQ(read.told("swing:").size(), 0U);
}

TEST_F(EdfTest, BeatsEventsRatingsAndProvenanceAreAnnotations) {
  const EdfRead read(edf(recorded().facts("full")));
  ASSERT_TRUE(read.opened());
  const auto beats = read.told("RR belt");
  ASSERT_EQ(beats.size(), recorded().rr.size());
  for (std::size_t i = 0; i < beats.size(); ++i)
    EXPECT_NEAR(beats[i].duration_s, recorded().rr[i] / 1024.0, 1e-6);
  ASSERT_EQ(read.told("stop").size(), 1U);
  EXPECT_NEAR(read.told("stop")[0].onset_s, recorded().stop_s, 0.002);
  EXPECT_EQ(read.told("rating of participant by staff, before: alarm").size(), 1U);
  EXPECT_EQ(read.told("phase phase=\"arrive\"").size(), 1U);
  EXPECT_EQ(read.told("activity id=").size(), 1U);
  EXPECT_THAT(read.told("activity id=")[0].text, testing::HasSubstr("🫁 – æøå"));
  for (const char* text : {"Ikke medisinsk utstyr.", "Software 0.1.0", "Formulas hrv-2", "Settings abc123",
                           "Valid heart time 8"})
    EXPECT_EQ(read.told(text).size(), 1U) << text;
}

TEST_F(EdfTest, CommandsAreHeldFromWhenTheyWereGiven) {
  EdfRead read(edf(recorded().facts("full")));
  ASSERT_TRUE(read.opened());
  const auto values = read.values("Light lamp");
  for (const Put& put : recorded().light)
    EXPECT_NEAR(values.at(static_cast<std::size_t>(std::ceil(put.t_s * 4))), put.value, 1e-4);
  EXPECT_EQ(read.values("Tempo player").at(400), 80);
}

TEST_F(EdfTest, SessionsWithLittleInThemCanBeReadToo) {
  for (const char* id : {"empty", "open", "unrecorded", "withdrawn", "other"}) {
    EdfRead read(edf(recorded().facts(id)));
    ASSERT_TRUE(read.opened()) << id << ": " << read.header.filetype;
    EXPECT_GE(read.values("HR").size(), 4U) << id;
  }
  EdfRead withdrawn(edf(recorded().facts("withdrawn")));
  // 5 s: recording went off at 4
  EXPECT_TRUE(withdrawn.is_none("HR belt", withdrawn.values("HR belt").at(20)));
  EXPECT_EQ(withdrawn.told("withdrawn").size(), 1U);
}

TEST_F(EdfTest, AScaleHoldsWhatItIsMadeForAndKeepsItsMinimumFree) {
  for (const auto& [least, most] :
       {std::pair{0.0, 1.0}, {0.0, 254.0}, {-39.2, 39.2}, {0.0, 6500.0}, {-1e9, 1e9}}) {
    const EdfScale scale = edf_scale(least, most);
    for (const double value : {least, most, 0.0, (least + most) / 3}) {
      EXPECT_GT(scale.digital(value), EdfScale::no_data);
      if (std::abs(value) > 1e6) continue;
      EXPECT_NEAR(scale.physical(scale.digital(value)), value, scale.step / 2 + 1e-12);
    }
  }
  EXPECT_EQ(edf_scale(0, 1).step, 0.0001);
}

TEST_F(EdfTest, ManyAnnotationsInOneSecondAreAllKept) {
  EdfFile file;
  file.equipment = "test";
  file.signals.push_back({"HR", "", "bpm", edf_scale(0, 200), 1, {1}});
  for (int i = 0; i < 500; ++i)
    file.annotations.push_back({0.5, std::string(static_cast<std::size_t>(i), 'x')});
  const EdfRead read(to_bytes(file));
  ASSERT_TRUE(read.opened());
  EXPECT_EQ(read.annotations.size(), 500U);
  EXPECT_EQ(read.annotations.back().text.size(), 480U);
}

}  // namespace
}  // namespace rytme::report
