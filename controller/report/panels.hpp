// SPDX-License-Identifier: Apache-2.0
// The small multiples of the page: what each shows (pure), and how it is drawn on the shared time axis.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "controller/report/drawing.hpp"
#include "controller/report/timeline.hpp"

namespace rytme::report {

struct Band {  // of the session's own beginning
  double low{}, median{}, high{};
};

struct Curve {
  std::string name;
  std::vector<Held> held;
  bool dots{};  // each value a point of its own; else a line as long as it holds
};

// Least and most of a fast signal per column of the page; NaN where there is none.
struct Envelope {
  std::vector<float> low, high;
};

struct Panel {
  std::string title;
  std::string statistic{};
  double low{}, high{1};  // of the y axis
  double weight{1};       // of the height
  std::vector<Curve> curves{};
  std::optional<Envelope> envelope{};
  std::optional<Band> band{};
  std::vector<Span> missing{};   // nothing known
  std::vector<Span> muted{};     // of a sound that was commanded silent
  std::vector<Span> doubtful{};  // known, to be used with care
};

inline constexpr std::size_t envelope_columns = 500;

// In the order of the page: pulse, movement, sound, measured sound, light, tempo, index.
std::vector<Panel> panels_of(const journal::SessionFacts& facts, const SessionClock& clock);

// Maps seconds of the session to the page.
struct TimeAxis {
  double length_s{1};
  double left{}, width{};
  double x(double t_s) const;  // clamped to the axis
};

// The panel in its box: title and statistic above, y axis at the left.
void draw(Page& page, const Panel& panel, const TimeAxis& time, const Box& box);
// The ticks and words of the time axis below `y`.
void draw_time(Page& page, const TimeAxis& time, double y);

}  // namespace rytme::report
