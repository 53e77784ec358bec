// SPDX-License-Identifier: Apache-2.0
#include "controller/report/edf_file.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>

#include <fmt/format.h>

#include "controller/journal/json_text.hpp"
#include "controller/journal/utf8.hpp"

namespace rytme::report {
namespace {

constexpr char end_of_text = '\x14', duration_follows = '\x15';
constexpr std::size_t longest_text = 480;

// Left-justified, padded with spaces, printable ASCII only.
std::string field(const std::string& text, std::size_t width) {
  std::string result = text.substr(0, width);
  for (char& letter : result)
    if (letter < ' ' || letter > '~') letter = '_';
  result.resize(width, ' ');
  return result;
}

std::string field(int number, std::size_t width) { return field(std::to_string(number), width); }

std::string start_date(const EdfFile& file) {
  static constexpr std::array<const char*, 12> months{"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                      "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
  const auto month = static_cast<std::size_t>(std::clamp(file.month, 1, 12) - 1);
  return fmt::format("{:02}-{}-{:04}", file.day, months.at(month), file.year);
}

std::string clean(const std::string& text) {
  std::string result;
  for (const char letter : journal::valid_utf8(text)) result += letter >= '\0' && letter < ' ' ? ' ' : letter;
  if (result.size() <= longest_text) return result;
  std::size_t end = longest_text;
  while (end > 0 && (static_cast<unsigned char>(result[end]) & 0xC0U) == 0x80U) --end;
  return result.substr(0, end);
}

// +SECONDS.MMM; annotations are not more exact than that.
std::string onset(std::int64_t ms) {
  return fmt::format("{}{}.{:03}", ms < 0 ? '-' : '+', std::abs(ms) / 1000, std::abs(ms) % 1000);
}

std::deque<std::string> lists_of(const EdfFile& file) {
  std::vector<EdfAnnotation> sorted = file.annotations;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const EdfAnnotation& a, const EdfAnnotation& b) { return a.onset_s < b.onset_s; });
  std::deque<std::string> lists;
  for (const EdfAnnotation& each : sorted) {
    std::string list = onset(std::llround(each.onset_s * 1000) + file.millisecond);
    if (!each.duration.empty()) list += duration_follows + each.duration;
    lists.push_back(list + end_of_text + clean(each.text) + end_of_text + '\0');
  }
  return lists;
}

std::string timekeeping(const EdfFile& file, int record) {
  return onset(std::int64_t{record} * 1000 + file.millisecond) + end_of_text + end_of_text + '\0';
}

// Lists are spread over the records in order, where there is room, so that a busy second does not make every
// record large: bytes per record, even, so that filling record after record takes all of them.
std::size_t list_bytes(const EdfFile& file, const std::deque<std::string>& lists) {
  std::size_t longest = 0, all = 0;
  for (const std::string& list : lists) {
    longest = std::max(longest, list.size());
    all += list.size();
  }
  const auto records = static_cast<std::size_t>(file.records);
  const std::size_t room = (all + records - 1) / records + longest;
  const std::size_t bytes = timekeeping(file, file.records).size() + room;
  return bytes + bytes % 2;
}

std::string take_lists(std::deque<std::string>& lists, std::string begun, std::size_t bytes) {
  while (!lists.empty() && begun.size() + lists.front().size() <= bytes) {
    begun += lists.front();
    lists.pop_front();
  }
  begun.resize(bytes, '\0');
  return begun;
}

// Signals field by field, as the header wants it; the annotations are the last signal.
template <typename OfSignal>
std::string column(const EdfFile& file, std::size_t width, const OfSignal& of_signal,
                   const std::string& of_annotations) {
  std::string text;
  for (const EdfSignal& signal : file.signals) text += field(of_signal(signal), width);
  return text + field(of_annotations, width);
}

std::string header(const EdfFile& file, std::size_t bytes) {
  const auto count = static_cast<int>(file.signals.size()) + 1;
  std::string text = field("0", 8) + field("X X X X", 80) +
                     field(fmt::format("Startdate {} X X {}", start_date(file), file.equipment), 80) +
                     fmt::format("{:02}.{:02}.{:02}{:02}.{:02}.{:02}", file.day, file.month, file.year % 100,
                                 file.hour, file.minute, file.second) +
                     field((count + 1) * 256, 8) + field("EDF+C", 44) + field(file.records, 8) +
                     field("1", 8) + field(count, 4);
  const auto bound = [](double value) { return journal::shortest(std::round(value * 1e4) / 1e4); };
  text += column(
      file, 16, [](const auto& signal) { return signal.label; }, "EDF Annotations");
  text += column(
      file, 80, [](const auto& signal) { return signal.transducer; }, "");
  text += column(
      file, 8, [](const auto& signal) { return signal.dimension; }, "");
  text += column(
      file, 8, [&](const auto& signal) { return bound(signal.scale.physical(-32768)); }, "-1");
  text += column(
      file, 8, [&](const auto& signal) { return bound(signal.scale.physical(32767)); }, "1");
  text += column(
      file, 8, [](const auto&) { return "-32768"; }, "-32768");
  text += column(
      file, 8, [](const auto&) { return "32767"; }, "32767");
  text += column(
      file, 80, [](const auto&) { return "digital minimum = no data"; }, "");
  text += column(
      file, 8, [](const auto& signal) { return std::to_string(signal.per_record); },
      std::to_string(bytes / 2));
  text += column(
      file, 32, [](const auto&) { return ""; }, "");
  return text;
}

}  // namespace

std::int16_t EdfScale::digital(double value) const {
  const double wanted = std::round(value / step) + zero;
  return static_cast<std::int16_t>(std::clamp(wanted, -32767.0, 32767.0));
}

EdfScale edf_scale(double least, double most) {
  static constexpr std::array steps{0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1,
                                    0.2,    0.5,    1.0,    2.0,   5.0,   10.0,  20.0, 50.0, 100.0};
  const int zero = least < 0 ? 0 : -32767;
  const double reach = std::max(std::abs(least), std::abs(most)) / (32767.0 - zero);
  const auto* found = std::find_if(steps.begin(), steps.end(), [&](double step) { return step >= reach; });
  return {found != steps.end() ? *found : steps.back(), zero};
}

std::string to_bytes(const EdfFile& file) {
  std::deque<std::string> lists = lists_of(file);
  const std::size_t bytes = list_bytes(file, lists);
  std::string result = header(file, bytes);
  std::size_t record_bytes = bytes;
  for (const EdfSignal& signal : file.signals)
    record_bytes += 2 * static_cast<std::size_t>(signal.per_record);
  result.reserve(result.size() + record_bytes * static_cast<std::size_t>(file.records));
  for (int record = 0; record < file.records; ++record) {
    for (const EdfSignal& signal : file.signals)
      for (int i = 0; i < signal.per_record; ++i) {
        const auto bits = static_cast<std::uint16_t>(
            signal.samples.at(static_cast<std::size_t>(record) * static_cast<std::size_t>(signal.per_record) +
                              static_cast<std::size_t>(i)));
        result += static_cast<char>(bits & 0xFFU);
        result += static_cast<char>(bits >> 8U);
      }
    result += take_lists(lists, timekeeping(file, record), bytes);
  }
  return result;
}

}  // namespace rytme::report
