// SPDX-License-Identifier: Apache-2.0
#include "tests/journal/recordings.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <stdexcept>

#include <zlib.h>

#include "tests/support/shared_data.hpp"

namespace rytme::journal {
namespace {

namespace fs = std::filesystem;

struct Table {
  std::vector<std::string> names;
  std::vector<std::vector<double>> rows;
  std::size_t column(const std::string& name) const {
    const auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) throw std::runtime_error("no column " + name);
    return static_cast<std::size_t>(found - names.begin());
  }
};

std::string unpacked(const fs::path& file) {
  const gzFile source = ::gzopen(file.c_str(), "rb");
  if (source == nullptr) throw std::runtime_error("cannot read " + file.string());
  std::string text;
  std::vector<char> buffer(1U << 16U);
  for (int got = 0; (got = ::gzread(source, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  ::gzclose(source);
  return text;
}

Table table_of(const fs::path& file) {
  Table table;
  std::istringstream lines(unpacked(file));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream cells(line);
    std::vector<double> row;
    for (std::string cell; std::getline(cells, cell, ',');)
      table.names.empty() || table.names.size() > row.size()
          ? row.push_back(std::strtod(cell.c_str(), nullptr))
          : void();
    if (!table.names.empty()) {
      table.rows.push_back(std::move(row));
      continue;
    }
    std::istringstream names(line);
    for (std::string name; std::getline(names, name, ',');) table.names.push_back(name);
  }
  return table;
}

std::vector<fs::path> files(const std::string& folder, const std::string& part) {
  std::vector<fs::path> found;
  for (const auto& file : fs::recursive_directory_iterator(test::shared("data/" + folder)))
    if (file.path().filename().string().find(part) != std::string::npos) found.push_back(file.path());
  std::sort(found.begin(), found.end());
  return found;
}

// A strap that stamps each notification at its last beat: its clock follows the RR and jumps where beats are
// missing.
HeartRecording heart_recording(const fs::path& file) {
  const Table table = table_of(file);
  const std::size_t rr = table.column("rr_ms"), time = table.column("t_s");
  HeartRecording recording{file.parent_path().filename().string() + "/" + file.stem().string(), {}};
  constexpr double gap_s = 0.02;
  double t_s = 0;
  for (const auto& row : table.rows) {
    const double rr_ms = row.at(rr);
    if (!(rr_ms > 0) || rr_ms > 60000) continue;
    HeartSample frame;
    frame.stamp = {"9f2c", recording.frames.size(), 0};
    frame.rr_count = 1;
    frame.rr_1024[0] = static_cast<std::uint16_t>(std::lround(rr_ms * 1.024));
    t_s += frame.rr_1024[0] / 1024.0;
    if (std::abs(row.at(time) - t_s) > gap_s) t_s = row.at(time);
    frame.stamp.t_us = std::llround(t_s * 1e6);
    frame.bpm = static_cast<double>((61440 + frame.rr_1024[0] / 2) / frame.rr_1024[0]);
    frame.contact = Contact::yes;
    recording.frames.push_back(frame);
  }
  return recording;
}

MotionRecording motion_recording(const fs::path& file, double scale, double rate_hz,
                                 const std::vector<std::string>& axes) {
  const Table table = table_of(file);
  MotionRecording recording{
      file.parent_path().filename().string() + "/" + file.stem().stem().string(), {}, 0};
  const bool timed = std::find(table.names.begin(), table.names.end(), "t_s") != table.names.end();
  const std::array<std::vector<float> MotionFrame::*, 6> members{&MotionFrame::ax, &MotionFrame::ay,
                                                                 &MotionFrame::az, &MotionFrame::gx,
                                                                 &MotionFrame::gy, &MotionFrame::gz};
  std::int64_t before_us = 0;
  for (std::size_t i = 0; i < table.rows.size(); ++i) {
    const std::int64_t t_us = timed ? std::llround(table.rows[i][table.column("t_s")] * 1e6)
                                    : std::llround(static_cast<double>(i) / rate_hz * 1e6);
    if (i % 20 == 0) {
      recording.frames.emplace_back();
      recording.frames.back().stamp = {"9f2c", recording.frames.size(), t_us};
    } else {
      recording.frames.back().step_us.push_back(static_cast<std::int32_t>(t_us - before_us));
    }
    before_us = t_us;
    for (std::size_t axis = 0; axis < axes.size(); ++axis)
      (recording.frames.back().*members[axis])
          .push_back(static_cast<float>(table.rows[i][table.column(axes[axis])] * scale));
    recording.values += axes.size();
  }
  return recording;
}

}  // namespace

std::vector<HeartRecording> heart_recordings() {
  std::vector<HeartRecording> all;
  if (!test::shared_available()) return all;
  for (const auto& [folder, part] :
       std::vector<std::pair<std::string, std::string>>{{"stress_predict", "ibi.csv"},
                                                        {"rr", ".csv"},
                                                        {"gudb", ".csv"},
                                                        {"resp", "rr.csv"},
                                                        {"garmin", "rr.csv"}})
    for (const auto& file : files(folder, part)) all.push_back(heart_recording(file));
  return all;
}

std::vector<MotionRecording> motion_recordings() {
  std::vector<MotionRecording> all;
  if (!test::shared_available()) return all;
  for (const auto& file : files("stress_predict", "acc_32hz")) {
    all.push_back(motion_recording(file, 9.80665 / 64, 32, {"ax", "ay", "az"}));
    all.back().name = file.parent_path().filename().string() + "/acc_32hz";
  }
  for (const auto& file : files("garmin", "acc"))
    all.push_back(motion_recording(file, 9.80665 / 1000, 25, {"ax_mg", "ay_mg", "az_mg"}));
  for (const auto& file : files("synthetic_swing", "_imu"))
    all.push_back(motion_recording(file, 1, 100, {"ax", "ay", "az", "gx", "gy", "gz"}));
  return all;
}

}  // namespace rytme::journal
