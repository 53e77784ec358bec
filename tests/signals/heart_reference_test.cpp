// SPDX-License-Identifier: Apache-2.0
// Against the results of the reference tools and the annotators (data/expected.json).
#include <cmath>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <iterator>

#include <boost/json.hpp>
#include <gtest/gtest.h>

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

// expected.json has six decimals, which for the pNN50 of a calm record is more than 0.1 %.
void expect_near(const json::value& expected, const std::optional<double>& ours, const char* what) {
  if (expected.is_null()) {
    return;
  }
  ASSERT_TRUE(ours.has_value()) << what;
  const double value = expected.to_number<double>();
  EXPECT_NEAR(*ours, value, std::max(1e-3 * std::abs(value), 1e-6)) << what;
}

void expect_textbook(const json::value& expected, const HeartStatistics& ours) {
  EXPECT_EQ(ours.n, expected.at("n").to_number<std::size_t>());
  expect_near(expected.at("hr_bpm"), ours.hr_bpm, "hr_bpm");
  expect_near(expected.at("rmssd_ms"), ours.rmssd_ms, "rmssd_ms");
  expect_near(expected.at("ln_rmssd"), ours.ln_rmssd, "ln_rmssd");
  expect_near(expected.at("sdnn_ms_ddof1"), ours.sdnn_ms, "sdnn_ms");
  expect_near(expected.at("pnn50_pct_of_diffs"), ours.pnn50_pct, "pnn50_pct");
}

// Returns how many windows were compared. expected.json holds the first windows of long records only.
std::size_t expect_windows(const json::array& expected, const std::vector<HeartWindow>& ours) {
  EXPECT_GE(ours.size(), expected.size());
  for (std::size_t w = 0; w < std::min(expected.size(), ours.size()); ++w) {
    SCOPED_TRACE("window " + std::to_string(w));
    EXPECT_EQ(ours[w].from_s, expected[w].at("t0").to_number<double>());
    EXPECT_EQ(ours[w].raw.n,
              expected[w].at("i1").to_number<std::size_t>() - expected[w].at("i0").to_number<std::size_t>());
    const auto& raw = expected[w].at("raw").as_object();
    expect_textbook(raw.contains("textbook") ? raw.at("textbook") : expected[w].at("raw"), ours[w].raw);
  }
  return expected.size();
}

TEST_F(HeartReference, RawIsTheTextbookOnEveryRecordAndWindow) {
  std::size_t windows = 0;
  for (const auto& [name, recording] : recordings_) {
    SCOPED_TRACE(std::string(name));
    const auto analysis = analysed(recording);
    EXPECT_EQ(analysis.n, recording.at("n_rr").to_number<std::size_t>());
    expect_textbook(recording.at("full").at("raw").at("textbook"), analysis.record.raw);
    if (const auto* expected = recording.as_object().if_contains("win300")) {
      windows += expect_windows(expected->as_array(), analysis.windows_300s);
    }
    if (const auto* expected = recording.as_object().if_contains("win60")) {
      windows += expect_windows(expected->as_array(), analysis.windows_60s);
    }
  }
  EXPECT_GE(recordings_.size(), 70U);
  EXPECT_GE(windows, 200U);
}

struct Row {
  std::string name;
  double ectopy{}, truth_ms{};
  HeartWindow record;
  std::size_t valid_60s{}, all_60s{};
};

std::vector<Row> annotated(const json::object& recordings) {
  std::vector<Row> rows;
  for (const auto& [name, recording] : recordings) {
    const auto* truth = recording.as_object().if_contains("annotation_truth");
    if (truth == nullptr) {
      continue;
    }
    const auto analysis = analyse_heart(test::recorded_beats(recording.at("file").as_string()));
    Row row{.name = std::string(name), .record = analysis.record};
    row.ectopy = recording.at("lt_vs_annotation").at("n_nonnormal_beats").to_number<double>() /
                 static_cast<double>(analysis.n);
    row.truth_ms = truth->at("rmssd_ms_nn_pairs_only").to_number<double>();
    row.all_60s = analysis.windows_60s.size();
    for (const auto& window : analysis.windows_60s) {
      row.valid_60s += window.valid ? 1U : 0U;
    }
    rows.push_back(row);
  }
  return rows;
}

void print(const std::vector<Row>& rows) {
  std::cout << "record            ectopy  accepted  pairs   RMSSD  truth  valid minutes\n" << std::fixed;
  for (const auto& row : rows) {
    std::cout << std::left << std::setw(16) << row.name << std::right << std::setprecision(1) << std::setw(7)
              << 100 * row.ectopy << "%" << std::setw(8) << 100 * row.record.accepted_share << "%"
              << std::setw(7) << 100 * row.record.pairs_share << "%" << std::setw(7);
    if (row.record.clean.rmssd_ms) {
      std::cout << *row.record.clean.rmssd_ms;
    } else {
      std::cout << "refused";
    }
    std::cout << std::setw(7) << row.truth_ms << std::setw(6) << row.valid_60s << " of " << row.all_60s
              << "\n";
  }
}

TEST_F(HeartReference, CleanMeetsTheAnnotatorsOrRefuses) {
  const auto rows = annotated(recordings_);
  print(rows);
  std::size_t compared = 0;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.name);
    if (row.name == "ltdb_14149") {
      EXPECT_FALSE(row.record.valid) << "irregular rhythm must be refused";
      EXPECT_LT(row.valid_60s, row.all_60s / 10);
    } else if (row.ectopy < 0.10) {
      ASSERT_TRUE(row.record.valid) << row.record.reason;
      EXPECT_NEAR(*row.record.clean.rmssd_ms, row.truth_ms, std::max(1.5, 0.05 * row.truth_ms));
      ++compared;
    }
    EXPECT_EQ(row.record.valid, row.record.accepted_share >= 0.8 && row.record.pairs_share >= 0.8);
  }
  EXPECT_EQ(compared, 3U);
}

}  // namespace
}  // namespace rytme::signals
