// SPDX-License-Identifier: Apache-2.0
// Samples of the motion and heart streams of a session, out of their chunks. Only chunks that reach into the
// asked span are read.
#pragma once

#include <cstddef>

#include "controller/review/row_source.hpp"

namespace rytme::review {

// Times: within one boot of a node its own clock, laid on the session's by the quickest arrival; where the
// two clocks do not run alike (a recording played fast), the arrivals. A chunk that cannot be decoded is a
// gap; returns how many were.
std::size_t stream_waves(journal::Connection& connection, const SessionFrame& session,
                         const std::vector<Name>& names, double from_s, double to_s, const Opener& open);

}  // namespace rytme::review
