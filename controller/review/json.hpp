// SPDX-License-Identifier: Apache-2.0
// The answers as JSON (docs/review.md). Unknown is null, never 0.
#pragma once

#include <string>
#include <vector>

#include "controller/review/aligned.hpp"
#include "controller/review/baseline.hpp"
#include "controller/review/changes.hpp"
#include "controller/review/marks.hpp"
#include "controller/review/series.hpp"
#include "controller/review/stretches.hpp"

namespace rytme::review {

std::string to_json(const SeriesAnswer& answer);
std::string to_json(const Summary& summary);
std::string to_json(const Aligned& aligned);
std::string to_json(const Changes& changes);
std::string to_json(const CalmPulses& pulses);
std::string to_json(const Marks& marks);
std::string to_json(const std::string& participant, const std::vector<Day>& days);

}  // namespace rytme::review
