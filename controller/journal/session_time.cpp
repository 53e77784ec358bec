// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/session_time.hpp"

#include <algorithm>
#include <iterator>

namespace rytme::journal {
namespace {
constexpr double little_s = 1;      // facts of one moment may stand a little out of order
constexpr double longest_s = 3600;  // of an outage that still belongs to the session
}  // namespace

SessionTime::SessionTime(const Moment& start) : pieces_{{start.seq, start.mono_s}}, before_(start) {}

void SessionTime::saw(const Moment& fact) {
  if (fact.mono_s < before_.mono_s - little_s) {
    const double wall_s = fact.utc_s - before_.utc_s;
    const double passed_s = wall_s >= 0 && wall_s <= longest_s ? wall_s : 0;
    pieces_.push_back({fact.seq, fact.mono_s - (at(before_.seq, before_.mono_s) + passed_s)});
  }
  before_ = fact;
}

double SessionTime::at(std::int64_t seq, double mono_s) const {
  const auto piece =
      std::upper_bound(pieces_.begin() + 1, pieces_.end(), seq,
                       [](std::int64_t wanted, const Piece& each) { return wanted < each.from_seq; });
  return mono_s - std::prev(piece)->mono_at_zero_s;
}

}  // namespace rytme::journal
