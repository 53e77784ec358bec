// SPDX-License-Identifier: Apache-2.0
#include "controller/player/speaker.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace rytme::player {
namespace {

// A device with a buffer of 40 ms that plays by the test's clock, and can be pulled out.
struct Socket {
  bool plugged{true};
  std::size_t given{}, played{};
  bool swallows{};  // never full
};
class Plugged : public SoundOutput {
 public:
  explicit Plugged(Socket& socket) : socket_(socket) {}
  std::optional<std::size_t> space() override {
    if (!socket_.plugged) return std::nullopt;
    return socket_.swallows ? 100'000 : 1920 - (socket_.given - socket_.played);
  }
  bool write(std::span<const Frame> frames) override {
    socket_.given += frames.size();
    return socket_.plugged;
  }
  double delay_s() override { return 0.04; }

 private:
  Socket& socket_;
};

class SpeakerTest : public testing::Test {
 protected:
  SpeakerTest() {
    engine.volume(1);
    engine.play(true);
  }
  // 5 ms a step; how many beats of 60 BPM the engine is further on.
  double run(double for_s) {
    double beats = 0, before = engine.state().phase;
    for (double t_s = 0; t_s < for_s; t_s += 0.005) {
      now += seconds(0.005);
      socket.played = std::min(socket.given, socket.played + 240);
      speaker.pump(engine, now);
      const double phase = engine.state().phase;
      beats += phase - before + (phase < before - 0.5 ? 1 : 0);
      before = phase;
      if (const auto told = speaker.news()) news.push_back(*told);
    }
    return beats;
  }

  Instant now{};
  Engine engine{-12};
  Socket socket;
  Speaker speaker{[this]() -> std::unique_ptr<SoundOutput> {
    if (!socket.plugged) throw std::runtime_error("no such device");
    return std::make_unique<Plugged>(socket);
  }};
  std::vector<std::string> news;
};

TEST_F(SpeakerTest, KeepsTheDeviceFullAtItsPace) {
  EXPECT_NEAR(run(10), 10, 0.1);
  EXPECT_NEAR(static_cast<double>(socket.given - socket.played), 1920, 500);
  EXPECT_EQ(news, std::vector<std::string>{""});
}

TEST_F(SpeakerTest, PulledOutItIsToldTheBeatGoesOnAndTheSoundComesBackByItself) {
  run(3);
  socket.plugged = false;
  EXPECT_NEAR(run(10), 10, 0.1);
  EXPECT_FALSE(speaker.delay_s().has_value());
  socket.plugged = true;
  EXPECT_NEAR(run(5), 5, 0.1);
  EXPECT_TRUE(speaker.delay_s().has_value());
  ASSERT_GE(news.size(), 3U);
  EXPECT_NE(news[1], "");
  EXPECT_EQ(news.back(), "");
}

TEST_F(SpeakerTest, ADeviceThatSwallowsEverythingDoesNotHurryTheBeat) {
  socket.swallows = true;
  EXPECT_NEAR(run(20), 20, 0.1);
}

TEST_F(SpeakerTest, AfterAPauseOfTheMachineNothingIsMadeUpFor) {
  socket.plugged = false;
  run(2);
  now += seconds(60);
  EXPECT_LT(run(1), 1.6);
}

}  // namespace
}  // namespace rytme::player
