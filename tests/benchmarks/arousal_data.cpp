// SPDX-License-Identifier: Apache-2.0
#include "tests/benchmarks/arousal_data.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <random>
#include <sstream>
#include <stdexcept>

#include "controller/app/analyse_arousal.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::bench {

namespace {

namespace fs = std::filesystem;
using signals::SensorPlace;

std::vector<std::vector<std::string>> rows(const fs::path& path) {
  std::ifstream in(path);
  if (!in) throw std::runtime_error(path.string() + ": cannot be read");
  std::vector<std::vector<std::string>> result;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.front() == '#') continue;
    auto& cells = result.emplace_back();
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  }
  result.erase(result.begin());
  return result;
}

std::vector<fs::path> sorted(const fs::path& folder) {
  std::vector<fs::path> result;
  for (const auto& entry : fs::directory_iterator(folder)) result.push_back(entry.path());
  std::sort(result.begin(), result.end());
  return result;
}

// What a recorded second is called and what the raw heart rate was.
struct Truth {
  std::string label;
  double raw_hr_bpm{};
};
using Truths = std::map<long, Truth>;

Person person_of(const std::string& name, const signals::ArousalRecording& recording, const Truths& truths) {
  Person person{.name = name, .seconds = {}, .all = {}, .baseline = {}};
  signals::analyse_arousal(
      recording, [&](double t_s, const signals::ArousalInput& input, const signals::ArousalNowResult& result,
                     const std::optional<signals::Baseline>& baseline) {
        Second second;
        second.t_s = t_s;
        second.input = input;
        second.result = result;
        second.baseline = baseline;
        const auto truth = truths.find(std::lround(t_s));
        if (truth != truths.end()) {
          second.label = truth->second.label;
          second.raw_hr_bpm = truth->second.raw_hr_bpm;
        }
        person.all.push_back(second);
        if (t_s > recording.baseline_to_s && !second.label.empty() && second.raw_hr_bpm > 0)
          person.seconds.push_back(second);
        person.baseline = baseline;
      });
  return person;
}

// By the live heart's gate and window.
void add_rmssd(Person& person, const fs::path& file) {
  signals::BeatCleaner cleaner;
  signals::RecentBeats recent;
  const auto beats = rows(file);
  std::size_t next = 0;
  double last_s = -1e9;
  std::map<long, double> rmssd_ms;
  for (auto& second : person.all) {
    for (; next < beats.size() && std::stod(beats[next].at(0)) <= second.t_s; ++next) {
      last_s = std::stod(beats[next][0]);
      if (const auto beat = cleaner.add(std::stod(beats[next].at(1)), std::llround(last_s * 1e6)))
        recent.add(cleaner.beat_us(), *beat);
    }
    if (second.t_s - last_s <= 5) second.rmssd_ms = recent.rmssd().value;
    rmssd_ms[std::lround(second.t_s)] = second.rmssd_ms;
  }
  for (auto& second : person.seconds) second.rmssd_ms = rmssd_ms[std::lround(second.t_s)];
}

}  // namespace

std::vector<Person> stress_predict() {
  std::vector<Person> people;
  for (const auto& folder : sorted(test::shared("data/stress_predict"))) {
    Truths truths;
    for (const auto& row : rows(folder / "hr_label.csv"))
      if (row.size() > 2) truths[std::lround(std::stod(row[0]))] = {row[2], std::stod(row[1])};
    if (truths.empty()) continue;  // S01 has no labels
    const auto columns = app::read_arousal_columns({.hr = folder / "hr_label.csv",
                                                    .rr = {},
                                                    .acc = folder / "acc_32hz.csv.gz",
                                                    .baseline_from_s = 60,
                                                    .baseline_to_s = 360,
                                                    .place = SensorPlace::wrist},
                                                   std::cerr);
    people.push_back(person_of(folder.filename().string(),
                               {.rates = columns.rates,
                                .beats = {},
                                .acceleration = columns.acceleration,
                                .baseline_from_s = 60,
                                .baseline_to_s = 360,
                                .place = SensorPlace::wrist,
                                .optical = true},
                               truths));
    add_rmssd(people.back(), folder / "ibi.csv");
  }
  return people;
}

std::vector<Person> noneeg() {
  std::vector<Person> people;
  for (const auto& file : sorted(test::shared("data/noneeg"))) {
    if (file.filename().string().find("_hr.csv") == std::string::npos) continue;
    Truths truths;
    std::vector<signals::TimedRate> rates;
    for (const auto& row : rows(file)) {
      const auto t = static_cast<long>(rates.size());
      rates.push_back({static_cast<double>(t), std::stod(row.at(3))});
      truths[t] = {row.at(5), rates.back().bpm};
    }
    people.push_back(person_of(file.stem().string(),
                               {.rates = rates,
                                .beats = {},
                                .acceleration = {},
                                .baseline_from_s = 60,
                                .baseline_to_s = 300,
                                .place = SensorPlace::wrist,
                                .optical = true},
                               truths));
  }
  return people;
}

std::vector<Person> gudb() {
  std::vector<Person> people;
  for (const auto& file : sorted(test::shared("data/gudb"))) {
    Truths truths;
    std::vector<signals::Beat> beats;
    std::string condition;
    double begins_s = -120;
    for (const auto& row : rows(file)) {
      if (row.at(0) != condition) {
        condition = row[0];
        begins_s += 120;
      }
      beats.push_back({.rr_ms = std::stod(row.at(3)), .t_s = begins_s + std::stod(row.at(2))});
      truths[std::lround(std::ceil(*beats.back().t_s))] = {condition, 60'000 / beats.back().rr_ms};
    }
    people.push_back(person_of(file.stem().string(),
                               {.rates = {},
                                .beats = beats,
                                .acceleration = {},
                                .baseline_from_s = 0,
                                .baseline_to_s = 120,
                                .place = SensorPlace::chest,
                                .optical = false},
                               truths));
  }
  return people;
}

namespace {

constexpr double moving_mad_g = 0.06;

// Moving: a second of movement, and the half minute after it, in which the pulse still answers to it.
void label_by_movement(Person& person) {
  double last_s = -1e9;
  person.seconds.clear();
  for (auto& second : person.all) {
    if (second.input.body_mad_g.value_or(0) > moving_mad_g) last_s = second.t_s;
    second.label = second.t_s - last_s <= 30 ? "moving" : "still";
    second.raw_hr_bpm = second.input.hr10_bpm.value_or(0);
    if (second.baseline && second.raw_hr_bpm > 0) person.seconds.push_back(second);
  }
}

}  // namespace

std::vector<Person> garmin(double shift_s) {
  std::vector<signals::TimedRate> rates;
  for (const auto& row : rows(test::shared("data/garmin/hr_stress_steps.csv")))
    if (row.at(1) == "HEART_RATE") rates.push_back({std::stod(row[0]), std::stod(row.at(2))});
  const app::ArousalRequest request{.hr = {},
                                    .rr = test::shared("data/garmin/rr.csv"),
                                    .acc = test::shared("data/garmin/acc.csv.gz"),
                                    .place = SensorPlace::wrist};
  auto columns = app::read_arousal_columns(request, std::cerr);
  for (auto& sample : columns.acceleration) sample.t_s += shift_s;
  const double last_s = columns.acceleration.back().t_s;
  std::erase_if(rates, [&](const auto& rate) { return rate.t_s > last_s; });
  auto beats = columns.beats;
  std::erase_if(beats, [&](const auto& beat) { return *beat.t_s > last_s; });
  auto person = person_of("garmin",
                          {.rates = rates,
                           .beats = beats,
                           .acceleration = columns.acceleration,
                           .baseline_from_s = 560,
                           .baseline_to_s = 700,
                           .place = SensorPlace::wrist,
                           .optical = true},
                          {});
  label_by_movement(person);
  return {person};
}

namespace {

// A person whose seconds are given one by one; the calm pulse is taken from 0 to calm_until.
class Follower {
 public:
  Follower(std::string name, SensorPlace place, double calm_until_s)
      : place_(place), calm_until_s_(calm_until_s), index_(place) {
    person_.name = std::move(name);
  }

  void add(double t_s, const std::string& label, double hr_bpm, double mad_g) {
    const signals::ArousalInput input{.t_s = t_s,
                                      .hr10_bpm = hr_bpm,
                                      .signal_quality = 1,
                                      .accepted_share = 1,
                                      .optical = place_ == SensorPlace::wrist,
                                      .body_mad_g = mad_g,
                                      .place = place_};
    if (t_s <= calm_until_s_) measurement_.add(input);
    if (t_s == calm_until_s_) {
      measurement_.finish();
      if (measurement_.result()) index_.set_baseline(*measurement_.result());
    }
    const auto result = index_.add(input);
    person_.all.push_back({.t_s = t_s,
                           .label = label,
                           .raw_hr_bpm = hr_bpm,
                           .input = input,
                           .result = result,
                           .baseline = index_.baseline()});
    if (t_s > calm_until_s_) person_.seconds.push_back(person_.all.back());
  }
  Person person() && {
    person_.baseline = index_.baseline();
    return std::move(person_);
  }

 private:
  SensorPlace place_;
  double calm_until_s_;
  Person person_{};
  signals::ArousalIndex index_;
  signals::BaselineMeasurement measurement_{{}, {}, signals::BaselineMeasurement::Ends::when_told};
};

// Mean absolute deviation of the last ten values.
double deviation_of_last(const std::vector<double>& values) {
  const std::size_t n = std::min<std::size_t>(10, values.size());
  double mean = 0;
  double deviation = 0;
  for (std::size_t k = values.size() - n; k < values.size(); ++k) mean += values[k] / double(n);
  for (std::size_t k = values.size() - n; k < values.size(); ++k)
    deviation += std::abs(values[k] - mean) / double(n);
  return deviation;
}

}  // namespace

std::vector<Person> noneeg_segments() {
  std::map<int, std::vector<std::vector<std::string>>> groups;
  for (auto& row : rows(test::shared("data/noneeg/segments60_hr_acc.csv")))
    groups[std::stoi(row.at(0))].push_back(row);
  std::vector<Person> people;
  for (auto& [group, segment] : groups) {
    // Both calm minutes first, in the order of the experiment otherwise.
    std::stable_partition(segment.begin(), segment.end(),
                          [](const auto& row) { return row[1] == "Relax_1" || row[1] == "Relax_2"; });
    Follower follower("group " + std::to_string(group), SensorPlace::wrist, 120);
    std::vector<double> norms;
    for (const auto& row : segment) {
      norms.push_back(std::hypot(std::stod(row.at(7)), std::stod(row.at(8)), std::stod(row.at(9))));
      follower.add(double(norms.size() - 1), row[1], std::stod(row.at(3)), deviation_of_last(norms));
    }
    people.push_back(std::move(follower).person());
  }
  return people;
}

std::vector<Person> simulated_movers(int people) {
  struct Bout {
    double seconds, mad_g;
  };
  constexpr Bout bouts[] = {{300, 0.01}, {180, 0.25}, {300, 0.01}, {120, 1.0},
                            {600, 0.01}, {60, 0.4},   {240, 0.01}};
  std::vector<Person> result;
  for (int seed = 1; seed <= people; ++seed) {
    std::mt19937 random(static_cast<unsigned>(seed));
    std::uniform_real_distribution<double> between(0, 1);
    std::normal_distribution<double> normal;
    const double calm = 65 + 25 * between(random);
    const double gain = 40 + 45 * between(random);
    const double up_s = 30 + 30 * between(random);
    const double down_s = 25 + 45 * between(random);
    Follower follower("simulated " + std::to_string(seed), SensorPlace::chest, 240);
    double drive = 0;
    double slow = 0;
    double t = 0;
    for (int round = 0; round < 3; ++round) {
      for (const auto& bout : bouts) {
        for (double until = t + bout.seconds; t < until; t += 1) {
          const double mad = bout.mad_g * std::exp(0.25 * normal(random));
          const double u = std::max(0.0, std::sqrt(bout.mad_g) - 0.14);
          drive += (u - drive) * -std::expm1(-1 / (u > drive ? up_s : down_s));
          slow += (normal(random) - slow) * 0.02;
          follower.add(t, "", calm + gain * drive + 10 * slow + 0.7 * normal(random), mad);
        }
      }
    }
    auto person = std::move(follower).person();
    label_by_movement(person);
    result.push_back(std::move(person));
  }
  return result;
}

}  // namespace rytme::bench
