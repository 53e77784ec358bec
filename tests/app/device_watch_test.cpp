// SPDX-License-Identifier: Apache-2.0
#include "controller/app/device_watch.hpp"

#include <gtest/gtest.h>

namespace rytme::app {
namespace {

using std::chrono::seconds;
const Instant start = Instant{} + std::chrono::hours{1};

class Watch : public testing::Test {
 protected:
  Watch() {
    settings::DeviceSettings light, strap, dimmer;
    light.place = "light.main";
    strap.place = "heart.1";
    dimmer.place = "light.wall";
    dimmer.bus = BusIndex{0};
    dimmer.params["unit"] = "41";
    house.devices = {light, strap, dimmer};
  }
  std::vector<DeviceWatch::Change> look(DeviceWatch& watch, Instant now) {
    std::vector<DeviceWatch::Change> changes;
    watch.look(now, changes);
    return changes;
  }
  settings::House house;
};

TEST_F(Watch, AStreamIsLateAfterTenSecondsAndOkWithItsNextFrame) {
  DeviceWatch watch(house);
  watch.broker(true);
  watch.heard(1, start);
  look(watch, start);
  EXPECT_EQ(watch.presence(1), Presence::ok);
  look(watch, start + seconds{10});
  EXPECT_EQ(watch.presence(1), Presence::ok);
  const auto changes = look(watch, start + seconds{11});
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].to, Presence::late);
  watch.heard(1, start + seconds{12});
  look(watch, start + seconds{12});
  EXPECT_EQ(watch.presence(1), Presence::ok);
}

TEST_F(Watch, ALightIsLostWhenItSaysSoOrTheBrokerIsGone) {
  DeviceWatch watch(house);
  watch.broker(true);
  watch.online(0, true, start);
  look(watch, start);
  EXPECT_EQ(watch.presence(0), Presence::ok);
  watch.online(0, false, start);
  look(watch, start);
  EXPECT_EQ(watch.presence(0), Presence::lost);
  watch.online(0, true, start);
  watch.broker(false);
  look(watch, start);
  EXPECT_EQ(watch.presence(0), Presence::lost);
}

TEST_F(Watch, AModbusSlaveDoesNotCareForTheBroker) {
  DeviceWatch watch(house);
  watch.slave(0, 41, true, start);
  look(watch, start);
  EXPECT_EQ(watch.presence(2), Presence::ok);
  watch.slave(0, 42, false, start);
  look(watch, start);
  EXPECT_EQ(watch.presence(2), Presence::ok);
  watch.slave(0, 41, false, start);
  look(watch, start);
  EXPECT_EQ(watch.presence(2), Presence::lost);
}

}  // namespace
}  // namespace rytme::app
