// SPDX-License-Identifier: Apache-2.0
// `rytme analyse arousal`: a recording of pulse and movement in files, the index as JSON lines (contracts
// §6).
#pragma once

#include <filesystem>
#include <iosfwd>
#include <string_view>
#include <vector>

#include "controller/app/analyse_rows.hpp"
#include "controller/signals/analyse_arousal.hpp"

namespace rytme::app {

// The files may be gzip. At least one of hr and rr; acc may be "".
struct ArousalRequest {
  std::filesystem::path hr;   // t_s,hr_bpm
  std::filesystem::path rr;   // rr_ms, and t_s where known
  std::filesystem::path acc;  // ax,ay,az (or ax_g.., ax_mg..) and t_s, or # t0_s= fs_hz=; # unit=
  double baseline_from_s{}, baseline_to_s{};
  signals::SensorPlace place{signals::SensorPlace::chest};
  bool norwegian{true};
  RowFilter where{};  // of the files that have the column; one must
};

// "FROM,TO" in seconds; false: not two numbers, or FROM is not before TO.
bool parse_span(std::string_view text, double& from_s, double& to_s);

// The columns of the files, with the acceleration in g. Throws std::runtime_error with one line for the user.
struct ArousalColumns {
  std::vector<signals::TimedRate> rates;
  std::vector<signals::Beat> beats;
  std::vector<signals::Acceleration> acceleration;
};
// Rows that say less than they should are told to `err`, one line for a file.
ArousalColumns read_arousal_columns(const ArousalRequest& request, std::ostream& err);

// Writes one JSON object per second to `out` and returns 0, with lines to `err` about rows without a number,
// times that go back, and a calm pulse that could not be taken; or one line to `err` and returns 2.
int analyse_arousal_files(const ArousalRequest& request, std::ostream& out, std::ostream& err);

}  // namespace rytme::app
