// SPDX-License-Identifier: Apache-2.0
#include "controller/review/person_memory.hpp"

#include <algorithm>

#include "controller/review/baseline.hpp"

namespace rytme::review {
namespace {

constexpr std::size_t most_measurements = 10, looked_at = 100;

std::vector<PersonMemory::Movement> movement_of(journal::Connection& connection,
                                                const std::string& participant) {
  std::vector<PersonMemory::Movement> newest;
  journal::Statement row = connection.prepare(
      "SELECT json_extract(v.data, '$.place'), json_extract(v.data, '$.xx'), json_extract(v.data, '$.xy'), "
      "json_extract(v.data, '$.yy'), json_extract(v.data, '$.xd'), json_extract(v.data, '$.yd'), "
      "json_extract(v.data, '$.seconds') FROM v_event v LEFT JOIN session s ON s.name = v.session "
      "WHERE v.kind = 'baseline_gains' AND json_valid(v.data) AND "
      "coalesce(nullif(s.participant, ''), json_extract(v.data, '$.participant')) = ?1 ORDER BY v.seq DESC");
  row.with(participant);
  while (row.step()) {
    const std::string place = row.text(0);
    const auto same = [&](const auto& known) { return known.place == place; };
    if (std::any_of(newest.begin(), newest.end(), same)) continue;
    const auto sum = [&](int column) { return row.maybe_real(column).value_or(0); };
    newest.push_back({place, sum(1), sum(2), sum(3), sum(4), sum(5), sum(6)});
  }
  return newest;
}

}  // namespace

PersonMemory person_memory(journal::Connection& connection, const std::string& participant) {
  PersonMemory memory;
  for (const CalmPulse& pulse : calm_pulses(connection, participant, looked_at).history)
    if (pulse.quality == "good" && pulse.bpm && memory.calm_bpm.size() < most_measurements)
      memory.calm_bpm.push_back(*pulse.bpm);
  std::reverse(memory.calm_bpm.begin(), memory.calm_bpm.end());
  memory.movement = movement_of(connection, participant);
  return memory;
}

}  // namespace rytme::review
