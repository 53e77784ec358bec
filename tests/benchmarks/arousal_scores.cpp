// SPDX-License-Identifier: Apache-2.0
#include "tests/benchmarks/arousal_scores.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace rytme::bench {

std::optional<double> auc(std::vector<double> positive, std::vector<double> negative) {
  if (positive.empty() || negative.empty()) return std::nullopt;
  std::sort(negative.begin(), negative.end());
  double right = 0;
  for (const double value : positive) {
    const auto [low, high] = std::equal_range(negative.begin(), negative.end(), value);
    right += double(low - negative.begin()) + 0.5 * double(high - low);
  }
  return right / (double(positive.size()) * double(negative.size()));
}

double quantile_of(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double at = share * double(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const auto high = std::min(low + 1, values.size() - 1);
  return values[low] + (values[high] - values[low]) * (at - double(low));
}

double mean_of(const std::vector<double>& values) {
  return values.empty() ? 0 : std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

std::optional<double> person_auc(const Person& person, const Score& score, const Keep& keep,
                                 const Positive& positive, const Positive& negative) {
  std::vector<double> yes;
  std::vector<double> no;
  for (const auto& second : person.seconds) {
    if (!keep(second)) continue;
    if (positive(second.label))
      yes.push_back(score(second));
    else if (negative(second.label))
      no.push_back(score(second));
  }
  return auc(std::move(yes), std::move(no));
}

Operating at_threshold(const std::vector<const Person*>& people, const Score& score, const Keep& keep,
                       const Positive& positive, const Positive& negative, double threshold) {
  double hit = 0;
  double yes = 0;
  double quiet = 0;
  double no = 0;
  for (const auto* person : people) {
    for (const auto& second : person->seconds) {
      if (!keep(second)) continue;
      const bool over = score(second) >= threshold;
      if (positive(second.label)) {
        ++yes;
        hit += over ? 1 : 0;
      } else if (negative(second.label)) {
        ++no;
        quiet += over ? 0 : 1;
      }
    }
  }
  return {threshold, yes > 0 ? hit / yes : 0, no > 0 ? quiet / no : 0};
}

double best_threshold(const std::vector<const Person*>& people, const Score& score, const Keep& keep,
                      const Positive& positive, const Positive& negative) {
  std::vector<double> values;
  for (const auto* person : people)
    for (const auto& second : person->seconds)
      if (keep(second)) values.push_back(score(second));
  Operating best;
  for (double share = 0.02; share < 0.99; share += 0.02) {
    const auto here = at_threshold(people, score, keep, positive, negative, quantile_of(values, share));
    if (here.balanced() > best.balanced()) best = here;
  }
  return best.threshold;
}

}  // namespace rytme::bench
