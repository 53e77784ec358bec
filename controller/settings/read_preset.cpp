// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "controller/room/light_colour.hpp"
#include "controller/room/limits.hpp"
#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

void read_clamp(TableReader& reader, TempoTarget& tempo) {
  const toml::array* list = reader.array("clamp");
  if (list == nullptr) return;
  const auto low = list->size() == 2 ? list->get(0)->value<double>() : std::nullopt;
  const auto high = list->size() == 2 ? list->get(1)->value<double>() : std::nullopt;
  if (!low || !high || *low < tempo_low_bpm || *high > tempo_high_bpm || !(*low <= *high)) {
    reader.expected("clamp", *list, "[low, high] with 20 <= low <= high <= 140");
    return;
  }
  tempo.clamp_low = *low;
  tempo.clamp_high = *high;
}

std::optional<TempoTarget> read_tempo(const toml::table& table, Report& report) {
  TableReader reader(table, report, "tempo");
  TempoTarget tempo;
  std::size_t present{};
  tempo.from_present = reader.choose("from", present, {"present"});
  double value{};
  if (reader.read("lead", value, -0.5, 0.5)) tempo.lead = value;
  if (reader.read("bpm", value, tempo_low_bpm, tempo_high_bpm)) tempo.bpm = value;
  if (tempo.bpm) tempo.clamp_low = tempo_low_bpm, tempo.clamp_high = tempo_high_bpm;
  read_clamp(reader, tempo);
  const double middle = std::clamp(tempo.otherwise, tempo.clamp_low, tempo.clamp_high);
  tempo.otherwise = middle;
  if (reader.read("otherwise", value, tempo.clamp_low, tempo.clamp_high)) tempo.otherwise = value;
  const int ways = (reader.node("from") != nullptr ? 1 : 0) + (reader.node("lead") != nullptr ? 1 : 0) +
                   (reader.node("bpm") != nullptr ? 1 : 0);
  if (ways != 1) report.error(table.source(), "tempo: needs exactly one of from, lead, bpm");
  reader.finish();
  return tempo;
}

void read_light(TableReader& reader, Phase& phase) {
  const toml::node* light = reader.node("light");
  if (light == nullptr) return;
  if (const auto* table = light->as_table())
    phase.light = read_scene(*table, reader.report(), "light", 0, 1);
  else if (light->value_exact<std::string>() == "safe")
    phase.light_is_safe = true;
  else
    reader.expected("light", *light, "\"safe\" or { level = 0 to 1, cct_k = ... }");
}

// Rhythmic light: told here when it asks for more than the limiter ever gives.
std::optional<Breath> read_breath(const toml::table& table, Report& report, const Phase& phase,
                                  double limit) {
  TableReader reader(table, report, "breath");
  Breath breath;
  const bool low = reader.require("low") && reader.read("low", breath.low, 0, 1);
  reader.read("in_s", breath.in_s, 1, 60);
  reader.read("hold_s", breath.hold_s, 0, 60);
  reader.read("out_s", breath.out_s, 1, 60);
  reader.read("rest_s", breath.rest_s, 0, 60);
  reader.finish();
  if (!low) return std::nullopt;
  if (!phase.light || !(breath.low < phase.light->level)) {
    report.error(table.source(), "breath: needs a light of the same phase that is brighter than its low");
    return std::nullopt;
  }
  const double shorter_s = std::min(breath.in_s, breath.out_s);
  if ((phase.light->level - breath.low) / shorter_s > limit + 1e-9)
    report.error(table.source(), "breath: light goes from " + shown(breath.low) + " to " +
                                     shown(phase.light->level) + " in " + shown(shorter_s) +
                                     " s; the limit is " + shown(limit) +
                                     " per second, so in_s and out_s must be longer");
  return breath;
}

Phase read_phase(const toml::table& table, Report& report, double slew_limit) {
  TableReader reader(table, report, "[[phase]]");
  Phase phase;
  reader.read_id("id", phase.id);
  double value{};
  if (reader.read("minutes", value, 0.05, 45)) phase.minutes = value;
  read_light(reader, phase);
  if (const auto* tempo = reader.table("tempo")) phase.tempo = read_tempo(*tempo, report);
  if (const auto* breath = reader.table("breath"))
    phase.breath = read_breath(*breath, report, phase, slew_limit);
  if (reader.read("volume", value, 0, 1)) phase.volume = value;
  const double length_s = phase.minutes.value_or(45) * 60;
  if (!reader.read("glide_s", phase.glide_s, 1, 2700)) phase.glide_s = std::min(phase.glide_s, length_s);
  if (phase.glide_s > length_s)
    reader.error("glide_s", "glide_s: " + shown(phase.glide_s) + " s is longer than the phase (" +
                                shown(length_s) + " s)");
  reader.finish();
  return phase;
}

// Every phase has room, and the last one is close.
void check_time(TableReader& reader, const Preset& preset, double session_max_min) {
  double fixed = 0;
  int open = 0;
  for (const Phase& phase : preset.phases) {
    fixed += phase.minutes.value_or(0);
    open += phase.minutes ? 0 : 1;
  }
  if (preset.minutes > session_max_min)
    reader.error("minutes", "minutes: " + shown(preset.minutes) +
                                " is more than the room's session_max_min, " + shown(session_max_min));
  if (open > 1)
    reader.error("phase", "at most one phase may leave out its minutes; " + std::to_string(open) + " do");
  if (open == 0 && std::abs(fixed - preset.minutes) > 1e-6)
    reader.error("minutes", "minutes: the phases take " + shown(fixed) + ", not " + shown(preset.minutes) +
                                "; leave out the minutes of one phase");
  if (open == 1 && fixed >= preset.minutes)
    reader.error("minutes", "minutes: the phases with minutes take " + shown(fixed) + " of " +
                                shown(preset.minutes) + "; nothing is left for the one without");
}

// A light change between two phases must not ask for more than the limiter ever gives.
void check_slew(TableReader& reader, const Preset& preset, double limit,
                const std::vector<const toml::table*>& tables) {
  std::optional<double> before;
  for (std::size_t i = 0; i < preset.phases.size(); ++i) {
    const Phase& phase = preset.phases[i];
    if (!phase.light) {
      if (phase.light_is_safe) before.reset();
      continue;
    }
    const double rate = before ? std::abs(phase.light->level - *before) / phase.glide_s : 0;
    if (rate > limit)
      reader.report().error(tables[i]->source(), "phase \"" + phase.id + "\": light goes from " +
                                                     shown(*before) + " to " + shown(phase.light->level) +
                                                     " in " + shown(phase.glide_s) + " s; the limit is " +
                                                     shown(limit) + " per second, so glide_s must be longer");
    before = phase.light->level;
  }
}

// Red alternates nowhere: one way into it and one out of it, at least 10 s apart (design §6).
void check_red(TableReader& reader, const Preset& preset, const std::vector<const toml::table*>& tables) {
  constexpr double least_s = 10;
  double red_s = least_s;
  bool red = false;
  int times = 0;
  for (std::size_t i = 0; i < preset.phases.size(); ++i) {
    const Phase& phase = preset.phases[i];
    const bool was = red;
    if (phase.light && phase.light->cct_k > 0) red = is_saturated_red(phase.light->cct_k);
    if (phase.light_is_safe) red = false;
    if (red && !was && ++times == 2)
      reader.report().error(tables[i]->source(),
                            "phase \"" + phase.id + "\": light goes into saturated red (under " +
                                shown(red_below_cct_k) + " K) a second time; a preset may not alternate red");
    if (was && !red && red_s < least_s)
      reader.report().error(tables[i]->source(), "phase \"" + phase.id +
                                                     "\": light leaves saturated red after " + shown(red_s) +
                                                     " s; the limit is one change in or out per 10 s");
    red_s = (red && was ? red_s : 0) + phase.minutes.value_or(preset.minutes) * 60;
  }
}

void check_phases(TableReader& reader, const Preset& preset, const std::vector<const toml::table*>& tables) {
  if (preset.phases.empty()) {
    reader.require("phase");
    return;
  }
  if (preset.phases.back().id != "close")
    reader.report().error(tables.back()->source(),
                          "the last phase must be \"close\", not \"" + preset.phases.back().id + "\"");
  else if (!preset.phases.back().light_is_safe)
    reader.report().error(tables.back()->source(), "phase \"close\" must lead to light = \"safe\"");
  for (std::size_t i = 0; i < tables.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (preset.phases[i].id == preset.phases[j].id)
        reader.report().error(tables[i]->source(), "phase id \"" + preset.phases[i].id + "\" stands twice");
}

}  // namespace

Preset read_preset(const toml::table& table, Report& report, double session_max_min) {
  TableReader reader(table, report, "the preset");
  Preset preset;
  reader.read_id("id", preset.id);
  reader.read_integer("version", preset.version, 1, 1'000'000);
  if (reader.require("direction")) reader.choose("direction", preset.direction, {"down", "up", "neutral"});
  preset.name = read_local_text(reader, "name");
  reader.read("minutes", preset.minutes, 0.1, 45);
  if (reader.node("source") != nullptr) reader.read_id("source", preset.source);
  const double slew_limit = preset.direction == Direction::up ? slew_activating_per_s : slew_calming_per_s;
  const auto tables = reader.tables("phase");
  for (const toml::table* phase : tables) preset.phases.push_back(read_phase(*phase, report, slew_limit));
  check_phases(reader, preset, tables);
  check_time(reader, preset, session_max_min);
  check_slew(reader, preset, slew_limit, tables);
  check_red(reader, preset, tables);
  reader.finish();
  return preset;
}

std::vector<Activity> read_activities(const toml::table& table, Report& report) {
  TableReader file(table, report, "activities.toml");
  std::vector<Activity> activities;
  for (const toml::table* item : file.tables("activity")) {
    TableReader reader(*item, report, "[[activity]]");
    Activity activity;
    reader.read_id("id", activity.id);
    if (reader.require("direction")) reader.choose("direction", activity.direction, {"down", "up", "both"});
    activity.text = read_local_text(reader, "text");
    reader.finish();
    const auto same = [&](const Activity& other) { return !activity.id.empty() && other.id == activity.id; };
    if (std::any_of(activities.begin(), activities.end(), same))
      report.error(item->source(), "activity id \"" + activity.id + "\" stands twice; ids are unique");
    activities.push_back(std::move(activity));
  }
  file.finish();
  return activities;
}

}  // namespace rytme::settings
