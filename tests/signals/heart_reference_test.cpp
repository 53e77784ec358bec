// SPDX-License-Identifier: Apache-2.0
// Against the results of the reference tools and the annotators (data/expected.json).
#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <map>
#include <span>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "controller/signals/heart_window.hpp"
#include "tests/signals/recordings.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::signals {
namespace {

namespace json = boost::json;

class HeartReference : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::shared_available()) {
      GTEST_SKIP() << "no reference data";
    }
    std::ifstream in(test::shared("data/expected.json"));
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    recordings_ = json::parse(text).at("recordings").as_object();
  }

  static HeartAnalysis analysed(const json::value& recording) {
    const auto& condition = recording.at("condition");
    return analyse_heart(test::recorded_beats(recording.at("file").as_string(),
                                              condition.is_null() ? "" : condition.as_string()));
  }

  json::object recordings_;
};

// How far ours lies from the textbook figures of the reference, per statistic.
struct Deviation {
  std::size_t figures{};
  double worst{};  // share of the figure
};
using Deviations = std::map<std::string, Deviation>;

// expected.json has six decimals, which for the pNN50 of a calm record is more than 0.1 %.
void compare(const json::value& expected, const std::optional<double>& ours, const char* what,
             Deviations& all) {
  if (expected.is_null()) {
    return;
  }
  ASSERT_TRUE(ours.has_value()) << what;
  const double value = expected.to_number<double>();
  EXPECT_NEAR(*ours, value, std::max(1e-3 * std::abs(value), 1e-6)) << what;
  auto& deviation = all[what];
  ++deviation.figures;
  const double off = std::max(0.0, std::abs(*ours - value) - 1e-6);
  deviation.worst = std::max(deviation.worst, value == 0 ? off : off / std::abs(value));
}

void compare(const json::value& expected, const HeartStatistics& ours, Deviations& all) {
  EXPECT_EQ(ours.n, expected.at("n").to_number<std::size_t>());
  compare(expected.at("hr_bpm"), ours.hr_bpm, "HR", all);
  compare(expected.at("rmssd_ms"), ours.rmssd_ms, "RMSSD", all);
  compare(expected.at("ln_rmssd"), ours.ln_rmssd, "lnRMSSD", all);
  compare(expected.at("sdnn_ms_ddof1"), ours.sdnn_ms, "SDNN", all);
  compare(expected.at("pnn50_pct_of_diffs"), ours.pnn50_pct, "pNN50", all);
}

// Returns how many windows were compared. expected.json holds the first windows of long records only.
std::size_t compare(const json::array& expected, const std::vector<HeartWindow>& ours, Deviations& all) {
  EXPECT_GE(ours.size(), expected.size());
  for (std::size_t w = 0; w < std::min(expected.size(), ours.size()); ++w) {
    SCOPED_TRACE("window " + std::to_string(w));
    EXPECT_EQ(ours[w].from_s, expected[w].at("t0").to_number<double>());
    EXPECT_EQ(ours[w].raw.n,
              expected[w].at("i1").to_number<std::size_t>() - expected[w].at("i0").to_number<std::size_t>());
    const auto& raw = expected[w].at("raw").as_object();
    compare(raw.contains("textbook") ? raw.at("textbook") : expected[w].at("raw"), ours[w].raw, all);
  }
  return expected.size();
}

TEST_F(HeartReference, RawIsTheTextbookOnEveryRecordAndWindow) {
  std::size_t windows = 0;
  Deviations deviations;
  for (const auto& [name, recording] : recordings_) {
    SCOPED_TRACE(std::string(name));
    const auto analysis = analysed(recording);
    EXPECT_EQ(analysis.n, recording.at("n_rr").to_number<std::size_t>());
    compare(recording.at("full").at("raw").at("textbook"), analysis.record.raw, deviations);
    if (const auto* expected = recording.as_object().if_contains("win300")) {
      windows += compare(expected->as_array(), analysis.windows_300s, deviations);
    }
    if (const auto* expected = recording.as_object().if_contains("win60")) {
      windows += compare(expected->as_array(), analysis.windows_60s, deviations);
    }
  }
  std::cout << recordings_.size() << " records and " << windows << " windows against the textbook:\n";
  for (const auto& [what, deviation] : deviations) {
    std::cout << std::setw(9) << what << ": " << deviation.figures << " figures, worst "
              << std::setprecision(2) << 100 * deviation.worst << " %\n";
  }
  EXPECT_GE(recordings_.size(), 70U);
  EXPECT_GE(windows, 200U);
}

// Intervals between two beats that the annotators call normal.
std::vector<bool> normal_intervals(std::string_view file) {
  const auto beats = test::recorded_column(file, "ann");
  std::vector<bool> normal;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    normal.push_back(beats[i] == "N" && (i == 0 || beats[i - 1] == "N"));
  }
  return normal;
}

bool near_truth(double ours_ms, double truth_ms) {
  return std::abs(ours_ms - truth_ms) <= std::max(1.5, 0.05 * truth_ms);
}

// RMSSD of the pairs that are normal by annotation, per minute of beat time; 0 with fewer than 30 of them.
std::vector<double> annotated_minutes(std::span<const Beat> beats, const std::vector<bool>& normal) {
  std::vector<double> minutes;
  double elapsed_ms = 0;
  BeatStatistics minute;
  bool first = true;
  for (std::size_t i = 0; i < beats.size(); ++i) {
    elapsed_ms += beats[i].rr_ms;
    while (elapsed_ms > 60'000 * static_cast<double>(minutes.size() + 1)) {
      minutes.push_back(minute.differences() < fewest_pairs ? 0 : *minute.result().rmssd_ms);
      minute = {};
      first = true;
    }
    if (!first && normal[i] && normal[i - 1]) {
      minute.add_difference(beats[i].rr_ms - beats[i - 1].rr_ms);
    }
    first = false;
  }
  return minutes;
}

struct Row {
  std::string name;
  double ectopy{}, truth_ms{}, neurokit_ms{};
  HeartWindow record;
  std::size_t valid_60s{}, all_60s{};
  std::size_t judged_60s{}, near_60s{};  // of the valid ones with a truth
};

Row row_of(std::string_view name, const json::value& recording) {
  const std::string file(recording.at("file").as_string());
  const auto beats = test::recorded_beats(file);
  const auto analysis = analyse_heart(beats);
  Row row{.name = std::string(name), .record = analysis.record};
  row.ectopy = recording.at("lt_vs_annotation").at("n_nonnormal_beats").to_number<double>() /
               static_cast<double>(analysis.n);
  row.truth_ms = recording.at("annotation_truth").at("rmssd_ms_nn_pairs_only").to_number<double>();
  row.neurokit_ms =
      recording.at("full").at("nk_kubios_iterative").at("textbook").at("rmssd_ms").to_number<double>();
  row.all_60s = analysis.windows_60s.size();
  const auto truth = annotated_minutes(beats, normal_intervals(file));
  for (std::size_t w = 0; w < row.all_60s; ++w) {
    const auto& window = analysis.windows_60s[w];
    row.valid_60s += window.valid ? 1U : 0U;
    if (window.valid && truth.at(w) > 0) {
      ++row.judged_60s;
      row.near_60s += near_truth(*window.clean.rmssd_ms, truth.at(w)) ? 1U : 0U;
    }
  }
  return row;
}

std::vector<Row> annotated(const json::object& recordings) {
  std::vector<Row> rows;
  for (const auto& [name, recording] : recordings) {
    if (recording.as_object().contains("annotation_truth")) {
      rows.push_back(row_of(name, recording));
    }
  }
  return rows;
}

void print(const std::vector<Row>& rows) {
  std::cout
      << "RMSSD in ms       ectopy  accepted  pairs    ours  truth NeuroKit  valid minutes, of these near "
         "their truth\n"
      << std::fixed;
  for (const auto& row : rows) {
    std::cout << std::left << std::setw(16) << row.name << std::right << std::setprecision(1) << std::setw(7)
              << 100 * row.ectopy << "%" << std::setw(8) << 100 * row.record.accepted_share << "%"
              << std::setw(7) << 100 * row.record.pairs_share << "%" << std::setw(8);
    if (row.record.clean.rmssd_ms) {
      std::cout << *row.record.clean.rmssd_ms;
    } else {
      std::cout << "refused";
    }
    std::cout << std::setw(7) << row.truth_ms << std::setw(9) << row.neurokit_ms << std::setw(6)
              << row.valid_60s << " of " << std::setw(3) << row.all_60s << std::setw(6) << row.near_60s
              << " of " << row.judged_60s << "\n";
  }
}

TEST_F(HeartReference, CleanMeetsTheAnnotatorsOrRefuses) {
  const auto rows = annotated(recordings_);
  print(rows);
  std::size_t compared = 0, minutes = 0, near = 0;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    if (row.record.valid) {
      EXPECT_TRUE(near_truth(*row.record.clean.rmssd_ms, row.truth_ms)) << *row.record.clean.rmssd_ms;
      ++compared;
    }
    // A regular rhythm with few ectopic beats is answered; one whose normal beats jump like this is none.
    const bool irregular = row.truth_ms > 100;
    EXPECT_EQ(row.record.valid, row.ectopy < 0.10 && !irregular);
    if (irregular) {
      EXPECT_LT(row.valid_60s, row.all_60s / 10);
    }
    EXPECT_EQ(row.record.valid, row.record.accepted_share >= 0.8 && row.record.pairs_share >= 0.8);
    minutes += row.judged_60s;
    near += row.near_60s;
  }
  EXPECT_GE(compared, 3U);
  EXPECT_LT(compared, rows.size()) << "something is refused";
  std::cout << "minutes near their truth: " << near << " of " << minutes << "\n";
  EXPECT_GE(near * 10, minutes * 9);
}

}  // namespace
}  // namespace rytme::signals
