// SPDX-License-Identifier: Apache-2.0
// Gathers stream frames into chunks: one growing chunk per device and stream. A chunk is written again,
// longer, with every batch, so each commit makes all frames durable, and closed when it is full, old, or the
// session or the boot changes: so a finished record is few, long, well-compressed chunks. Owner and thread:
// the writer.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "controller/room/journal_entry.hpp"

namespace rytme::journal {

struct ChunkRow {
  std::int64_t id{};
  std::string session, device, boot;
  std::string_view stream;                // "heart" | "motion"
  std::uint64_t seq{}, seq_end{};         // journal sequence of the first and the last frame
  Now first, last;                        // arrival of the first and the last frame
  std::uint64_t first_seq{}, last_seq{};  // the node's own sequence, smallest and largest
  std::int64_t from_t_us{}, to_t_us{};    // the node's own clock, earliest and latest
  std::int64_t frames{}, samples{};       // samples: RR values, or samples per axis
  std::string data;                       // waveform.hpp
};

class Chunker {
 public:
  explicit Chunker(std::int64_t next_id) : next_id_(next_id) {}

  // `entry` holds a Heart or a Motion.
  void add(const JournalEntry& entry);
  // Every chunk that changed since the last call, encoded.
  std::vector<ChunkRow> take();

 private:
  struct Open {
    ChunkRow row;
    std::variant<std::vector<HeartSample>, std::vector<MotionFrame>> frames;
    bool changed{};
  };
  struct Arrival;

  void add(const Arrival& arrival, const HeartSample& frame);
  void add(const Arrival& arrival, const MotionFrame& frame);
  Open& chunk_for(const Arrival& arrival);
  static bool continues(const ChunkRow& row, const Arrival& arrival);
  Open begin(const Arrival& arrival);
  static void extend(ChunkRow& row, const Arrival& arrival);
  void finish(const Open& chunk);

  std::int64_t next_id_;
  std::map<std::pair<std::string, std::string_view>, Open> open_;
  std::vector<ChunkRow> full_;
};

}  // namespace rytme::journal
