// SPDX-License-Identifier: Apache-2.0
// I2C of the STM32F100 with the sensor behind it: register by register as RM0041 22.3.3 has the master.
#include <gmock/gmock.h>

#include "firmware/boards/stm32vldiscovery/wires.hpp"
#include "firmware/core/lsm6dso.hpp"
#include "tests/firmware/lsm6dso_model.hpp"
#include "tests/firmware/register_model.hpp"

namespace rytme::firmware::test {
namespace {

using namespace stm32;
using namespace std::chrono_literals;

// The peripheral: a data register and a shift register behind it; each byte is acknowledged, or not, as the
// control register says when it has come.
class I2cModel {
 public:
  explicit I2cModel(Lsm6dsoModel& sensor) : sensor_(sensor) {
    io.stores[i2c::cr1] = [this](std::uint32_t control) { take_control(control); };
    io.stores[i2c::dr] = [this](std::uint32_t byte) { take_byte(static_cast<std::uint8_t>(byte)); };
    io.loads[i2c::dr] = [this] { return give_byte(); };
    io.loads[i2c::sr1] = [this] { return status(); };
    io.loads[i2c::sr2] = [this] {
      if (addressed_) end_addressing();
      return stuck ? i2c::busy : 0U;
    };
  }
  RegisterModel io;
  bool stuck{};   // somebody holds the line
  bool silent{};  // nothing ever happens
  int stops{};
  int unacknowledged{};

 private:
  void take_control(std::uint32_t control) {
    io[i2c::cr1] = control;
    if ((control & i2c::start) != 0) {
      started_ = !silent;
      io[i2c::cr1] &= ~i2c::start;
      registers_ = addressed_ = reading_ = writing_ = refused_ = false;
    }
    if ((control & i2c::stop) != 0) {
      ++stops;
      io[i2c::cr1] &= ~i2c::stop;
      writing_ = false;
    }
    if (control == 0) started_ = addressed_ = reading_ = writing_ = refused_ = false;
  }
  void take_byte(std::uint8_t byte) {
    if (started_) {
      started_ = false;
      to_read_ = (byte & 1U) != 0;
      std::array<std::uint8_t, 1> any{};
      refused_ = !sensor_.read(static_cast<std::uint8_t>(byte >> 1U), 0x0F, any);
      device_ = static_cast<std::uint8_t>(byte >> 1U);
      addressed_ = !refused_;
    } else if (writing_ && !registers_) {
      register_ = byte;
      registers_ = true;
    } else if (writing_) {
      sensor_.write(device_, register_++, byte);
    }
  }
  void end_addressing() {
    addressed_ = false;
    reading_ = to_read_;
    writing_ = !to_read_;
    last_seen_ = false;
    data_.reset();
    shift_.reset();
    fetch();
    fetch();
  }
  void fetch() {
    if (!reading_ || last_seen_ || (data_ && shift_)) return;
    std::array<std::uint8_t, 1> byte{};
    sensor_.read(device_, register_++, byte);
    (data_ ? shift_ : data_) = byte[0];
    last_seen_ = (io[i2c::cr1] & i2c::acknowledge) == 0;
    if (last_seen_) ++unacknowledged;
  }
  std::uint32_t give_byte() {
    const auto byte = data_.value_or(0xEE);
    data_ = std::exchange(shift_, std::nullopt);
    fetch();
    return byte;
  }
  std::uint32_t status() const {
    std::uint32_t bits = 0;
    if (started_) bits |= i2c::started;
    if (addressed_) bits |= i2c::addressed;
    if (refused_) bits |= i2c::refused;
    if (writing_) bits |= i2c::room | (registers_ ? i2c::both_full : 0U);
    if (reading_ && data_) bits |= i2c::received;
    if (reading_ && data_ && shift_) bits |= i2c::both_full;
    return bits;
  }

  Lsm6dsoModel& sensor_;
  bool started_{}, addressed_{}, refused_{}, to_read_{}, reading_{}, writing_{}, registers_{}, last_seen_{};
  std::uint8_t device_{}, register_{};
  std::optional<std::uint8_t> data_, shift_;
};

class OnTheWires : public testing::Test {
 protected:
  OnTheWires() {
    now += 1ms;  // the sensor has started
    wires.open(24'000'000);
  }
  Instant now{1s};
  Lsm6dsoModel sensor{now};
  I2cModel model{sensor};
  Wires<RegisterModel> wires{model.io};
};

TEST_F(OnTheWires, RunAtFourHundredKilohertz) {
  EXPECT_EQ(model.io[i2c::cr2], 24u);
  EXPECT_EQ(model.io[i2c::ccr] & 0xFFFU, 20u);  // 24 MHz / (3 * 20)
  EXPECT_NE(model.io[i2c::ccr] & i2c::fast_mode, 0u);
  EXPECT_EQ(model.io[i2c::trise], 8u);  // 300 ns
  EXPECT_EQ(model.io[gpio::b] >> 24U, 0xFFu) << "open drain";
}

TEST_F(OnTheWires, OneByteAndManyAreRead) {
  std::array<std::uint8_t, 1> id{};
  EXPECT_TRUE(wires.read(0x6A, 0x0F, id));
  EXPECT_EQ(id[0], 0x6C);
  EXPECT_EQ(model.unacknowledged, 1);
  EXPECT_EQ(model.stops, 1);
  EXPECT_TRUE(wires.write(0x6A, 0x10, 0x7E));
  EXPECT_TRUE(wires.write(0x6A, 0x11, 0x78));
  EXPECT_EQ(sensor.at(0x10), 0x7E);
  EXPECT_EQ(model.stops, 3);
  sensor.measured = {{0x0102, 0x0304, 0x0506, 0x0708, 0x090A, 0x0B0C}};
  for (const std::size_t count : {3U, 4U, 5U, 16U}) {
    std::vector<std::uint8_t> bytes(count);
    model.unacknowledged = 0;
    EXPECT_TRUE(wires.read(0x6A, 0x22, bytes));
    EXPECT_EQ(bytes[0], 0x08);
    EXPECT_EQ(bytes[1], 0x07);
    EXPECT_EQ(bytes.back(), count == 16 ? 0 : std::vector<int>({0x0A, 0x09, 0x0C})[count - 3]) << count;
    EXPECT_EQ(model.unacknowledged, 1) << count << ": the last one, and only it";
  }
}

TEST_F(OnTheWires, ADeviceThatIsNotThereIsNoWaitAndTheWiresAreFreed) {
  std::array<std::uint8_t, 1> id{};
  const auto before = model.io.stored_at(gpio::b + gpio::set_reset).size();
  EXPECT_FALSE(wires.read(0x33, 0x0F, id));
  EXPECT_LT(model.io.looks, 2000u);
  EXPECT_EQ(model.io.stored_at(gpio::b + gpio::set_reset).size() - before, 19u)
      << "nine clocks, the data line let go";
  EXPECT_TRUE(wires.read(0x6A, 0x0F, id)) << "and the next is heard";
}

TEST_F(OnTheWires, NoWaitIsWithoutAnEnd) {
  std::array<std::uint8_t, 16> bytes{};
  model.silent = true;
  EXPECT_FALSE(wires.read(0x6A, 0x1E, bytes));
  EXPECT_FALSE(wires.write(0x6A, 0x10, 1));
  model.silent = false;
  model.stuck = true;
  EXPECT_FALSE(wires.read(0x6A, 0x1E, bytes));
  EXPECT_LT(model.io.looks, 10'000u) << "some 3 ms each";
}

TEST_F(OnTheWires, CarryTheDriverOfTheSensor) {
  Lsm6dso driver(wires, now);
  std::vector<ImuSource::Taken> all;
  for (int i = 0; i < 1000; ++i) {
    now += 1ms;
    sensor.measured.axes[0] = static_cast<std::int16_t>(i);
    if (const auto taken = driver.poll(now)) all.push_back(*taken);
  }
  EXPECT_NEAR(static_cast<double>(all.size()), 89, 3);
  EXPECT_EQ(all.back().sample.axes[2], 4098);
  EXPECT_GT(all.back().sample.axes[0], 980);
}

}  // namespace
}  // namespace rytme::firmware::test
