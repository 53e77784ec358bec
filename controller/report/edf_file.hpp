// SPDX-License-Identifier: Apache-2.0
// EDF+C files (Kemp & Olivan 2003, edfplus.info): data records of 1 s, signals of 16-bit numbers, annotations
// as time-stamped lists. Knows nothing of sessions. Pure.
//
// EDFlib is not used for writing: it truncates annotations and writes only to named files. It reads what is
// written here in the tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace rytme::report {

// physical = (digital - zero) * step; the digital minimum is no number but "no data".
struct EdfScale {
  double step{1};
  int zero{};

  static constexpr std::int16_t no_data = -32768;
  std::int16_t digital(double value) const;  // beyond the range: its end
  double physical(int digital_value) const { return (digital_value - zero) * step; }
};

// The finest scale whose bounds fit their eight characters and that holds all between the two.
EdfScale edf_scale(double least, double most);

struct EdfSignal {
  std::string label;       // ASCII, 16 characters at most
  std::string transducer;  // ASCII, 80
  std::string dimension;   // ASCII, 8
  EdfScale scale;
  int per_record{1};                  // samples per second
  std::vector<std::int16_t> samples;  // records * per_record
};

struct EdfAnnotation {
  double onset_s{};        // since the start
  std::string text;        // UTF-8; control characters become spaces, at most 480 bytes are kept
  std::string duration{};  // decimal seconds; "" = none
};

struct EdfFile {
  int year{1985}, month{1}, day{1}, hour{}, minute{}, second{}, millisecond{};
  std::string equipment;  // one ASCII word
  int records{1};         // of 1 s
  std::vector<EdfSignal> signals;
  std::vector<EdfAnnotation> annotations;  // any order
};

// Who it is about is "X X X X": code, sex, birth date and name unknown.
std::string to_bytes(const EdfFile& file);

}  // namespace rytme::report
