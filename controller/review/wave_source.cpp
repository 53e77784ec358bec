// SPDX-License-Identifier: Apache-2.0
#include "controller/review/wave_source.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "controller/journal/columns.hpp"
#include "controller/journal/waveform.hpp"

namespace rytme::review {
namespace {

constexpr double missing_after_steps = 3;  // of a motion sensor: a lost frame is longer than that
constexpr double clocks_differ_s = 2;

struct Chunk {
  std::int64_t id{};
  std::string device, boot;
  double arrived_s{}, arrived_end_s{};  // first and last frame, on the session's clock
  std::int64_t from_t_us{}, to_t_us{};  // on the node's
  double offset_s{};                    // session's clock minus node's
  double rate{1};                       // of the session's clock against the node's

  double node_span_s() const { return static_cast<double>(to_t_us - from_t_us) / 1e6; }
  double seconds(std::int64_t t_us) const { return static_cast<double>(t_us) / 1e6 * rate + offset_s; }
};

std::vector<Chunk> chunks_of(journal::Connection& connection, const SessionFrame& session,
                             std::string_view stream) {
  journal::Statement row = connection.prepare(
      "SELECT id, device, boot, seq, seq_end, mono_us, mono_end_us, from_t_us, to_t_us FROM chunk "
      "WHERE session = ?1 AND stream = ?2 ORDER BY seq");
  std::vector<Chunk> chunks;
  row.with(session.row, stream);
  while (row.step()) {
    Chunk chunk;
    chunk.id = row.integer(0);
    chunk.device = row.text(1);
    chunk.boot = row.text(2);
    chunk.arrived_s = session.seconds(row.integer(3), row.integer(5));
    chunk.arrived_end_s = session.seconds(row.integer(4), row.integer(6));
    chunk.from_t_us = row.integer(7);
    chunk.to_t_us = row.integer(8);
    chunks.push_back(std::move(chunk));
  }
  return chunks;
}

// The quickest arrival of a boot tells where its clock lies; what a slow network added to others is left out.
void lay_clocks(std::vector<Chunk>& chunks) {
  std::map<std::pair<std::string, std::string>, double> quickest;
  const auto arrival = [](const Chunk& chunk) {
    return chunk.arrived_end_s - static_cast<double>(chunk.to_t_us) / 1e6;
  };
  for (const Chunk& chunk : chunks) {
    const auto [place, fresh] = quickest.try_emplace({chunk.device, chunk.boot}, arrival(chunk));
    if (!fresh) place->second = std::min(place->second, arrival(chunk));
  }
  for (Chunk& chunk : chunks) {
    const double arrived_span_s = chunk.arrived_end_s - chunk.arrived_s;
    chunk.offset_s = quickest[{chunk.device, chunk.boot}];
    if (arrival(chunk) - chunk.offset_s > clocks_differ_s) chunk.offset_s = arrival(chunk);
    if (std::abs(chunk.node_span_s() - arrived_span_s) <= clocks_differ_s || chunk.node_span_s() <= 0)
      continue;
    chunk.rate = std::max(0.0, arrived_span_s) / chunk.node_span_s();
    chunk.offset_s = chunk.arrived_end_s - static_cast<double>(chunk.to_t_us) / 1e6 * chunk.rate;
  }
}

struct Target {
  const Name* name{};
  Buckets* into{};
};

// Between samples on average, for frames of one sample, which name no step.
double usual_step_us(const std::vector<std::int64_t>& t_us) {
  if (t_us.size() < 2) return late_after_s * 1e6;
  return static_cast<double>(t_us.back() - t_us.front()) / static_cast<double>(t_us.size() - 1);
}

void put_motion(const Chunk& chunk, const std::string& data, const std::vector<Target>& targets) {
  unsigned axes = 0;
  for (const Target& target : targets)
    axes |= target.name->axis == magnitude_axis ? 0b111U : 1U << target.name->axis;
  const journal::MotionColumns motion = journal::decode_motion_columns(data, axes);
  const double usual_us = usual_step_us(motion.t_us);
  for (const Target& target : targets) {
    const bool magnitude = target.name->axis == magnitude_axis;
    const auto& first = motion.axes[magnitude ? 0 : target.name->axis];
    for (std::size_t i = 0; i < motion.t_us.size(); ++i) {
      double value = first[i];
      if (magnitude) {
        const double y = motion.axes[1][i];
        const double z = motion.axes[2][i];
        value = std::sqrt(value * value + y * y + z * z);
      }
      const double step_us = motion.step_us[i] > 0 ? motion.step_us[i] : usual_us;
      const double hold_s = missing_after_steps * step_us / 1e6 * chunk.rate;
      target.into->add(chunk.seconds(motion.t_us[i]), value, true, hold_s);
    }
  }
}

// A frame's last beat is at its time, the ones before it lie earlier by their intervals.
void put_beats(const Chunk& chunk, const std::string& data, const std::vector<Target>& targets) {
  constexpr double shortest_ms = 270;
  constexpr double longest_ms = 2000;
  for (const HeartSample& frame : journal::decode_heart(data, chunk.boot)) {
    double later_ms = 0;
    std::array<double, HeartSample::max_rr> before_ms{};
    for (std::size_t k = frame.rr_count; k-- > 0;) {
      before_ms[k] = later_ms;
      later_ms += frame.rr_1024[k] / 1.024;
    }
    for (std::size_t k = 0; k < frame.rr_count; ++k) {
      const double rr_ms = frame.rr_1024[k] / 1.024;
      const bool good = rr_ms >= shortest_ms && rr_ms <= longest_ms && frame.contact != Contact::no;
      const double at_s = chunk.seconds(frame.stamp.t_us) - before_ms[k] / 1e3 * chunk.rate;
      for (const Target& target : targets)
        target.into->add(at_s, rr_ms, good, std::max(1.5, rr_ms / 500) * chunk.rate);
    }
  }
}

template <typename Put>
std::size_t stream(journal::Connection& connection, const SessionFrame& session, std::string_view name,
                   const std::vector<const Name*>& names, double from_s, double to_s, const Opener& open,
                   const Put& put) {
  if (names.empty()) return 0;
  std::vector<Chunk> chunks = chunks_of(connection, session, name);
  lay_clocks(chunks);
  std::map<std::string, std::vector<Target>> devices;
  journal::Statement row = connection.prepare("SELECT data FROM chunk WHERE id = ?1");
  std::size_t damaged = 0;
  for (const Chunk& chunk : chunks) {
    auto& targets = devices[chunk.device];
    if (targets.empty())
      for (const Name* asked : names) targets.push_back({asked, &open(*asked, chunk.device)});
    const double begin_s = chunk.seconds(chunk.from_t_us);
    if (begin_s > to_s || chunk.seconds(chunk.to_t_us) + late_after_s < from_s) continue;
    if (!row.with(chunk.id).step()) continue;
    try {
      put(chunk, row.blob(0), targets);
    } catch (const journal::BadChunk&) {
      for (const Target& target : targets) target.into->unknown(begin_s);
      ++damaged;
    }
  }
  return damaged;
}

std::vector<const Name*> of_source(const std::vector<Name>& names, Source source) {
  std::vector<const Name*> found;
  for (const Name& name : names)
    if (name.source == source) found.push_back(&name);
  return found;
}

}  // namespace

std::size_t stream_waves(journal::Connection& connection, const SessionFrame& session,
                         const std::vector<Name>& names, double from_s, double to_s, const Opener& open) {
  return stream(connection, session, "motion", of_source(names, Source::motion), from_s, to_s, open,
                put_motion) +
         stream(connection, session, "heart", of_source(names, Source::beats), from_s, to_s, open, put_beats);
}

}  // namespace rytme::review
