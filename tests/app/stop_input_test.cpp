// SPDX-License-Identifier: Apache-2.0
// A wall stop on a Modbus input: what opens its circuit stops, and what does not, does not.
#include <gtest/gtest.h>

#include "tests/app/fault_room.hpp"

namespace rytme::test {
namespace {

std::string wall_stop(const std::string& more = "", int baud = 9600) {
  return R"(
[[bus]]
id = "rtu1"
transport = "rtu"
address = "/dev/ttyUSB0"
baud = )" +
         std::to_string(baud) + R"(
[[device]]
id = "wall-stop"
place = "stop.wall"
profile = "lctech-modbus-8r"
bus = "rtu1"
params = { unit = 7, channel = 3 }
)" + more;
}

class StopInput : public testing::Test {
 protected:
  explicit StopInput(const std::string& more = "", int baud = 9600) : room_(wall_stop(more, baud)) {
    for (const auto& poll : room_.core().devices().polls())
      if (poll.area == RegisterArea::discrete) poll_ = poll;
  }
  void sample(bool closed) {
    room_.run(std::chrono::duration<double>(poll_.period).count());
    room_.hear(
        RegisterBlock{poll_, BusOutcome::ok, {static_cast<std::uint16_t>(closed)}, room_.now().steady});
  }
  void silent(double time_s) {
    for (double at_s = 0; at_s < time_s; at_s += 0.5) {
      room_.hear(RegisterBlock{poll_, BusOutcome::stale, {}, room_.now().steady});
      room_.run(0.5);
    }
  }
  RoomMode mode() const { return room_.state().mode; }

  FaultRoom room_;
  RegisterRead poll_;
};

TEST_F(StopInput, IsReadTwentyTimesASecondAheadOfTheRest) {
  EXPECT_EQ(poll_.address, 2);
  EXPECT_EQ(poll_.period, std::chrono::milliseconds{50});
  EXPECT_TRUE(poll_.ahead);
  for (const auto& poll : room_.core().devices().polls())
    EXPECT_EQ(poll.ahead, poll.area == RegisterArea::discrete);
}

TEST_F(StopInput, AnOpenCircuitStopsAndSaysWhichItWas) {
  for (int i = 0; i < 20; ++i) sample(true);
  EXPECT_EQ(mode(), RoomMode::idle);
  const auto pressed = room_.now().steady;
  sample(false);
  EXPECT_EQ(mode(), RoomMode::idle) << "one sample may be torn";
  sample(false);
  EXPECT_EQ(mode(), RoomMode::stopped);
  EXPECT_LE(room_.now().steady - pressed, std::chrono::milliseconds{100});
  EXPECT_EQ(room_.state().origin, "input:wall-stop");
  EXPECT_EQ(room_.events("stop"), 1U);
  for (int i = 0; i < 20; ++i) sample(false);
  EXPECT_EQ(room_.events("stop"), 1U) << "held, it is one stop";
}

TEST_F(StopInput, TornSamplesStopNothing) {
  for (int i = 0; i < 50; ++i) sample(i % 2 == 0);
  EXPECT_EQ(mode(), RoomMode::idle);
}

TEST_F(StopInput, NothingIsMadeReadyWhileTheCircuitIsOpen) {
  sample(false);
  sample(false);
  const auto no = room_.ask(request::ResetStop{});
  EXPECT_EQ(no.verdict, Verdict::conflict);
  EXPECT_NE(no.detail.find("wall-stop"), std::string::npos) << no.detail;
  EXPECT_EQ(mode(), RoomMode::stopped);
  sample(true);
  EXPECT_EQ(room_.ask(request::ResetStop{}).verdict, Verdict::done);
  EXPECT_EQ(mode(), RoomMode::idle);
  sample(false);
  sample(false);
  EXPECT_EQ(mode(), RoomMode::stopped) << "pressed once more";
}

TEST_F(StopInput, OutOfReachItIsToldAndStopsNothing) {
  sample(true);
  silent(20);
  EXPECT_EQ(mode(), RoomMode::idle);
  EXPECT_EQ(room_.events("device_lost"), 1U);
  EXPECT_EQ(room_.state().devices_missing, std::vector<std::string>{"wall-stop"});
}

class FastStopInput : public StopInput {
 protected:
  FastStopInput() : StopInput("", 115'200) {}
};

TEST_F(FastStopInput, StopsWithinThirtyMillisecondsAndNotForABurstOnTheWire) {
  using std::chrono::milliseconds;
  for (int i = 0; i < 20; ++i) {
    sample(true);
    sample(false);
    sample(false);  // 15 ms of a burst tear two samples at most
  }
  sample(true);
  EXPECT_EQ(mode(), RoomMode::idle);
  const auto pressed = room_.now().steady;
  while (mode() == RoomMode::idle && room_.now().steady - pressed < milliseconds{1000}) sample(false);
  EXPECT_EQ(mode(), RoomMode::stopped);
  EXPECT_LE(room_.now().steady - pressed, milliseconds{30});
}

class StrictStopInput : public StopInput {
 protected:
  StrictStopInput() : StopInput("lost = \"stop\"\n") {}
};

TEST_F(StrictStopInput, OutOfReachForLongIsAStopWhereTheRoomWantsIt) {
  sample(true);
  silent(2);
  EXPECT_EQ(mode(), RoomMode::idle) << "a short gap is none";
  silent(3);
  EXPECT_EQ(mode(), RoomMode::stopped);
  EXPECT_EQ(room_.ask(request::ResetStop{}).verdict, Verdict::conflict);
  for (int i = 0; i < 40; ++i) sample(true);
  EXPECT_EQ(room_.ask(request::ResetStop{}).verdict, Verdict::done);
}

class InvertedStopInput : public StopInput {
 protected:
  InvertedStopInput() : StopInput("closed = \"off\"\n") {}
};

TEST_F(InvertedStopInput, SaysOffWhileItsCircuitIsClosed) {
  for (int i = 0; i < 5; ++i) sample(false);
  EXPECT_EQ(mode(), RoomMode::idle);
  sample(true);
  sample(true);
  EXPECT_EQ(mode(), RoomMode::stopped);
}

TEST(StopInputOnMqtt, OneMessageIsEnough) {
  FaultRoom room(R"(
[[device]]
id = "wall-stop"
place = "stop.wall"
profile = "shelly-gen2-switch"
params = { prefix = "shelly1", src = "rytme-wall" }
)");
  room.hear("shelly1/online", "true", true);
  room.hear("shelly1/status/input:0", R"({"id":0,"state":true})");
  EXPECT_EQ(room.state().mode, RoomMode::idle);
  room.hear("shelly1/status/input:0", R"({"id":0,"state":false})");
  EXPECT_EQ(room.state().mode, RoomMode::stopped);
}

}  // namespace
}  // namespace rytme::test
