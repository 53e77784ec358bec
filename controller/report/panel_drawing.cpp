// SPDX-License-Identifier: Apache-2.0
// How a panel is drawn. Nothing is told by colour alone: gaps are hatched, devices differ by dash.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "controller/report/happenings.hpp"
#include "controller/report/panels.hpp"

namespace rytme::report {
namespace {

constexpr Colour ink{0.1, 0.1, 0.15}, faint{0.45, 0.45, 0.5}, grid{0.85, 0.85, 0.88},
    hatched{0.55, 0.55, 0.6}, own{0.35, 0.6, 0.45, 0.22}, blue{0.1, 0.3, 0.6}, amber{0.7, 0.45, 0.1};
constexpr double title_height = 11;

std::string tick(double value) {
  std::string text = fmt::format("{:g}", value);
  std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

class Plot {
 public:
  Plot(Page& page, const Panel& panel, const TimeAxis& time, const Box& box)
      : page_(page),
        panel_(panel),
        time_(time),
        box_{time.left, box.y + title_height, time.width, box.height - title_height - 3} {}

  void draw(double top) {
    page_.fill({time_.left, top, time_.width, title_height - 1}, {1, 1, 1});  // over the marks
    page_.text(time_.left, top, panel_.title, {.size = 6.8, .bold = true});
    page_.text(time_.left + time_.width, top + 0.6, panel_.statistic,
               {.size = 5.8, .colour = faint, .align = Writing::Align::right});
    draw_frame();
    page_.clip(box_);
    draw_band();
    for (const Span& span : panel_.muted) page_.fill(spanned(span), {0.9, 0.9, 0.92});
    for (const Span& span : panel_.missing) page_.hatch(spanned(span), hatched);
    for (const Span& span : panel_.doubtful) page_.hatch(spanned(span), {0.8, 0.55, 0.2});
    if (panel_.envelope) draw_envelope(*panel_.envelope);
    for (std::size_t i = 0; i < panel_.curves.size(); ++i) draw_curve(panel_.curves[i], i);
    page_.unclip();
    draw_names();
  }

 private:
  double y(double value) const {
    const double share = (value - panel_.low) / std::max(panel_.high - panel_.low, 1e-9);
    return box_.bottom() - std::clamp(share, 0.0, 1.0) * box_.height;
  }
  Box spanned(const Span& span) const {
    const double left = time_.x(span.from_s), right = time_.x(span.to_s);
    return {left, box_.y, std::max(right - left, 0.4), box_.height};
  }
  static Pen pen_of(std::size_t curve) {
    static constexpr std::array<double, 4> dashes{0, 3, 1.2, 5};
    return {curve % 2 == 0 ? blue : amber, 0.9, dashes.at(curve % dashes.size())};
  }
  void draw_frame() {
    for (const double value : {panel_.low, (panel_.low + panel_.high) / 2, panel_.high}) {
      page_.line(box_.x, y(value), box_.right(), y(value), {grid, 0.4});
      page_.text(box_.x - 3, y(value) - 3.6, tick(value),
                 {.size = 5.5, .colour = faint, .align = Writing::Align::right});
    }
    page_.line(box_.x, box_.y, box_.x, box_.bottom(), {faint, 0.5});
  }
  void draw_band() {
    if (!panel_.band) return;
    const double top = y(panel_.band->high);
    page_.fill({box_.x, top, box_.width, std::max(y(panel_.band->low) - top, 0.6)}, own);
    page_.line(box_.x, y(panel_.band->median), box_.right(), y(panel_.band->median),
               {{0.25, 0.5, 0.35}, 0.5, 2});
    page_.text(box_.right() - 2, top - 7, "egen start",
               {.size = 5.2, .colour = {0.2, 0.42, 0.3}, .align = Writing::Align::right});
  }
  void draw_envelope(const Envelope& envelope) {
    const double column = box_.width / static_cast<double>(envelope.low.size());
    for (std::size_t i = 0; i < envelope.low.size(); ++i) {
      if (!std::isfinite(envelope.low[i])) continue;
      const double top = y(double{envelope.high[i]});
      page_.fill({box_.x + static_cast<double>(i) * column, top, column,
                  std::max(y(double{envelope.low[i]}) - top, 0.5)},
                 blue);
    }
  }
  void draw_curve(const Curve& curve, std::size_t number) {
    if (curve.dots) {
      for (const Held& part : curve.held)
        page_.dot(time_.x(part.from_s), y(part.value), 0.8, part.doubtful ? amber : ink);
      return;
    }
    double reached = -1;
    for (const Held& part : curve.held) {
      if (std::abs(part.from_s - reached) < 1e-6)
        page_.line_to(time_.x(part.from_s), y(part.value));
      else
        page_.move_to(time_.x(part.from_s), y(part.value));
      page_.line_to(time_.x(part.to_s), y(part.value));
      reached = part.to_s;
    }
    page_.stroke(pen_of(number));
  }
  // The devices of several curves, each with its stroke.
  void draw_names() {
    if (panel_.curves.size() < 2) return;
    double x = box_.x + 4;
    const double line_y = box_.y + 4;
    for (std::size_t i = 0; i < std::min<std::size_t>(panel_.curves.size(), 6); ++i) {
      page_.line(x, line_y, x + 12, line_y, pen_of(i));
      page_.text(x + 14, line_y - 4, panel_.curves[i].name, {.size = 5.5, .colour = faint});
      x += 24 + 3.6 * static_cast<double>(panel_.curves[i].name.size());
    }
    if (panel_.curves.size() > 6)
      page_.text(x, line_y - 4, fmt::format("og {} til", panel_.curves.size() - 6),
                 {.size = 5.5, .colour = faint});
  }

  Page& page_;
  const Panel& panel_;
  const TimeAxis& time_;
  Box box_;
};

}  // namespace

double TimeAxis::x(double t_s) const {
  return left + std::clamp(t_s / std::max(length_s, 1e-9), 0.0, 1.0) * width;
}

void draw(Page& page, const Panel& panel, const TimeAxis& time, const Box& box) {
  Plot(page, panel, time, box).draw(box.y);
}

void draw_time(Page& page, const TimeAxis& time, double y) {
  static constexpr std::array steps{1.0,   5.0,   10.0,   30.0,   60.0,   120.0,   300.0,
                                    600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0, 86400.0};
  const auto* step =
      std::find_if(steps.begin(), steps.end(), [&](double each) { return time.length_s / each <= 12; });
  const double every = step != steps.end() ? *step : time.length_s;
  page.line(time.left, y, time.left + time.width, y, {faint, 0.5});
  const auto ticks = static_cast<int>(std::floor(time.length_s / every + 1e-9));
  for (int i = 0; i <= ticks; ++i) {
    const double t_s = i * every;
    page.line(time.x(t_s), y, time.x(t_s), y + 2.5, {faint, 0.5});
    page.text(time.x(t_s), y + 3, clock_text(t_s),
              {.size = 5.8, .colour = faint, .align = Writing::Align::centre});
  }
  page.text(time.left + time.width, y + 10, "tid siden økten begynte (min:s)",
            {.size = 5.5, .colour = faint, .align = Writing::Align::right});
}

}  // namespace rytme::report
