// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/chunker.hpp"

#include <algorithm>

#include "controller/journal/waveform.hpp"

namespace rytme::journal {
namespace {

// A batch writes the whole growing chunk again: the limits keep that to some 10 KB per stream and second.
constexpr std::int64_t max_axis_values = 12288;
constexpr std::int64_t max_heart_frames = 4096;
constexpr std::chrono::seconds max_motion_age{60};
constexpr std::chrono::minutes max_heart_age{60};
constexpr std::string_view heart_stream = "heart";
constexpr std::string_view motion_stream = "motion";

bool is_full(const ChunkRow& row) {
  const auto age = row.last.steady - row.first.steady;
  if (row.stream == heart_stream) return row.frames >= max_heart_frames || age >= max_heart_age;
  return row.samples * 6 >= max_axis_values || age >= max_motion_age;
}

std::string encoded(const std::variant<std::vector<HeartSample>, std::vector<MotionFrame>>& frames) {
  return std::visit([](const auto& list) { return encode(list); }, frames);
}

}  // namespace

// Where a frame belongs and what it adds.
struct Chunker::Arrival {
  const JournalEntry& entry;
  const std::string& device;
  const StreamStamp& stamp;
  std::string_view stream;
  std::int64_t samples{};
  std::int64_t to_t_us{};
};

void Chunker::add(const JournalEntry& entry) {
  if (const auto* heart = std::get_if<entry::Heart>(&entry.what)) {
    const HeartSample& frame = heart->sample;
    add({entry, heart->device, frame.stamp, heart_stream, frame.rr_count, frame.stamp.t_us}, frame);
  } else if (const auto* motion = std::get_if<entry::Motion>(&entry.what)) {
    const MotionFrame& frame = motion->frame;
    add({entry, motion->device, frame.stamp, motion_stream, static_cast<std::int64_t>(frame.ax.size()),
         last_t_us(frame)},
        frame);
  }
}

void Chunker::add(const Arrival& arrival, const HeartSample& frame) {
  std::get<std::vector<HeartSample>>(chunk_for(arrival).frames).push_back(frame);
}

void Chunker::add(const Arrival& arrival, const MotionFrame& frame) {
  std::get<std::vector<MotionFrame>>(chunk_for(arrival).frames).push_back(frame);
}

Chunker::Open& Chunker::chunk_for(const Arrival& arrival) {
  const std::pair key{arrival.device, arrival.stream};
  auto place = open_.find(key);
  if (place != open_.end() && !continues(place->second.row, arrival)) {
    if (place->second.changed) finish(place->second);
    open_.erase(place);
    place = open_.end();
  }
  if (place == open_.end()) place = open_.emplace(key, begin(arrival)).first;
  extend(place->second.row, arrival);
  place->second.changed = true;
  return place->second;
}

bool Chunker::continues(const ChunkRow& row, const Arrival& arrival) {
  return row.session == arrival.entry.session && row.boot == arrival.stamp.boot && !is_full(row);
}

Chunker::Open Chunker::begin(const Arrival& arrival) {
  Open chunk;
  if (arrival.stream == motion_stream) chunk.frames = std::vector<MotionFrame>{};
  chunk.row.id = next_id_++;
  chunk.row.session = arrival.entry.session;
  chunk.row.device = arrival.device;
  chunk.row.boot = arrival.stamp.boot;
  chunk.row.stream = arrival.stream;
  chunk.row.seq = arrival.entry.seq;
  chunk.row.first = arrival.entry.at;
  chunk.row.first_seq = chunk.row.last_seq = arrival.stamp.seq;
  chunk.row.from_t_us = arrival.stamp.t_us;
  chunk.row.to_t_us = arrival.to_t_us;
  return chunk;
}

void Chunker::extend(ChunkRow& row, const Arrival& arrival) {
  row.seq_end = arrival.entry.seq;
  row.last = arrival.entry.at;
  row.first_seq = std::min(row.first_seq, arrival.stamp.seq);
  row.last_seq = std::max(row.last_seq, arrival.stamp.seq);
  row.from_t_us = std::min(row.from_t_us, arrival.stamp.t_us);
  row.to_t_us = std::max(row.to_t_us, arrival.to_t_us);
  row.samples += arrival.samples;
  ++row.frames;
}

void Chunker::finish(const Open& chunk) {
  full_.push_back(chunk.row);
  full_.back().data = encoded(chunk.frames);
}

std::vector<ChunkRow> Chunker::take() {
  for (auto& [key, chunk] : open_) {
    if (!chunk.changed) continue;
    finish(chunk);
    chunk.changed = false;
  }
  return std::exchange(full_, {});
}

}  // namespace rytme::journal
