// SPDX-License-Identifier: Apache-2.0
#include "tests/support/flash_analyser.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace rytme::test {
namespace {

constexpr double window_s = 1.0;
constexpr double flash_change = 0.10;
constexpr double flash_darker_below = 0.80;
constexpr double rounding = 1e-9;
constexpr double no_time_s = 1e-9;  // below this a slope is only the rounding of the times
constexpr double red_share = 0.8;
constexpr double red_distance = 0.2;

double between(const LightPoint& a, const LightPoint& b, double t_s) {
  if (b.t_s <= a.t_s) return b.linear;
  return a.linear + (b.linear - a.linear) * (t_s - a.t_s) / (b.t_s - a.t_s);
}

// Counts opposing changes from one turning point to the next.
class Swings {
 public:
  void add(double value) {
    if (!started_) {
      low_ = high_ = value;
      started_ = true;
    }
    if (rising_ >= 0) high_ = std::max(high_, value);
    if (rising_ <= 0) low_ = std::min(low_, value);
    if (rising_ >= 0 && is_swing(value, high_))
      turn(-1, value);
    else if (rising_ <= 0 && is_swing(low_, value))
      turn(1, value);
  }
  int count() const { return count_; }

 private:
  static bool is_swing(double darker, double brighter) {
    return brighter - darker >= flash_change - rounding && darker < flash_darker_below;
  }
  void turn(int rising, double value) {
    ++count_;
    rising_ = rising;
    (rising > 0 ? high_ : low_) = value;
  }

  bool started_{};
  int rising_{};  // of the last swing; 0: none yet
  double low_{}, high_{};
  int count_{};
};

int flashes_from(const LightTrace& trace, std::size_t next, LightPoint first) {
  Swings swings;
  swings.add(first.linear);
  const double end_s = first.t_s + window_s;
  for (std::size_t i = next; i < trace.size(); ++i) {
    if (trace[i].t_s > end_s) {
      swings.add(between(trace[i - 1], trace[i], end_s));
      break;
    }
    swings.add(trace[i].linear);
  }
  return swings.count() / 2;
}

bool is_turning_point(const LightTrace& trace, std::size_t i) {
  if (i == 0 || i + 1 == trace.size()) return true;
  return (trace[i].linear - trace[i - 1].linear) * (trace[i + 1].linear - trace[i].linear) <= 0;
}

// Where the way to the turning point `i` had a flash's change still before it: the latest start of a window
// that still counts that way.
int flashes_into(const LightTrace& trace, std::size_t i) {
  for (std::size_t k = i; k > 0; --k) {
    const double away = std::abs(trace[k - 1].linear - trace[i].linear);
    if (trace[k].t_s < trace[i].t_s - window_s) return 0;
    if (away < flash_change) continue;
    const double here = std::abs(trace[k].linear - trace[i].linear);
    const double share = away > here ? (flash_change - here) / (away - here) : 0.0;
    const double t_s = trace[k].t_s - share * (trace[k].t_s - trace[k - 1].t_s);
    const double linear = trace[k].linear + share * (trace[k - 1].linear - trace[k].linear);
    return flashes_from(trace, k, {t_s, linear});
  }
  return 0;
}

int most_flashes(const LightTrace& trace) {
  int most = 0;
  for (std::size_t i = 0; i < trace.size(); ++i)
    if (is_turning_point(trace, i))
      most = std::max({most, flashes_from(trace, i + 1, trace[i]), flashes_into(trace, i)});
  return most;
}

// Light moved in the second that begins, or ends, at a point: the total moved is straight between points, so
// the worst second touches one.
double most_change(const LightTrace& trace) {
  LightTrace moved;
  double total = 0;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    if (i > 0) total += std::abs(trace[i].linear - trace[i - 1].linear);
    moved.push_back({trace[i].t_s, total});
  }
  double most = 0;
  std::size_t end = 0;
  std::size_t start = 0;
  for (const LightPoint& point : moved) {
    while (end + 1 < moved.size() && moved[end + 1].t_s <= point.t_s + window_s) ++end;
    const double until =
        end + 1 < moved.size() ? between(moved[end], moved[end + 1], point.t_s + window_s) : total;
    most = std::max(most, until - point.linear);
    while (start + 1 < moved.size() && moved[start + 1].t_s < point.t_s - window_s) ++start;
    const bool before_all = moved[start].t_s >= point.t_s - window_s;
    const double since =
        before_all ? moved[start].linear : between(moved[start], moved[start + 1], point.t_s - window_s);
    most = std::max(most, point.linear - since);
  }
  return most;
}

struct Chromaticity {
  double u{}, v{};
};

// CIE 1976 u'v' of linear sRGB (IEC 61966-2-1 primaries, D65).
Chromaticity chromaticity(const ColourPoint& c) {
  const double x = 0.4124 * c.r + 0.3576 * c.g + 0.1805 * c.b;
  const double y = 0.2126 * c.r + 0.7152 * c.g + 0.0722 * c.b;
  const double z = 0.0193 * c.r + 0.1192 * c.g + 0.9505 * c.b;
  const double sum = x + 15 * y + 3 * z;
  return sum > 0 ? Chromaticity{4 * x / sum, 9 * y / sum} : Chromaticity{};
}

bool is_red(const ColourPoint& c) {
  const double sum = c.r + c.g + c.b;
  return sum > 0 && c.r / sum >= red_share;
}

bool is_red_transition(const ColourPoint& a, const ColourPoint& b) {
  const Chromaticity from = chromaticity(a);
  const Chromaticity to = chromaticity(b);
  return (is_red(a) || is_red(b)) && std::hypot(to.u - from.u, to.v - from.v) > red_distance;
}

}  // namespace

LightReport analyse_light(const LightTrace& trace) {
  LightReport report;
  for (std::size_t i = 1; i < trace.size(); ++i) {
    const double change = std::abs(trace[i].linear - trace[i - 1].linear);
    const double time_s = trace[i].t_s - trace[i - 1].t_s;
    if (time_s < no_time_s)
      report.largest_step = std::max(report.largest_step, change);
    else
      report.slew_per_s = std::max(report.slew_per_s, change / time_s);
  }
  report.flashes_in_1s = most_flashes(trace);
  report.change_in_1s = most_change(trace);
  return report;
}

int red_transitions(const std::vector<ColourPoint>& trace, double within_s) {
  std::vector<double> times;
  for (std::size_t i = 1; i < trace.size(); ++i)
    if (is_red_transition(trace[i - 1], trace[i])) times.push_back(trace[i].t_s);
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < times.size(); ++last) {
    while (times[last] - times[first] > within_s) ++first;
    most = std::max(most, last - first + 1);
  }
  return static_cast<int>(most);
}

LightTrace trace_of(const std::vector<LightCommandSeen>& commands, const std::function<double(double)>& curve,
                    double first_level, double until_s) {
  constexpr double grain_s = 0.1;  // of the straight pieces a curved fade is drawn with
  LightTrace trace;
  double level = first_level;
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const LightCommandSeen& command = commands[i];
    const double end_s = i + 1 < commands.size() ? commands[i + 1].t_s : until_s;
    const double goal = command.on ? command.level : 0.0;
    const double from = level;
    trace.push_back({command.t_s, curve(from)});
    const double fade_s = std::max(0.0, command.transition_s);
    const int pieces = std::clamp(static_cast<int>(std::ceil(fade_s / grain_s)), 1, 1000);
    for (int piece = 1; piece <= pieces; ++piece) {
      const double t_s = command.t_s + fade_s * piece / pieces;
      if (t_s > end_s && fade_s > 0) break;
      level = from + (goal - from) * piece / pieces;
      trace.push_back({t_s, curve(level)});
    }
    if (command.t_s + fade_s > end_s) level = from + (goal - from) * (end_s - command.t_s) / fade_s;
    trace.push_back({end_s, curve(level)});
  }
  return trace;
}

}  // namespace rytme::test
