// SPDX-License-Identifier: Apache-2.0
// Random access to waveforms: the frames of one device of one session between two instants, reading and
// decoding only the chunks that hold them. The caller holds the read transaction; any thread, one connection
// per thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "controller/journal/sqlite.hpp"
#include "controller/room/reading.hpp"

namespace rytme::journal {

// Half open, steady µs as in mono_us.
struct Span {
  std::int64_t from_us{};
  std::int64_t to_us{};
};

// A frame and when it was there, on the steady clock: its node's time put beside the arrival of its chunk's
// first and last frame, the earlier of the two distances (the shorter way through the network). `mono_us` is
// of its first sample.
template <typename Frame>
struct Placed {
  std::int64_t mono_us{};
  Frame frame;
};

// In the order of time within a boot. A motion frame belongs to the span that any of its samples belongs to.
// `chunks`, when given, is raised by how many were decoded. Throws SqlError, BadChunk.
std::vector<Placed<MotionFrame>> motion_between(Connection& connection, const std::string& session,
                                                const std::string& device, Span span, int* chunks = nullptr);
std::vector<Placed<HeartSample>> heart_between(Connection& connection, const std::string& session,
                                               const std::string& device, Span span, int* chunks = nullptr);

}  // namespace rytme::journal
