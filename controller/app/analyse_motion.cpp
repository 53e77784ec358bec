// SPDX-License-Identifier: Apache-2.0
#include "controller/app/analyse_motion.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "controller/signals/analyse_motion.hpp"

namespace rytme::app {

namespace {

constexpr std::array<std::string_view, 7> names{"t_s", "ax", "ay", "az", "gx", "gy", "gz"};
constexpr std::size_t needed = 4;  // of the names; the gyroscope may be missing as a whole

// The row has an error; what() is the one line for the user.
struct NotMotion : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Field number `wanted` of a comma-separated line, without blanks; nullopt when the line is shorter.
std::optional<std::string_view> field(std::string_view line, std::size_t wanted) {
  for (; wanted > 0; --wanted) {
    const auto comma = line.find(',');
    if (comma == std::string_view::npos) {
      return std::nullopt;
    }
    line.remove_prefix(comma + 1);
  }
  line = line.substr(0, line.find(','));
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.front())) != 0) line.remove_prefix(1);
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())) != 0) line.remove_suffix(1);
  return line;
}

class MotionColumns {
 public:
  explicit MotionColumns(std::string_view header) {
    std::size_t column = 0;
    for (auto name = field(header, column); name; name = field(header, ++column)) {
      for (std::size_t i = 0; i < names.size(); ++i) {
        if (*name == names.at(i) && !columns_.at(i)) columns_.at(i) = column;
      }
    }
    for (std::size_t i = 0; i < needed; ++i) {
      if (!columns_.at(i)) throw NotMotion(fmt::format("has no column {}", names.at(i)));
    }
    gyro_ = columns_[4] && columns_[5] && columns_[6];
  }

  signals::MotionSample sample(std::string_view line) const {
    // 31 years: beyond it the number is no time of this recording, and the sample is refused as such.
    const double t_s = *number(line, 0);
    const bool possible = std::abs(t_s) < 1e9;
    signals::MotionSample sample{.t_us = possible ? std::llround(t_s * 1e6) : -1,
                                 .acceleration = {*number(line, 1), *number(line, 2), *number(line, 3)},
                                 .rate = {}};
    if (gyro_) {
      const auto x = number(line, 4);
      const auto y = number(line, 5);
      const auto z = number(line, 6);
      if (x && y && z) sample.rate = {*x, *y, *z};
    }
    return sample;
  }

 private:
  // nullopt: an empty field of the gyroscope.
  std::optional<double> number(std::string_view line, std::size_t i) const {
    const auto text = field(line, *columns_.at(i));
    if (!text) throw NotMotion(fmt::format("{} is missing", names.at(i)));
    if (text->empty() && i >= needed) return std::nullopt;
    double value{};
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size()) {
      throw NotMotion(fmt::format("{} is not a number: \"{}\"", names.at(i), *text));
    }
    return value;
  }

  std::array<std::optional<std::size_t>, names.size()> columns_;
  bool gyro_{};
};

std::string shown(const std::optional<double>& value, int decimals) {
  return value ? fmt::format("{:.{}f}", *value, decimals) : "null";
}

std::string_view name_of(Quality quality) {
  switch (quality) {
    case Quality::good:
      return "good";
    case Quality::doubtful:
      return "doubtful";
    case Quality::unknown:
      return "unknown";
  }
  return "";
}

void write_row(std::ostream& out, std::int64_t t_us, const signals::MotionNow& now) {
  const auto& swing = now.swing;
  const std::string_view occupied = !now.occupied ? "null" : *now.occupied ? "true" : "false";
  fmt::print(
      out,
      "{{\"t_s\":{:.1f},\"f_hz\":{},\"amplitude_deg\":{},\"phase_rad\":{},\"regularity\":{},\"pumping\":{},"
      "\"occupied\":{},\"quality\":\"{}\",\"twist_dps\":{},\"body_mad_mps2\":{}}}\n",
      static_cast<double>(t_us) * 1e-6, shown(swing.frequency_hz, 6), shown(swing.amplitude_deg, 4),
      shown(swing.phase_rad, 5), shown(swing.regularity, 4), shown(swing.pumping, 5), occupied,
      name_of(swing.quality), shown(swing.twist_dps, 3), shown(now.body_mad_mps2, 4));
}

void analyse(std::istream& in, std::ostream& out, std::size_t& line_number,
             signals::MotionAnalysis& analysis) {
  std::optional<MotionColumns> columns;
  const auto row = [&out](std::int64_t t_us, const signals::MotionNow& now) { write_row(out, t_us, now); };
  for (std::string line; std::getline(in, line);) {
    ++line_number;
    if (line.empty() || line.front() == '#' || line == "\r") continue;
    if (columns) {
      analysis.add(columns->sample(line), row);
    } else {
      columns.emplace(line);
    }
  }
  if (in.bad()) throw NotMotion("cannot be read");
  if (!columns) throw NotMotion("is empty: no header line");
  if (analysis.counters().samples == 0) throw NotMotion("has no rows");
}

}  // namespace

int analyse_motion_file(const std::filesystem::path& file, std::ostream& out, std::ostream& err) {
  std::ifstream in(file);
  if (!in || std::filesystem::is_directory(file)) {
    err << file.string() << ": cannot be read\n";
    return 2;
  }
  std::size_t line_number = 0;
  signals::MotionAnalysis analysis;
  try {
    analyse(in, out, line_number, analysis);
  } catch (const NotMotion& problem) {
    err << file.string() << ": line " << line_number << ": " << problem.what() << '\n';
    return 2;
  }
  const auto& counted = analysis.counters();
  if (const auto refused = counted.implausible + counted.disordered + counted.frozen; refused > 0) {
    err << file.string() << ": " << refused << " of " << counted.samples
        << " samples refused: " << counted.implausible << " implausible, " << counted.disordered
        << " out of order, " << counted.frozen << " frozen\n";
  }
  return 0;
}

}  // namespace rytme::app
