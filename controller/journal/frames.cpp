// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/frames.hpp"

#include <algorithm>
#include <string_view>

#include "controller/journal/waveform.hpp"

namespace rytme::journal {
namespace {

// The blob is the last column: rows that are passed over cost no more than their page. A frame arrives after
// its first sample by its own length and the network's delay, so a chunk may begin a little before its first
// arrival.
constexpr std::int64_t longest_delay_us = 5000000;
constexpr const char* chunks_of_span =
    "SELECT x.boot, x.mono_us, x.mono_end_us, x.from_t_us, x.to_t_us, x.data FROM chunk x "
    "JOIN session s ON s.id = x.session WHERE s.name = ?1 AND x.device = ?2 AND x.stream = ?3 "
    "AND x.mono_us - ?6 < ?5 AND x.mono_end_us >= ?4 ORDER BY x.seq";

std::int64_t end_us(const MotionFrame& frame) { return last_t_us(frame); }
std::int64_t end_us(const HeartSample& frame) { return frame.stamp.t_us; }

template <typename Frame, typename Decode>
std::vector<Placed<Frame>> between(Connection& connection, const std::string& session,
                                   const std::string& device, std::string_view stream, Span span, int* chunks,
                                   Decode decode) {
  Statement row = connection.prepare(chunks_of_span);
  row.with(session, device, stream, span.from_us, span.to_us, longest_delay_us);
  std::vector<Placed<Frame>> found;
  while (row.step()) {
    const std::int64_t offset = std::min(row.integer(1) - row.integer(3), row.integer(2) - row.integer(4));
    if (row.integer(3) + offset >= span.to_us || row.integer(4) + offset < span.from_us) continue;
    if (chunks != nullptr) ++*chunks;
    for (Frame& frame : decode(row.blob(5), row.text(0)))
      if (frame.stamp.t_us + offset < span.to_us && end_us(frame) + offset >= span.from_us)
        found.push_back({frame.stamp.t_us + offset, std::move(frame)});
  }
  return found;
}

}  // namespace

std::vector<Placed<MotionFrame>> motion_between(Connection& connection, const std::string& session,
                                                const std::string& device, Span span, int* chunks) {
  return between<MotionFrame>(connection, session, device, "motion", span, chunks, decode_motion);
}

std::vector<Placed<HeartSample>> heart_between(Connection& connection, const std::string& session,
                                               const std::string& device, Span span, int* chunks) {
  return between<HeartSample>(connection, session, device, "heart", span, chunks, decode_heart);
}

}  // namespace rytme::journal
