// SPDX-License-Identifier: Apache-2.0
// A track from a process of its own (rytme-track): its samples by a pipe, its speed by a socket. It ends with
// the object. Thread of its owner.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <map>
#include <string>

#include <sys/types.h>

#include "controller/player/track_source.hpp"

namespace rytme::player_app {

class TrackProcess : public player::TrackSource {
 public:
  // Beside the program, or where a test says.
  static std::filesystem::path program();

  // From `start_s` of the recording on. `waits`: read() and health() wait for the process, up to 10 s; for
  // who renders faster than life. Throws std::system_error when this process has no pipe left.
  TrackProcess(const std::filesystem::path& file, double start_s, double speed, bool waits = false);
  ~TrackProcess() override;
  TrackProcess(const TrackProcess&) = delete;
  TrackProcess& operator=(const TrackProcess&) = delete;

  std::size_t read(std::span<player::Frame> out) override;
  void set_speed(double speed) override;
  Health health() override;
  std::optional<double> position_s() override { return position_s_; }
  double speed_delay_s() const override;

  // What the file says of itself: title, bpm. Empty: nothing, or it cannot be read. Waits for it, up to 10 s.
  static std::map<std::string, std::string> tags(const std::filesystem::path& file);

 private:
  struct Change {
    std::uint64_t frame;  // of this speed the first one; of one that was told the next one to be read
    double speed;
  };
  std::size_t read_once(std::span<player::Frame> out);
  void hear_taken();
  void over();
  bool wait() const;  // false: nothing came

  bool waits_;
  int samples_{-1}, speeds_{-1};
  pid_t pid_{-1};
  Health health_{Health::opening};
  double position_s_;
  double speed_;
  std::uint64_t frames_{};
  double taken_after_frames_;  // as of late
  std::deque<Change> told_;    // when, and libmpv has not yet taken it
  std::deque<Change> changes_;
  std::string half_;  // of a frame
};

}  // namespace rytme::player_app
