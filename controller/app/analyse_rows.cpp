// SPDX-License-Identifier: Apache-2.0
#include "controller/app/analyse_rows.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <new>
#include <ostream>
#include <string_view>

#include <fmt/format.h>

namespace rytme::app {

std::optional<RowFilter> parse_filter(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  return RowFilter{text.substr(0, equals), text.substr(equals + 1)};
}

void RowWatch::Count::add(std::size_t line) {
  if (count++ == 0) first_line = line;
}

void RowWatch::without_value(std::size_t line) { without_value_.add(line); }

void RowWatch::time(double t_s, std::size_t line) {
  constexpr double clock_limit_s = 1e9;  // 31 years, as the signals have it
  ++times_;
  if (!first_s_) first_s_ = t_s;
  if (!(std::abs(t_s - *first_s_) < clock_limit_s)) return far_.add(line);
  if (latest_s_ && t_s < *latest_s_) back_.add(line);
  latest_s_ = std::max(t_s, latest_s_.value_or(t_s));
}

void RowWatch::tell(const std::filesystem::path& file, std::ostream& err) const {
  const auto say = [&](const Count& some, std::size_t all, std::string_view what) {
    if (some.count > 0)
      err << fmt::format("{}: {} of {} {}, the first in line {}\n", file.string(), some.count, all, what,
                         some.first_line);
  };
  say(without_value_, rows_, "rows hold no possible value");
  say(back_, times_, "times t_s lie before an earlier row's");
  say(far_, times_, "times t_s are no time of this recording");
}

int guarded_analysis(std::ostream& err, const std::function<void()>& analysis) {
  try {
    analysis();
    return 0;
  } catch (const std::bad_alloc&) {
    err << "rytme: not enough memory for this recording\n";
  } catch (const std::exception& problem) {
    err << problem.what() << '\n';
  }
  return 2;
}

}  // namespace rytme::app
