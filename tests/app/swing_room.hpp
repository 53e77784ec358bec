// SPDX-License-Identifier: Apache-2.0
// A room in which a recorded swing with exact truth swings, and whose tempo follows it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/app/simulated_room.hpp"

namespace rytme::test {

// The example settings with one more preset, "even", that stays at one tempo. Gone with the object.
class EvenSettings {
 public:
  explicit EvenSettings(double bpm);
  ~EvenSettings();
  EvenSettings(const EvenSettings&) = delete;
  EvenSettings& operator=(const EvenSettings&) = delete;
  std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

struct SwingTruth {
  double t_s{}, phase_rad{}, hz{}, amplitude_deg{};
};
// Of a recording of data/synthetic_swing.
std::vector<SwingTruth> swing_truth(const std::string& name);
std::string swing_recording(const std::string& name);  // its file
// Where it turns, by the recording's clock.
std::vector<double> turning_points_s(const std::vector<SwingTruth>& truth);
// When the last sample of a frame was taken, s of the recording's clock.
double last_sample_s(const std::string& payload);

class SwingRoom {
 public:
  // `name` of a recording of data/synthetic_swing; runs until its first frame. `player` takes the modelled
  // player's place.
  SwingRoom(const std::string& name, double bpm, std::unique_ptr<simulator::MqttPeer> player = nullptr);

  bool over() const { return t_s() + 1 > truth_.back().t_s; }
  // The recording's clock: a frame comes as its last sample is taken.
  double t_s() const { return seconds_between(*began_, room.now().steady); }
  Instant began() const { return *began_; }
  const SwingTruth& truth() const;
  const std::vector<double>& turning_s() const { return turning_s_; }
  // How far the modelled player's beat is from where it should be, in degrees of the swing: beats fall on
  // turning points and go evenly between them, where the phase of a large swing does not. Half a swing off is
  // the other turning point, which an odd number of beats may have chosen.
  double error_deg(int beats);
  int beats() const { return room.state().follow.beats_per_swing; }
  void step() { room.run(std::chrono::milliseconds{50}); }
  std::string last_decision() const;
  // Every tempo that was told: when (s), BPM.
  std::vector<std::pair<double, double>> tempi() const;

 private:
  EvenSettings settings_;
  std::vector<SwingTruth> truth_;
  std::vector<double> turning_s_;
  std::optional<Instant> began_;

 public:
  SimulatedRoom room;
};

}  // namespace rytme::test
