// SPDX-License-Identifier: Apache-2.0
// A session's own time: seconds since its start on the steady clock, whatever the wall clock did. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace rytme::journal {

// Where a fact stands: its place in the record, the steady clock, and UTC as the wall clock had it.
struct Moment {
  std::int64_t seq{};
  double mono_s{}, utc_s{};
};

class SessionTime {
 public:
  explicit SessionTime(const Moment& start = {});

  // Facts of the session in their order, so that a restart of the machine between two of them is found: the
  // steady clock begins anew. What passed meanwhile is what the wall clock says, from 0 to 1 h; else nothing.
  void saw(const Moment& fact);

  double at(std::int64_t seq, double mono_s) const;
  bool restarted() const { return pieces_.size() > 1; }

 private:
  struct Piece {
    std::int64_t from_seq{};
    double mono_at_zero_s{};
  };
  std::vector<Piece> pieces_;
  Moment before_;
};

}  // namespace rytme::journal
