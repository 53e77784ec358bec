// SPDX-License-Identifier: Apache-2.0
// One page A4: the session on one shared time axis, small multiples above each other, what happened as
// numbered lines through all of them, and at the foot where the numbers come from and what they are not.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "controller/report/boundary.hpp"
#include "controller/report/drawing.hpp"
#include "controller/report/export.hpp"
#include "controller/report/happenings.hpp"
#include "controller/report/panels.hpp"

namespace rytme::report {
namespace {

using journal::SessionFacts;

constexpr Colour text_ink{0.1, 0.1, 0.15}, text_faint{0.4, 0.4, 0.45};
constexpr double margin = 36, labels = 22;
constexpr double foot_top = Page::height - 96;
constexpr std::size_t list_columns = 3, list_rows = 14, list_most = list_columns * list_rows;
constexpr double list_line = 8.6;

Pen pen_of(Happening::Kind kind) {
  switch (kind) {
    case Happening::Kind::stop:
      return {{0.7, 0.1, 0.1}, 1.2};
    case Happening::Kind::withdrawal:
      return {{0.7, 0.1, 0.1}, 1.0, 1.5};
    case Happening::Kind::rating:
      return {{0.35, 0.2, 0.55}, 0.7, 3};
    case Happening::Kind::phase:
      return {{0.3, 0.3, 0.35}, 0.6};
    default:
      return {{0.55, 0.55, 0.6}, 0.4, 1};
  }
}

// What the page has room for: the most important, in order of time; `left_out` is the rest.
std::vector<Happening> shown(std::vector<Happening> all, std::size_t& left_out) {
  left_out = 0;
  if (all.size() <= list_most) return all;
  std::stable_sort(all.begin(), all.end(),
                   [](const Happening& a, const Happening& b) { return a.kind < b.kind; });
  left_out = all.size() - (list_most - 1);
  all.resize(list_most - 1);
  std::stable_sort(all.begin(), all.end(),
                   [](const Happening& a, const Happening& b) { return a.t_s < b.t_s; });
  return all;
}

std::string or_dash(const std::string& text) { return text.empty() ? "–" : text; }

// 25.11.2026 kl. 10:49, of an ISO time
std::string local_day(const std::string& iso) {
  if (iso.size() < 16) return iso;
  return iso.substr(8, 2) + "." + iso.substr(5, 2) + "." + iso.substr(0, 4) + " kl. " + iso.substr(11, 5);
}

class Sheet {
 public:
  explicit Sheet(const SessionFacts& facts)
      : facts_(facts),
        clock_(facts),
        page_(new_page("Økt " + facts.record.summary.id, "Rytme " + facts.record.software)),
        time_{std::max(clock_.length_s(), 1.0), margin + labels, Page::width - 2 * margin - labels} {
    list_ = shown(happenings(facts, clock_), left_out_);
  }

  std::string bytes() {
    double y = draw_head();
    const double list_height = list_.empty() ? 0 : 12 + list_line * static_cast<double>(rows());
    const double marks_top = y;
    y += marks_height();
    const double plots_bottom = foot_top - list_height - 26;
    draw_marks(marks_top, y, plots_bottom);
    draw_panels(y, plots_bottom);
    draw_time(*page_, time_, plots_bottom);
    draw_list(plots_bottom + 24);
    draw_foot();
    return page_->finish();
  }

 private:
  std::size_t entries() const { return list_.size() + (left_out_ > 0 ? 1 : 0); }
  std::size_t rows() const { return (entries() + list_columns - 1) / list_columns; }
  static double marks_height() { return 20; }
  double draw_head();
  void draw_panels(double top, double bottom);
  void draw_marks(double top, double plots_top, double bottom);
  void draw_list(double top);
  void draw_foot();

  const SessionFacts& facts_;
  SessionClock clock_;
  std::unique_ptr<Page> page_;
  TimeAxis time_;
  std::vector<Happening> list_;
  std::size_t left_out_{};
};

double Sheet::draw_head() {
  const auto& session = facts_.record.summary;
  double y = margin - 6;
  page_->text(Page::width - margin, y + 2,
              session.participant.empty() ? "Uten deltakerkode" : "Deltaker " + session.participant,
              {.size = 10, .colour = text_ink, .bold = true, .align = Writing::Align::right});
  y += page_->text(margin, y, "Økt: " + preset_name(session.preset),
                   {.size = 14, .colour = text_ink, .bold = true, .width = 360});
  y += page_->text(margin, y + 1,
                   fmt::format("{} – {} · varighet {} (min:s) · slutt: {}", local_day(session.start),
                               session.end.empty() ? "åpen" : local_day(session.end),
                               clock_text(clock_.length_s()), end_reason_text(session.end_reason)),
                   {.size = 7.5, .colour = text_ink});
  const std::string valid =
      session.valid_share ? fmt::format("{:.0f} %", *session.valid_share * 100) : std::string("ingen puls");
  y += page_->text(
      margin, y + 2,
      fmt::format("Profil {} versjon {} · opptak {} · gyldig pulstid {} (n = {} måleverdier i alt)",
                  session.preset, session.preset_version, session.recording ? "på" : "av", valid,
                  session.n_readings),
      {.size = 7, .colour = text_faint, .width = Page::width - 2 * margin});
  return y + 5;
}

void Sheet::draw_panels(double top, double bottom) {
  const auto panels = panels_of(facts_, clock_);
  double weights = 0;
  for (const Panel& panel : panels) weights += panel.weight;
  double y = top;
  for (const Panel& panel : panels) {
    const double height = (bottom - top) * panel.weight / weights;
    draw(*page_, panel, time_, {margin, y, Page::width - 2 * margin, height});
    y += height;
  }
}

// Numbers above the panels, in two rows where they would stand on each other.
void Sheet::draw_marks(double top, double plots_top, double bottom) {
  std::array<double, 2> reached{-100, -100};
  for (std::size_t i = 0; i < list_.size(); ++i) {
    const double x = time_.x(list_[i].t_s);
    const auto pen = pen_of(list_[i].kind);
    page_->line(x, plots_top - 1, x, bottom, pen);
    const std::size_t row = x - reached[0] >= 9 ? 0 : 1;
    if (x - reached.at(row) < 9) continue;  // its number stands in the list
    reached.at(row) = x;
    page_->text(x, top + 9 - 8 * static_cast<double>(row), std::to_string(i + 1),
                {.size = 6, .colour = pen.colour, .bold = true, .align = Writing::Align::centre});
  }
}

void Sheet::draw_list(double top) {
  if (list_.empty()) return;
  page_->text(margin, top, "Hva som skjedde", {.size = 7, .colour = text_ink, .bold = true});
  const double width = (Page::width - 2 * margin) / double{list_columns};
  for (std::size_t i = 0; i < entries(); ++i) {
    const std::size_t column = i / rows(), row = i % rows();
    const double x = margin + width * static_cast<double>(column);
    const double y = top + 10 + list_line * static_cast<double>(row);
    if (i < list_.size()) {
      page_->text(x, y, fmt::format("{}  {}  {}", i + 1, clock_text(list_[i].t_s), list_[i].text),
                  {.size = 5.6, .colour = pen_of(list_[i].kind).colour, .width = width - 6, .wrap = false});
    } else {
      page_->text(x, y, fmt::format("og {} til; alle står i CSV og JSON", left_out_),
                  {.size = 5.6, .colour = text_faint});
    }
  }
}

void Sheet::draw_foot() {
  const auto& record = facts_.record;
  const double width = Page::width - 2 * margin;
  double y = foot_top + 2;
  page_->line(margin, y, margin + width, y, {text_faint, 0.5});
  y += 3;
  y += page_->text(
      margin, y,
      "Prikker er enkeltmålinger, uten utjevning. Skravert: ingen måling (grått) eller usikker "
      "måling (gult). Grønt felt: pulsen de første 5 minuttene av denne økten, median og kvartiler. "
      "Pådrag er det som ble bedt om; bekreftet og målt står i CSV og JSON.",
      {.size = 6, .colour = text_faint, .width = width});
  y += 2 + page_->text(margin, y + 1,
                       fmt::format("Programvare {} · formler {} · innstillinger {} · økt {} · begynte {}{}",
                                   or_dash(record.software), or_dash(record.formula_version),
                                   or_dash(record.settings_hash), record.summary.id, record.summary.start,
                                   clock_.restarted() ? " · maskinen startet på nytt underveis" : ""),
                       {.size = 6, .colour = text_faint, .width = width});
  y += 2 + page_->text(margin, y + 1, boundary_nb,
                       {.size = 7.5, .colour = text_ink, .bold = true, .width = width});
  page_->text(margin, y + 1, purpose_nb, {.size = 6.5, .colour = text_ink, .width = width});
}

}  // namespace

std::string pdf(const SessionFacts& facts) { return Sheet(facts).bytes(); }

}  // namespace rytme::report
