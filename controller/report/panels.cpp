// SPDX-License-Identifier: Apache-2.0
// What each panel shows.
#include "controller/report/panels.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "controller/report/motion_track.hpp"

namespace rytme::report {
namespace {

using journal::SessionFacts;

constexpr double own_start_s = 300, own_start_least_s = 120;

// The value below which the share q of the sorted values lies, between neighbours by proportion.
double quantile(const std::vector<double>& sorted, double q) {
  const double at = q * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(at);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return sorted[below] + (at - static_cast<double>(below)) * (sorted[above] - sorted[below]);
}

std::vector<double> good_values(const std::vector<Held>& held, double to_s) {
  std::vector<double> values;
  for (const Held& part : held)
    if (!part.doubtful && part.from_s < to_s) values.push_back(part.value);
  std::sort(values.begin(), values.end());
  return values;
}

std::optional<Band> own_start(const std::vector<Held>& held) {
  double known_s = 0;
  for (const Held& part : held)
    if (!part.doubtful) known_s += std::max(0.0, std::min(part.to_s, own_start_s) - part.from_s);
  if (known_s < own_start_least_s) return std::nullopt;
  const auto values = good_values(held, own_start_s);
  return Band{quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)};
}

std::vector<Span> doubtful_spans(const std::vector<Held>& held) {
  std::vector<Span> spans;
  for (const Held& part : held)
    if (part.doubtful) spans.push_back({part.from_s, part.to_s});
  return spans;
}

int percent(double share) { return static_cast<int>(std::lround(100 * std::clamp(share, 0.0, 1.0))); }

void fit(Panel& panel, double step, double least_span) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Curve& curve : panel.curves)
    for (const Held& part : curve.held) {
      low = std::min(low, part.value);
      high = std::max(high, part.value);
    }
  if (low > high) return;
  panel.low = std::floor(low / step) * step;
  panel.high = std::max(std::ceil(high / step) * step, panel.low + least_span);
}

// Its valid share is of the whole session; the journal's own, in the head of the page, begins with the first
// pulse and is that of the best device.
// `own`: what the own start is taken of.
Panel pulse_panel(const SessionClock& clock, const Track& track, const Track& own) {
  Panel panel{.title = "Puls, slag/min – " + track.device, .low = 50, .high = 110, .weight = 2.2};
  panel.curves.push_back({"", track.held, true});
  fit(panel, 10, 40);
  panel.missing = gaps(track.held, clock.length_s());
  panel.doubtful = doubtful_spans(track.held);
  panel.band = own_start(own.held);
  const auto values = good_values(track.held, clock.length_s());
  const double good_s = covered_s(track.held) - [&] {
    double sum = 0;
    for (const Span& span : panel.doubtful) sum += span.to_s - span.from_s;
    return sum;
  }();
  const int valid = clock.length_s() > 0 ? percent(good_s / clock.length_s()) : 0;
  if (values.empty()) {
    panel.statistic = fmt::format("ingen gode målinger, gyldig {} % av økten", valid);
    return panel;
  }
  panel.statistic =
      fmt::format("median {:.0f}, n = {}, gyldig {} % av økten", quantile(values, 0.5), values.size(), valid);
  panel.statistic += panel.band
                         ? fmt::format(" · egen start (0–5 min): median {:.0f}, kvartiler {:.0f}–{:.0f}",
                                       panel.band->median, panel.band->low, panel.band->high)
                         : " · egen start: for lite puls de første 5 min";
  return panel;
}

Panel no_pulse(const SessionClock& clock) {
  Panel panel{.title = "Puls, slag/min", .low = 50, .high = 110, .weight = 1.2};
  panel.statistic = "ingen målinger, gyldig 0 % av økten";
  panel.missing = {{0, clock.length_s()}};
  return panel;
}

// The size of the acceleration, gravity included: at rest it is 9,8.
Panel movement_panel(const SessionFacts& facts, const SessionClock& clock, const std::string& device) {
  const MotionTrack track = motion_track(facts, clock, device);
  Panel panel{.title = "Bevegelse, akselerasjon m/s² – " + device, .low = 0, .high = 20};
  const float none = std::nanf("");
  Envelope envelope{std::vector<float>(envelope_columns, none), std::vector<float>(envelope_columns, none)};
  const double length_s = std::max(clock.length_s(), 1e-9);
  std::vector<Held> known;
  float most = 12;
  for (const MotionSample& sample : track.samples) {
    const auto& a = sample.axes;
    const float size = std::sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
    if (!std::isfinite(size)) continue;
    const auto column = std::min(envelope_columns - 1,
                                 static_cast<std::size_t>(sample.t_s / length_s * double{envelope_columns}));
    envelope.low[column] = std::fmin(envelope.low[column], size);
    envelope.high[column] = std::fmax(envelope.high[column], size);
    most = std::max(most, size);
    // A sample stands for one and a half steps, so that a node's jitter is no gap.
    const double to_s = std::min(sample.t_s + 1.5 / track.rate_hz, clock.length_s());
    if (!known.empty() && sample.t_s <= known.back().to_s)
      known.back().to_s = to_s;
    else
      known.push_back({sample.t_s, to_s});
  }
  panel.high = std::ceil(double{most} / 10) * 10;
  panel.envelope = std::move(envelope);
  panel.missing = gaps(known, clock.length_s());
  panel.statistic = fmt::format("minst og mest per kolonne, n = {}, data {} % av økten", track.samples.size(),
                                clock.length_s() > 0 ? percent(covered_s(known) / clock.length_s()) : 0);
  return panel;
}

// Values of 0-1 as percent.
std::vector<Held> as_percent(std::vector<Held> held) {
  for (Held& part : held) part.value *= 100;
  return held;
}

// All devices that were commanded on one channel, as lines.
std::optional<Panel> command_panel(const std::vector<Track>& tracks, const std::string& channel,
                                   const std::string& title, double low, double high) {
  Panel panel{.title = title, .low = low, .high = high};
  for (const Track& track : tracks) {
    if (track.channel != channel) continue;
    panel.curves.push_back({track.device, high == 100 ? as_percent(track.held) : track.held});
  }
  if (panel.curves.empty()) return std::nullopt;
  panel.statistic = "pådrag: det som ble bedt om";
  return panel;
}

std::optional<Panel> sound_panel(const std::vector<Track>& commands) {
  auto panel = command_panel(commands, "player.volume", "Lyd, %", 0, 100);
  if (!panel) return panel;
  for (const Track& track : commands) {
    if (track.channel != "player.mute") continue;
    for (const Held& part : track.held)
      if (part.value != 0) panel->muted.push_back({part.from_s, part.to_s});
  }
  if (!panel->muted.empty()) panel->statistic += " · grått: dempet";
  return panel;
}

std::optional<Panel> reading_panel(const std::vector<Track>& tracks, const SessionClock& clock,
                                   const std::string& channel, const std::string& title, double step) {
  Panel panel{.title = title};
  std::vector<Held> all;
  for (const Track& track : tracks) {
    if (track.channel != channel) continue;
    panel.curves.push_back({track.device, track.held});
    all.insert(all.end(), track.held.begin(), track.held.end());
  }
  if (panel.curves.empty()) return std::nullopt;
  fit(panel, step, step);
  std::sort(all.begin(), all.end(), [](const Held& a, const Held& b) { return a.from_s < b.from_s; });
  panel.missing = gaps(all, clock.length_s());
  double missing_s = 0;
  for (const Span& gap : panel.missing) missing_s += gap.to_s - gap.from_s;
  panel.statistic = fmt::format("målt, data {} % av økten",
                                clock.length_s() > 0 ? percent(1 - missing_s / clock.length_s()) : 0);
  return panel;
}

}  // namespace

std::vector<Panel> panels_of(const SessionFacts& facts, const SessionClock& clock) {
  const auto readings = reading_tracks(facts, clock);
  const auto commands = command_tracks(facts, clock);
  std::vector<Panel> panels;
  // The own start is that of the review: of the mean over 10 s where there is one.
  const auto mean = std::find_if(readings.begin(), readings.end(),
                                 [](const Track& track) { return track.channel == "hr.mean10_bpm"; });
  for (const Track& track : readings)
    if (track.channel == "hr.bpm")
      panels.push_back(pulse_panel(clock, track, mean == readings.end() ? track : *mean));
  if (panels.empty()) panels.push_back(no_pulse(clock));
  for (const auto& device : devices_of(facts, "motion"))
    panels.push_back(movement_panel(facts, clock, device));
  const auto add = [&](std::optional<Panel> panel) {
    if (panel) panels.push_back(std::move(*panel));
  };
  add(sound_panel(commands));
  add(reading_panel(readings, clock, "env.sound_db", "Lyd i rommet, dB", 10));
  add(command_panel(commands, "light.level", "Lysnivå, %", 0, 100));
  add(command_panel(commands, "player.bpm", "Tempo, slag/min", 20, 140));
  add(reading_panel(readings, clock, "arousal.index", "Aktiveringsindeks", 1));
  return panels;
}

}  // namespace rytme::report
