// SPDX-License-Identifier: Apache-2.0
// A swing and a pulse: a recorded swing with exact truth through the whole controller, its commands to our
// player, and the beats that aubio hears in what that plays beside the true turning points.
#include <cstdio>

#include <gtest/gtest.h>

#include "controller/player/player_device.hpp"
#include "tests/app/swing_room.hpp"
#include "tests/player/listening.hpp"
#include "tests/player/turning_points.hpp"
#include "tests/support/shared_data.hpp"

namespace rytme::player {
namespace {

constexpr double output_delay_s = 0.045;  // of the sound device, its buffer full

// rytme-player without its socket and its sound card: what it would play is kept.
struct Recording {
  std::optional<Instant> began;
  Sound sound;
};
class Listened : public simulator::MqttPeer {
 public:
  explicit Listened(Recording& recording)
      : recording_(recording), device_({"player1", "rom1"}, engine_, [](const Track&, double) {
          return std::unique_ptr<TrackSource>{};
        }) {
    device_.output_delay(output_delay_s);
  }
  std::string client_id() const override { return "sim-player1"; }
  std::vector<std::string> subscriptions() const override {
    std::vector<std::string> out;
    for (const auto& subscription : device_.subscriptions()) out.push_back(subscription.filter);
    return out;
  }
  std::vector<MqttPublish> on_connect(Instant now) override {
    device_.broker(true, now);
    recording_.began = next_ = now;
    return device_.announcement();
  }
  std::optional<MqttPublish> will() const override { return device_.will(); }
  std::vector<MqttPublish> farewell() const override { return device_.farewell(); }
  void receive(const MqttMessage& message, Instant now, std::vector<MqttPublish>& out) override {
    device_.receive(message, now, out);
  }
  void tick(Instant now, std::vector<MqttPublish>& out) override {
    for (; next_ <= now; next_ += std::chrono::milliseconds{5}) {
      Block block;
      engine_.render(block);
      recording_.sound.insert(recording_.sound.end(), block.begin(), block.end());
    }
    if (++blocks_ % 10 == 0) device_.tick(now, out);
  }
  Instant next_wake() const override { return next_; }

 private:
  Recording& recording_;
  Engine engine_{-12};
  PlayerDevice device_;
  Instant next_;
  int blocks_{};
};

std::vector<Locked> locked(test::SwingRoom& swing) {
  std::vector<Locked> out;
  int n = 0;
  while (!swing.over()) {
    swing.step();
    if (swing.beats() != 0 && n == 0) out.push_back({swing.beats(), swing.t_s() + 8 / swing.truth().hz, 0});
    n = swing.beats();
    if (n != 0) out.back().to_s = swing.t_s();
  }
  return out;
}

class SwingLocked : public testing::TestWithParam<std::pair<std::string, double>> {};

TEST_P(SwingLocked, TheBeatIsHeardWithin60MillisecondsOfTheTrueTurningPoint) {
  if (!test::shared_available()) GTEST_SKIP() << "no reference data";
  const auto& [name, bpm] = GetParam();
  Recording recording;
  test::SwingRoom swing(name, bpm, std::make_unique<Listened>(recording));
  const auto stretches = locked(swing);
  const double sound_began_s = seconds_between(swing.began(), *recording.began);
  auto beats = onsets(recording.sound, 0.6 * 60 / bpm);
  for (double& beat : beats) beat += sound_began_s + output_delay_s;
  std::size_t turning_points = 0;
  for (const auto& off : off_while_locked(name, stretches, swing.turning_s(), beats)) {
    EXPECT_LE(off.worst_s, 0.060);
    turning_points += off.turning_points;
  }
  EXPECT_GT(turning_points, 12U) << swing.last_decision();
}

INSTANTIATE_TEST_SUITE_P(Recorded, SwingLocked,
                         testing::Values(std::pair{std::string("swing_pumped"), 84.0},
                                         std::pair{std::string("swing_free_decay"), 66.0},
                                         std::pair{std::string("hammock_gentle"), 77.0},
                                         std::pair{std::string("nest_swing_elliptic"), 84.0}),
                         [](const auto& of) { return of.param.first; });

}  // namespace
}  // namespace rytme::player
