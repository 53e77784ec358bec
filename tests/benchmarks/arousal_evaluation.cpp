// SPDX-License-Identifier: Apache-2.0
// What the arousal index is worth on recorded adults, beside raw heart rate on the same seconds. Prints
// tables; asserts nothing. Needs the reference data (RYTME_SHARED, else ../shared).
//   build/release/bin/benchmark_arousal
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <string>

#include "tests/benchmarks/arousal_data.hpp"
#include "tests/benchmarks/arousal_scores.hpp"
#include "tests/benchmarks/arousal_variants.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::bench {

namespace {

double index_of(const Second& second) { return second.result.index.value_or(0); }
double raw_of(const Second& second) { return second.raw_hr_bpm; }
double over_calm(const Second& second) {
  return second.raw_hr_bpm - (second.baseline ? second.baseline->calm_bpm : 0);
}
bool sure(const Second& second) {
  return answered(second) && second.result.confidence >= signals::automation_from;
}
bool everything(const Second& second) { return second.result.index.has_value(); }

void spread_row(const std::string& name, const std::vector<double>& values) {
  std::printf("| %-52s | %2zu | %.3f | %.3f - %.3f |\n", name.c_str(), values.size(),
              quantile_of(values, 0.5), quantile_of(values, 0.25), quantile_of(values, 0.75));
}

double share_of(const Person& person, const Keep& keep, const Positive& label) {
  double n = 0;
  double kept = 0;
  for (const auto& second : person.seconds) {
    if (!label(second.label)) continue;
    ++n;
    kept += keep(second) ? 1 : 0;
  }
  return n > 0 ? kept / n : 0;
}

struct Contrast {
  std::string name;
  Positive positive, negative;
};

// AUC of index and of raw heart rate over the same seconds, person by person, and the difference in words.
void contrast(const std::vector<Person>& people, const Contrast& what, const std::string& which,
              const Keep& keep) {
  std::vector<double> ours;
  std::vector<double> raw;
  std::vector<double> gain;
  std::vector<double> share;
  for (const auto& person : people) {
    share.push_back(share_of(
        person, keep, [&](const auto& label) { return what.positive(label) || what.negative(label); }));
    const auto a = person_auc(person, index_of, keep, what.positive, what.negative);
    const auto b = person_auc(person, raw_of, keep, what.positive, what.negative);
    if (!a || !b) continue;
    ours.push_back(*a);
    raw.push_back(*b);
    gain.push_back(*a - *b);
  }
  if (ours.empty()) {
    std::printf("\n  -> %s, %s: no seconds of both kinds\n\n", what.name.c_str(), which.c_str());
    return;
  }
  spread_row(what.name + ", " + which + ": index", ours);
  spread_row(what.name + ", " + which + ": raw heart rate, same s", raw);
  spread_row(what.name + ", " + which + ": share of seconds", share);
  const double middle = quantile_of(gain, 0.5);
  std::printf("\n  -> median gain over raw heart rate %+.3f, medians apart by %+.3f: %s\n\n", middle,
              quantile_of(ours, 0.5) - quantile_of(raw, 0.5),
              middle >= 0.05 ? "a gain" : "no gain worth the name (0.05 was asked)");
}

void head(const char* title) {
  std::printf("\n## %s\n\n| per person | n | median | quartiles |\n|---|---|---|---|\n", title);
}

bool rest(const std::string& label) { return label == "rest"; }
bool stress(const std::string& label) { return !label.empty() && label != "rest"; }

void halves(const std::vector<Person>& people) {
  std::printf(
      "\n## Thresholds fixed on one half, judged on the other (Stress-Predict, seconds answered)\n\n");
  std::printf(
      "| fixed on | threshold | sensitivity | specificity | balanced | raw bpm, same s | bpm above calm |\n");
  std::printf("|---|---|---|---|---|---|---|\n");
  std::vector<const Person*> half[2];
  for (std::size_t i = 0; i < people.size(); ++i) half[i % 2].push_back(&people[i]);
  for (int from = 0; from < 2; ++from) {
    const auto judged = [&](const Score& score) {
      return at_threshold(half[1 - from], score, answered, stress, rest,
                          best_threshold(half[from], score, answered, stress, rest));
    };
    const auto ours = judged(index_of);
    std::printf("| %s | %.2f | %.2f | %.2f | %.3f | %.3f | %.3f |\n", from == 0 ? "A" : "B", ours.threshold,
                ours.sensitivity, ours.specificity, ours.balanced(), judged(raw_of).balanced(),
                judged(over_calm).balanced());
  }
  Person everybody{.name = "all", .seconds = {}, .all = {}, .baseline = {}};
  for (const auto& person : people)
    everybody.seconds.insert(everybody.seconds.end(), person.seconds.begin(), person.seconds.end());
  const auto pooled = [&](const Score& score) {
    return person_auc(everybody, score, answered, stress, rest).value_or(0);
  };
  std::printf(
      "\nAUC over everybody's seconds at once: index %.3f, raw heart rate %.3f, raw above calm %.3f\n",
      pooled(index_of), pooled(raw_of), pooled(over_calm));
}

void levels_by_label(const std::vector<Person>& people, double raw_threshold_bpm) {
  std::printf(
      "\n| label | seconds | answered | level >= 1 | level >= 2 | sure (0.6) | raw > calm + %.1f bpm |\n",
      raw_threshold_bpm);
  std::printf("|---|---|---|---|---|---|---|\n");
  struct Count {
    double n{}, answered{}, one{}, two{}, sure{}, raw{};
  };
  std::map<std::string, Count> counts;
  for (const auto& person : people) {
    for (const auto& second : person.seconds) {
      auto& count = counts[second.label];
      ++count.n;
      count.answered += answered(second) ? 1 : 0;
      count.one += second.result.level.value_or(0) >= 1 ? 1 : 0;
      count.two += second.result.level.value_or(0) >= 2 ? 1 : 0;
      count.sure += sure(second) ? 1 : 0;
      count.raw += over_calm(second) > raw_threshold_bpm ? 1 : 0;
    }
  }
  for (const auto& [label, c] : counts) {
    std::printf("| %s | %.0f | %.0f %% | %.1f %% | %.1f %% | %.0f %% | %.0f %% |\n", label.c_str(), c.n,
                100 * c.answered / c.n, 100 * c.one / c.n, 100 * c.two / c.n, 100 * c.sure / c.n,
                100 * c.raw / c.n);
  }
}

void calm_pulses(const std::vector<Person>& people) {
  using signals::BaselineDoubt;
  std::size_t good = 0;
  std::size_t none = 0;
  std::map<BaselineDoubt, std::size_t> doubts{
      {BaselineDoubt::drifting, 0}, {BaselineDoubt::noisy, 0}, {BaselineDoubt::moving, 0}};
  for (const auto& person : people) {
    none += person.baseline ? 0U : 1U;
    good += person.baseline && person.baseline->good() ? 1U : 0U;
    for (auto& [doubt, count] : doubts) count += person.baseline && person.baseline->has(doubt) ? 1U : 0U;
  }
  std::printf("\ncalm pulse: %zu good, %zu doubtful (drifting %zu, noisy %zu, moving %zu), %zu none\n", good,
              people.size() - good - none, doubts[BaselineDoubt::drifting], doubts[BaselineDoubt::noisy],
              doubts[BaselineDoubt::moving], none);
}

void mental_against_physical(const std::vector<Person>& people) {
  double hit = 0;
  double said = 0;
  double mental = 0;
  for (const auto& person : people) {
    for (const auto& second : person.seconds) {
      const bool is = second.label == "CognitiveStress" || second.label == "EmotionalStress";
      const bool says = second.result.level.value_or(0) >= 1;
      hit += is && says ? 1 : 0;
      said += says ? 1 : 0;
      mental += is ? 1 : 0;
    }
  }
  std::printf(
      "\nmental load told by level >= 1 (seconds): recall %.2f, precision %.2f (published 0.32 / 0.31; "
      "resampled data, printed only)\n",
      mental > 0 ? hit / mental : 0, said > 0 ? hit / said : 0);
}

// What movement does to the pulse of people who rest: the slope on x, and the levels it makes.
void movement_at_rest(const std::vector<Person>& people) {
  std::vector<double> slopes;
  for (std::size_t i = 0; i < people.size(); i += 2) {
    const auto& person = people[i];
    signals::MovementModel model;
    double n = 0, x = 0, xx = 0, b = 0, xb = 0;
    for (const auto& second : person.all) {
      model.advance(1, signals::effort_of(second.input.body_mad_g.value_or(0),
                                          person.baseline ? person.baseline->rest_mad_g : 0.02));
      if (second.t_s <= 360 || second.label != "rest" || !second.input.hr10_bpm) continue;
      ++n;
      x += model.quick();
      xx += model.quick() * model.quick();
      b += *second.input.hr10_bpm;
      xb += model.quick() * *second.input.hr10_bpm;
    }
    slopes.push_back((n * xb - x * b) / (n * xx - x * x));
  }
  std::printf("\nheart rate on x while at rest, half A: median %.0f bpm per root g (quartiles %.0f - %.0f)\n",
              quantile_of(slopes, 0.5), quantile_of(slopes, 0.25), quantile_of(slopes, 0.75));
  std::vector<Person> half_b;
  for (std::size_t i = 1; i < people.size(); i += 2) {
    Person person = people[i];
    std::erase_if(person.seconds, [](const Second& second) { return second.label != "rest"; });
    for (auto& second : person.seconds)
      second.label = second.result.expected_bpm && second.baseline &&
                             *second.result.expected_bpm - second.baseline->calm_bpm >= 2
                         ? "rest, moved"
                         : "rest, still";
    half_b.push_back(std::move(person));
  }
  levels_by_label(half_b, 12.6);
}

void speed() {
  signals::ArousalPipeline pipeline(signals::SensorPlace::chest, false);
  const auto begin = std::chrono::steady_clock::now();
  double beat_s = 0;
  int level_seconds = 0;
  for (int t = 0; t < 3600; ++t) {
    if (t == 60) pipeline.begin_baseline(signals::BaselineMeasurement::Ends::by_itself);
    for (; beat_s <= t; beat_s += 0.8) pipeline.beat(beat_s, 800 + 30 * std::sin(beat_s));
    for (int i = 0; i < 100; ++i) pipeline.acceleration(t + i / 100.0, 0.02 * std::sin(i + t), 0, 1);
    level_seconds += pipeline.tick(t + 1).level ? 1 : 0;
  }
  const auto took = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  std::printf(
      "\n## Speed\n\none hour of RR and 100 Hz acceleration, 1 Hz results: %.4f s (%d s with a level; whole "
      "pipeline allowed 0.1 s)\n",
      took, level_seconds);
}

void evaluate() {
  const auto stressed = stress_predict();
  head("Stress-Predict: three tasks against rest, wrist, optical");
  const Contrast tasks{"stress against rest", stress, rest};
  contrast(stressed, tasks, "answered", answered);
  contrast(stressed, tasks, "confidence >= 0.6", sure);
  contrast(stressed, tasks, "all with an index", everything);
  calm_pulses(stressed);
  levels_by_label(stressed, 12.6);
  movement_at_rest(stressed);
  halves(stressed);
  print_variants(stressed);

  const auto film = noneeg();
  head("Non-EEG: pulse at 1 Hz, no acceleration");
  const auto relax = [](const std::string& label) { return label.starts_with("Relax"); };
  const auto is = [](const std::string& name) {
    return [name](const std::string& label) { return label == name; };
  };
  contrast(film, {"cognitive against rest", is("CognitiveStress"), relax}, "answered", answered);
  contrast(film, {"film clip against rest", is("EmotionalStress"), relax}, "answered", answered);
  calm_pulses(film);
  levels_by_label(film, 12.6);

  const auto loads = gudb();
  head("GUDB: beats of a chest strap, no acceleration");
  calm_pulses(loads);
  levels_by_label(loads, 12.6);

  std::printf("\n## Garmin: wrist, free living, with acceleration\n");
  levels_by_label(garmin(0), 12.6);
  std::printf(
      "\nsteps are counted until 813 s, the acceleration ends walking at 768 s; with its times 45 s "
      "later:\n");
  levels_by_label(garmin(45), 12.6);
  std::printf("\n## Simulated movers: chest, 20 people, never aroused\n");
  levels_by_label(simulated_movers(20), 12.6);
  std::printf("\n## Non-EEG, 60-sample excerpts with acceleration (resampled)\n");
  const auto excerpts = noneeg_segments();
  levels_by_label(excerpts, 12.6);
  mental_against_physical(excerpts);
  speed();
}

}  // namespace

}  // namespace rytme::bench

int main() {
  if (!rytme::test::shared_available()) {
    std::puts("no reference data: nothing to evaluate the arousal index on");
    return 0;
  }
  try {
    rytme::bench::evaluate();
    return 0;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "%s\n", problem.what());
    return 2;
  }
}
