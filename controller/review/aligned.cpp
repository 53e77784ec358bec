// SPDX-License-Identifier: Apache-2.0
#include "controller/review/aligned.hpp"

#include <algorithm>

#include "controller/review/question.hpp"

namespace rytme::review {
namespace {

constexpr std::size_t most_aligned_points = 1000;
constexpr std::size_t most_aligned_rows = 50000;

Scale scale_of(const std::string& name, const std::vector<AlignedSession>& sessions) {
  Scale scale{name, {}, {}};
  for (const AlignedSession& session : sessions)
    for (const Series& series : session.curves.series) {
      if (series.name.text != name || !series.digest.min) continue;
      scale.min = std::min(scale.min.value_or(*series.digest.min), *series.digest.min);
      scale.max = std::max(scale.max.value_or(*series.digest.max), *series.digest.max);
    }
  return scale;
}

}  // namespace

Aligned aligned(journal::Connection& connection, const std::string& participant,
                const AlignedQuestion& question) {
  if (question.last < 1 || question.last > most_sessions)
    throw BadQuestion("last", "Last must be 1 to " + std::to_string(most_sessions) + ".");
  if (question.points < 1 || question.points > most_aligned_points)
    throw BadQuestion("points", "Points must be 1 to " + std::to_string(most_aligned_points) + ".");
  if (question.names.size() * question.last * question.points > most_aligned_rows)
    throw BadQuestion(
        "points", "Names times last times points must be at most " + std::to_string(most_aligned_rows) + ".");
  Aligned result{participant, 0, {}, {}};
  const auto frames = frames_of(connection, participant, question.last);
  for (const SessionFrame& frame : frames) result.length_s = std::max(result.length_s, frame.length_s);
  const double bucket_s = result.length_s / static_cast<double>(question.points);
  for (const SessionFrame& frame : frames)
    result.sessions.push_back({series_in(connection, frame, question.names, {0, frame.length_s, bucket_s}),
                               phases_of(connection, frame)});
  for (const Name& name : question.names) result.scales.push_back(scale_of(name.text, result.sessions));
  return result;
}

}  // namespace rytme::review
