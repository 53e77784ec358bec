// SPDX-License-Identifier: Apache-2.0
#include "controller/modbus/line.hpp"

#include <gtest/gtest.h>

namespace rytme::modbus {
namespace {

using namespace std::chrono_literals;
using settings::BusSettings;

BusSettings serial(int baud, char parity, int stop_bits) {
  BusSettings settings;
  settings.baud = baud;
  settings.parity = parity;
  settings.stop_bits = stop_bits;
  return settings;
}

TEST(FrameSilence, IsThreeAndAHalfCharacters) {
  EXPECT_EQ(frame_silence(serial(9600, 'N', 2)), 4011us);  // 3.5 * 11 / 9600
  EXPECT_EQ(frame_silence(serial(9600, 'E', 1)), 4011us);
  EXPECT_EQ(frame_silence(serial(19200, 'N', 1)), 1823us);  // 3.5 * 10 / 19200
  EXPECT_EQ(frame_silence(serial(115200, 'N', 2)), 335us);
}

TEST(FrameSilence, OrAFixedTimeWhereTheDeviceAsksForIt) {
  BusSettings settings = serial(115200, 'N', 1);
  settings.silence = settings::BusSilence::us1750;
  EXPECT_EQ(frame_silence(settings), 1750us);
}

TEST(WireTime, IsWhatTheBytesTakeOnTheLine) {
  EXPECT_EQ(wire_time(serial(9600, 'N', 2), 255), 292187us);
  BusSettings tcp = serial(9600, 'N', 2);
  tcp.transport = settings::BusTransport::tcp;
  EXPECT_EQ(wire_time(tcp, 255), 0us);
}

TEST(Line, TakesAddressesAndNoNames) {
  BusSettings settings;
  settings.transport = settings::BusTransport::tcp;
  for (const char* address : {"localhost:502", "127.0.0.1", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000",
                              ":502", "127.0.0.1:50x", ""}) {
    settings.address = address;
    EXPECT_FALSE(Line(settings, 247).open()) << address;
  }
}

TEST(Line, AMissingSerialPortIsNoCrash) {
  BusSettings settings;
  settings.address = "/dev/rytme-no-such-port";
  Line line(settings, 247);
  EXPECT_FALSE(line.open());
  EXPECT_FALSE(line.is_open());
}

}  // namespace
}  // namespace rytme::modbus
