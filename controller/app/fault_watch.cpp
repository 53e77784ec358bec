// SPDX-License-Identifier: Apache-2.0
#include "controller/app/fault_watch.hpp"

#include <algorithm>

namespace rytme::app {

void FaultWatch::is(safety::Fault fault, Where where, bool there, Instant now) {
  if (there)
    since_.try_emplace({fault, where}, now);
  else
    since_.erase({fault, where});
}

bool FaultWatch::there(safety::Fault fault) const {
  return std::any_of(since_.begin(), since_.end(), [&](const auto& row) { return row.first.first == fault; });
}

std::vector<FaultWatch::Row> FaultWatch::rows() const {
  std::vector<Row> rows;
  rows.reserve(since_.size());
  for (const auto& [what, since] : since_) rows.push_back({what.first, what.second, since});
  return rows;
}

Response FaultWatch::response(safety::Fault fault, Instant now) const {
  std::vector<safety::Active> active;
  for (const auto& [what, since] : since_)
    if (what.first == fault) active.push_back({fault, since});
  return safety::judge(active, now).response;
}

}  // namespace rytme::app
