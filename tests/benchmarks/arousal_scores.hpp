// SPDX-License-Identifier: Apache-2.0
// How well a number orders labelled seconds, per person.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "tests/benchmarks/arousal_data.hpp"

namespace rytme::bench {

// Share of (positive, negative) pairs in the right order, ties half (Mann-Whitney). nullopt: one side is
// empty.
std::optional<double> auc(std::vector<double> positive, std::vector<double> negative);

// Linear between order statistics; 0 of none.
double quantile_of(std::vector<double> values, double share);
double mean_of(const std::vector<double>& values);

using Score = std::function<double(const Second&)>;
using Keep = std::function<bool(const Second&)>;
using Positive = std::function<bool(const std::string& label)>;

// AUC of score over the kept seconds of one person whose label is positive or negative.
std::optional<double> person_auc(const Person& person, const Score& score, const Keep& keep,
                                 const Positive& positive, const Positive& negative);

// Best mean of sensitivity and specificity over the people's kept seconds; the threshold that gives it.
struct Operating {
  double threshold{}, sensitivity{}, specificity{};
  double balanced() const { return (sensitivity + specificity) / 2; }
};
Operating at_threshold(const std::vector<const Person*>& people, const Score& score, const Keep& keep,
                       const Positive& positive, const Positive& negative, double threshold);
double best_threshold(const std::vector<const Person*>& people, const Score& score, const Keep& keep,
                      const Positive& positive, const Positive& negative);

inline bool answered(const Second& second) { return second.result.level.has_value(); }

}  // namespace rytme::bench
