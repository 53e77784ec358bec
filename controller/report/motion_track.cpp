// SPDX-License-Identifier: Apache-2.0
#include "controller/report/motion_track.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "controller/journal/columns.hpp"
#include "controller/journal/waveform.hpp"

namespace rytme::report {
namespace {

using journal::ChunkRecord;
using journal::SessionFacts;

// Seconds of the session for a node's t_us.
class NodeClock {
 public:
  void chunk(const ChunkRecord& chunk, const SessionClock& clock, std::int64_t first_last_us) {
    const double at_first = clock.at(chunk.seq, chunk.mono_s) - static_cast<double>(first_last_us) / 1e6;
    const double at_last = clock.at(chunk.seq, chunk.mono_end_s) - static_cast<double>(chunk.to_t_us) / 1e6;
    const double found = std::min(at_first, at_last);  // the quickest arrival is nearest the truth
    if (boot_ != chunk.boot || std::abs(found - offset_s_) > reanchor_s) offset_s_ = found;
    boot_ = chunk.boot;
  }
  double at(std::int64_t t_us) const { return static_cast<double>(t_us) / 1e6 + offset_s_; }

 private:
  static constexpr double reanchor_s = 0.25;
  std::string boot_;
  double offset_s_{};
};

class Steps {
 public:
  void add(const MotionFrame& frame) {
    for (const std::int32_t step : frame.step_us) steps_.push_back(step);
    if (frame.ax.size() == 1 && frame.stamp.seq == next_seq_ && frame.stamp.boot == boot_)
      steps_.push_back(frame.stamp.t_us - before_us_);
    next_seq_ = frame.stamp.seq + 1;
    before_us_ = journal::last_t_us(frame);
    boot_ = frame.stamp.boot;
  }
  int rate_hz() {
    std::erase_if(steps_, [](std::int64_t step) { return step <= 0; });
    if (steps_.empty()) return 1;
    const auto middle = steps_.begin() + static_cast<std::ptrdiff_t>(steps_.size() / 2);
    std::nth_element(steps_.begin(), middle, steps_.end());
    return static_cast<int>(std::clamp(std::lround(1e6 / static_cast<double>(*middle)), 1L, 1000L));
  }

 private:
  std::vector<std::int64_t> steps_;
  std::uint64_t next_seq_{};
  std::int64_t before_us_{};
  std::string boot_;
};

void add_samples(MotionTrack& track, const MotionFrame& frame, const NodeClock& node, double length_s) {
  const std::size_t count = std::min({frame.ax.size(), frame.ay.size(), frame.az.size()});
  const bool gyro = count > 0 && std::min({frame.gx.size(), frame.gy.size(), frame.gz.size()}) >= count;
  track.gyro = track.gyro || gyro;
  std::int64_t t_us = frame.stamp.t_us;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0 && !frame.step_us.empty()) t_us += frame.step_us[std::min(i, frame.step_us.size()) - 1];
    const double t_s = node.at(t_us);
    if (t_s < 0 || t_s > length_s) {
      ++track.outside;
      continue;
    }
    const auto nan = std::nanf("");
    track.samples.push_back({t_s,
                             {frame.ax[i], frame.ay[i], frame.az[i], gyro ? frame.gx[i] : nan,
                              gyro ? frame.gy[i] : nan, gyro ? frame.gz[i] : nan}});
  }
}

class BeatChain {
 public:
  explicit BeatChain(BeatTrack& track) : track_(track) {}
  void add(const HeartSample& frame, double arrival_s) {
    if (frame.rr_count == 0) return next(frame);
    double all_s = 0, last_s = 0;
    for (std::size_t i = 0; i < frame.rr_count; ++i) all_s += last_s = frame.rr_1024[i] / 1024.0;
    const bool follows = frame.stamp.seq == next_seq_ && frame.stamp.boot == boot_;
    if (!follows || std::abs(arrival_s - (end_s_ + all_s)) > std::max(1.5, 2 * last_s))
      end_s_ = arrival_s - all_s;
    for (std::size_t i = 0; i < frame.rr_count; ++i) {
      track_.beats.push_back({end_s_, frame.rr_1024[i]});
      end_s_ += frame.rr_1024[i] / 1024.0;
    }
    next(frame);
  }

 private:
  void next(const HeartSample& frame) {
    next_seq_ = frame.stamp.seq + 1;
    boot_ = frame.stamp.boot;
  }
  BeatTrack& track_;
  double end_s_{};
  std::uint64_t next_seq_{};
  std::string boot_;
};

}  // namespace

std::vector<std::string> devices_of(const SessionFacts& facts, std::string_view stream) {
  std::set<std::string> devices;
  for (const ChunkRecord& chunk : facts.chunks)
    if (chunk.stream == stream) devices.insert(chunk.device);
  return {devices.begin(), devices.end()};
}

MotionTrack motion_track(const SessionFacts& facts, const SessionClock& clock, const std::string& device) {
  MotionTrack track;
  track.device = device;
  NodeClock node;
  Steps steps;
  for (const ChunkRecord& chunk : facts.chunks) {
    if (chunk.device != device || chunk.stream == "heart") continue;
    try {
      const auto frames = journal::decode_motion(chunk.data, chunk.boot);
      if (frames.empty()) continue;
      node.chunk(chunk, clock, journal::last_t_us(frames.front()));
      for (const MotionFrame& frame : frames) {
        steps.add(frame);
        add_samples(track, frame, node, clock.length_s());
      }
    } catch (const journal::BadChunk&) {
      ++track.unreadable;
    }
  }
  track.rate_hz = steps.rate_hz();
  std::stable_sort(track.samples.begin(), track.samples.end(),
                   [](const MotionSample& a, const MotionSample& b) { return a.t_s < b.t_s; });
  return track;
}

BeatTrack beat_track(const SessionFacts& facts, const SessionClock& clock, const std::string& device) {
  BeatTrack track;
  track.device = device;
  NodeClock node;
  BeatChain chain(track);
  for (const ChunkRecord& chunk : facts.chunks) {
    if (chunk.device != device || chunk.stream != "heart") continue;
    try {
      node.chunk(chunk, clock, chunk.from_t_us);
      for (const HeartSample& frame : journal::decode_heart(chunk.data, chunk.boot))
        chain.add(frame, node.at(frame.stamp.t_us));
    } catch (const journal::BadChunk&) {
      ++track.unreadable;
    }
  }
  return track;
}

}  // namespace rytme::report
