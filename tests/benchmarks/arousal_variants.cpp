// SPDX-License-Identifier: Apache-2.0
#include "tests/benchmarks/arousal_variants.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <functional>
#include <string>

#include "controller/signals/movement_model.hpp"
#include "tests/benchmarks/arousal_scores.hpp"

namespace rytme::bench {

namespace {

// One number per second of a person, from the first second on.
using Series = std::vector<double>;

Series each(const Person& person, const std::function<double(const Second&)>& value) {
  Series series;
  double last = 0;
  for (const auto& second : person.all) {
    const double now = value(second);
    last = std::isfinite(now) ? now : last;
    series.push_back(last);
  }
  return series;
}

Series smoothed(const Series& series, double tau_s) {
  Series result;
  double now = series.empty() ? 0 : series.front();
  for (const double value : series) result.push_back(now += (value - now) * -std::expm1(-1 / tau_s));
  return result;
}

Series combined(const Series& a, double weight, const Series& b) {
  Series result(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) result[i] = a[i] + weight * b[i];
  return result;
}

// Root of the mean square deviation over the last minute.
Series deviation(const Series& series) {
  Series result;
  for (std::size_t i = 0; i < series.size(); ++i) {
    const std::size_t from = i < 60 ? 0 : i - 59;
    const auto n = double(i - from + 1);
    double sum = 0;
    double squares = 0;
    for (std::size_t k = from; k <= i; ++k) {
      sum += series[k];
      squares += series[k] * series[k];
    }
    result.push_back(std::sqrt(std::max(0.0, squares / n - sum / n * sum / n)));
  }
  return result;
}

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

Series heart(const Person& person) {
  const double calm = person.baseline ? person.baseline->calm_bpm : 0;
  const double sigma = std::hypot(person.baseline ? person.baseline->spread_bpm : 3, 5);
  return each(person, [=](const Second& s) {
    return s.input.hr10_bpm ? (*s.input.hr10_bpm - calm) / sigma : nothing;
  });
}

Series movement(const Person& person) {
  return each(person, [](const Second& s) {
    return s.input.body_mad_g ? std::log(*s.input.body_mad_g + 0.002) : nothing;
  });
}

// x of the movement model, in √g.
Series effort(const Person& person) {
  signals::MovementModel model;
  const double rest = person.baseline ? person.baseline->rest_mad_g : 0.02;
  return each(person, [&, rest](const Second& s) {
    model.advance(1, signals::effort_of(s.input.body_mad_g.value_or(0), rest));
    return model.quick();
  });
}

Series index(const Person& person) {
  return each(person, [](const Second& s) { return s.result.index.value_or(nothing); });
}

bool stress(const std::string& label) { return !label.empty() && label != "rest"; }

std::optional<double> auc_of(const Person& person, const Series& series) {
  std::vector<double> yes;
  std::vector<double> no;
  const double from_s = person.all.front().t_s;
  for (const auto& second : person.seconds) {
    if (!answered(second)) continue;
    (stress(second.label) ? yes : no).push_back(series[std::size_t(std::lround(second.t_s - from_s))]);
  }
  return auc(std::move(yes), std::move(no));
}

using Half = std::vector<const Person*>;
using Variant = std::function<Series(const Person&)>;

Half half_of(const std::vector<Person>& people, std::size_t which) {
  Half half;
  for (std::size_t i = which; i < people.size(); i += 2) half.push_back(&people[i]);
  return half;
}

std::vector<double> aucs(const Half& half, const Variant& variant) {
  std::vector<double> result;
  for (const auto* person : half)
    if (const auto value = auc_of(*person, variant(*person))) result.push_back(*value);
  return result;
}

void row(const std::string& name, const Half& chosen_on, const Half& judged_on, const Variant& variant) {
  const auto a = aucs(chosen_on, variant);
  const auto b = aucs(judged_on, variant);
  std::printf("| %-46s | %.3f | %.3f | %.3f | %.3f |\n", name.c_str(), quantile_of(a, 0.5), mean_of(a),
              quantile_of(b, 0.5), mean_of(b));
}

// --- logistic regression over all that is known, one person left out at a time ---

constexpr std::size_t features = 10;
using Row = std::array<double, features>;
struct Examples {
  std::vector<Row> rows;
  std::vector<bool> stress;
};

Examples examples_of(const Person& person) {
  const auto hr = heart(person);
  const auto mad = movement(person);
  const auto e15 = smoothed(hr, 15);
  const auto e90 = smoothed(hr, 90);
  const auto e300 = smoothed(hr, 300);
  const auto e1200 = smoothed(hr, 1200);
  const auto m10 = smoothed(mad, 10);
  const auto m60 = smoothed(mad, 60);
  const auto m300 = smoothed(mad, 300);
  const auto sd = deviation(hr);
  const auto x = effort(person);
  Examples examples;
  const double from_s = person.all.front().t_s;
  for (std::size_t k = 0; k < person.seconds.size(); k += 5) {
    const auto& second = person.seconds[k];
    if (!answered(second)) continue;
    const auto i = std::size_t(std::lround(second.t_s - from_s));
    examples.rows.push_back({e15[i], e90[i], e300[i] - e90[i], e90[i] - e1200[i], std::abs(e90[i]), sd[i],
                             m10[i] - m60[i], m60[i], m300[i], 10 * x[i]});
    examples.stress.push_back(stress(second.label));
  }
  return examples;
}

struct Logistic {
  Row mean{}, scale{}, weight{};
  double bias{};
  std::vector<bool> used = std::vector<bool>(features, true);

  double value(const Row& row) const {
    double sum = bias;
    for (std::size_t j = 0; j < features; ++j)
      if (used[j]) sum += weight[j] * std::clamp((row[j] - mean[j]) / scale[j], -4.0, 4.0);
    return sum;
  }

  void fit(const std::vector<const Examples*>& people) {
    double n = 0;
    Row squares{};
    for (const auto* person : people)
      for (const auto& row : person->rows) {
        ++n;
        for (std::size_t j = 0; j < features; ++j) {
          mean[j] += row[j];
          squares[j] += row[j] * row[j];
        }
      }
    for (std::size_t j = 0; j < features; ++j) {
      mean[j] /= n;
      scale[j] = std::sqrt(std::max(1e-12, squares[j] / n - mean[j] * mean[j]));
    }
    for (int step = 0; step < 200; ++step) descend(people);
  }

  void descend(const std::vector<const Examples*>& people) {
    Row slope{};
    double bias_slope = 0;
    for (const auto* person : people) {
      const double share = 1 / double(person->rows.size() * people.size());
      for (std::size_t i = 0; i < person->rows.size(); ++i) {
        const double error =
            (1 / (1 + std::exp(-value(person->rows[i]))) - (person->stress[i] ? 1 : 0)) * share;
        bias_slope += error;
        for (std::size_t j = 0; j < features; ++j)
          slope[j] += error * std::clamp((person->rows[i][j] - mean[j]) / scale[j], -4.0, 4.0);
      }
    }
    for (std::size_t j = 0; j < features; ++j)
      if (used[j]) weight[j] -= slope[j] + 0.003 * weight[j];
    bias -= bias_slope;
  }
};

std::optional<double> logistic_auc(const Logistic& model, const Examples& examples) {
  std::vector<double> yes;
  std::vector<double> no;
  for (std::size_t i = 0; i < examples.rows.size(); ++i)
    (examples.stress[i] ? yes : no).push_back(model.value(examples.rows[i]));
  return auc(std::move(yes), std::move(no));
}

void logistic_row(const std::string& name, const Half& chosen_on, const Half& judged_on,
                  const std::vector<std::size_t>& used) {
  const auto all_of = [](const Half& half) {
    std::vector<Examples> result;
    for (const auto* person : half) result.push_back(examples_of(*person));
    return result;
  };
  const auto a = all_of(chosen_on);
  const auto b = all_of(judged_on);
  const auto fitted_without = [&](std::size_t left_out) {
    std::vector<const Examples*> people;
    for (std::size_t i = 0; i < a.size(); ++i)
      if (i != left_out && !a[i].rows.empty()) people.push_back(&a[i]);
    Logistic model;
    model.used.assign(features, false);
    for (const auto j : used) model.used[j] = true;
    model.fit(people);
    return model;
  };
  std::vector<double> first;
  std::vector<double> second;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (const auto value = logistic_auc(fitted_without(i), a[i])) first.push_back(*value);
  const auto model = fitted_without(a.size());
  for (const auto& examples : b)
    if (const auto value = logistic_auc(model, examples)) second.push_back(*value);
  std::printf("| %-46s | %.3f | %.3f | %.3f | %.3f |\n", name.c_str(), quantile_of(first, 0.5),
              mean_of(first), quantile_of(second, 0.5), mean_of(second));
}

// -ln RMSSD against its own mean at rest; what is not known counts as ordinary.
Series variability(const Person& person) {
  double sum = 0;
  double n = 0;
  for (const auto& second : person.all)
    if (second.t_s <= 360 && std::isfinite(second.rmssd_ms)) {
      sum += std::log(second.rmssd_ms);
      ++n;
    }
  const double calm = n > 0 ? sum / n : std::log(40.0);
  Series series;
  for (const auto& second : person.all)
    series.push_back(std::isfinite(second.rmssd_ms) ? calm - std::log(second.rmssd_ms) : 0);
  return series;
}

void fixed_rows(const Half& a, const Half& b) {
  row("raw heart rate", a, b, [](const Person& person) {
    return each(person, [](const Second& s) { return s.raw_hr_bpm > 0 ? s.raw_hr_bpm : nothing; });
  });
  row("version 0", a, b, index);
  for (const double tau_s : {15.0, 30.0, 60.0, 90.0, 120.0, 180.0})
    row("HR smoothed " + std::to_string(int(tau_s)) + " s", a, b,
        [=](const Person& person) { return smoothed(heart(person), tau_s); });
  for (const double gain : {2.5, 5.0, 10.0, 20.0})
    row("HR smoothed 90 s, movement x " + std::to_string(gain).substr(0, 4), a, b,
        [=](const Person& person) { return smoothed(combined(heart(person), -gain, effort(person)), 90); });
  for (const double tau_s : {600.0, 1200.0})
    row("HR smoothed 90 s less its own " + std::to_string(int(tau_s)) + " s", a, b,
        [=](const Person& person) {
          return combined(smoothed(heart(person), 90), -1, smoothed(heart(person), tau_s));
        });
  for (const double weight : {-0.5, 0.5})
    row("HR smoothed 90 s " + std::string(weight > 0 ? "+" : "-") + " deviation over 60 s", a, b,
        [=](const Person& person) {
          return combined(smoothed(heart(person), 90), weight, deviation(heart(person)));
        });
  for (const double weight : {-0.3, 0.3})
    row("HR smoothed 90 s " + std::string(weight > 0 ? "+" : "-") + " log movement", a, b,
        [=](const Person& person) {
          return combined(smoothed(heart(person), 90), weight, smoothed(movement(person), 60));
        });
  row("-ln RMSSD over 60 s", a, b, variability);
  for (const double weight : {0.3, 1.0})
    row("version 0 - " + std::to_string(weight).substr(0, 3) + " ln RMSSD", a, b,
        [=](const Person& person) { return combined(index(person), weight, variability(person)); });
}

}  // namespace

void print_variants(const std::vector<Person>& people) {
  const auto a = half_of(people, 0);
  const auto b = half_of(people, 1);
  std::printf("\n## Beyond version 0, Stress-Predict, the seconds that version 0 answers\n\n");
  std::printf(
      "half A (%zu people) may be chosen on, half B (%zu) judges; logistic regression: A one person left "
      "out, B fitted on A\n\n",
      a.size(), b.size());
  double known = 0;
  double n = 0;
  for (const auto& person : people)
    for (const auto& second : person.seconds) {
      ++n;
      known += std::isfinite(second.rmssd_ms) ? 1 : 0;
    }
  std::printf("RMSSD known in %.0f %% of the seconds\n\n", 100 * known / n);
  std::printf("| per-person AUC of                              | A median | A mean | B median | B mean |\n");
  std::printf("|---|---|---|---|---|\n");
  fixed_rows(a, b);
  logistic_row("logistic regression: HR at four time scales", a, b, {0, 1, 2, 3});
  logistic_row("logistic regression: and its size and deviation", a, b, {0, 1, 2, 3, 4, 5});
  logistic_row("logistic regression: movement alone", a, b, {6, 7, 8, 9});
  logistic_row("logistic regression: all ten", a, b, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

}  // namespace rytme::bench
