// SPDX-License-Identifier: Apache-2.0
// The RS-485 line of an STM32F100: its USART and the pin that drives the line, as RM0041 has them.
#include <gmock/gmock.h>

#include "firmware/boards/stm32vldiscovery/rs485.hpp"
#include "tests/firmware/bench.hpp"
#include "tests/firmware/register_model.hpp"

namespace rytme::firmware::test {
namespace {

using namespace stm32;
using namespace std::chrono_literals;

constexpr std::uintptr_t direction = gpio::a + gpio::set_reset;

// Characters leave one by one when the test says so.
struct LineModel {
  RegisterModel io;
  Bytes sent;
  bool drives{};
  std::uint32_t status{usart::room | usart::all_sent};
  Rs485<RegisterModel> line{io};
  LineModel() {
    io.loads[usart::sr] = [this] { return status; };
    io.stores[usart::dr] = [this](std::uint32_t byte) {
      EXPECT_TRUE(drives) << "spoke without driving the line";
      EXPECT_NE(status & usart::room, 0u) << "wrote over a character";
      sent.push_back(static_cast<std::uint8_t>(byte));
      status &= ~(usart::room | usart::all_sent);
    };
    io.stores[direction] = [this](std::uint32_t bits) {
      if ((bits & 0x2U) != 0) drives = true;
      if ((bits & 0x2'0000U) != 0) drives = false;
    };
  }
  void hear(std::uint8_t byte, std::uint32_t errors = 0) {
    io[usart::dr] = byte;
    status |= usart::received | errors;
    line.on_interrupt(1ms);
    status &= ~(usart::received | errors);
  }
};

TEST(Stm32Line, IsSetAsItsFormatSays) {
  LineModel model;
  model.line.open({115'200, Parity::none, 1, Silence::characters}, 24'000'000);
  EXPECT_EQ(model.io[usart::brr], 208u);  // 0.16 % off
  EXPECT_EQ(model.io[usart::cr1], 0x202Cu);
  EXPECT_EQ(model.io[usart::cr2], 0u);
  model.line.open({9600, Parity::even, 2, Silence::characters}, 8'000'000);
  EXPECT_EQ(model.io[usart::brr], 833u);
  EXPECT_EQ(model.io[usart::cr1] & 0x1600U, 0x1400u) << "nine bits, one of them even parity";
  EXPECT_EQ(model.io[usart::cr2], 0x2000u);
  model.line.open({9600, Parity::odd, 1, Silence::characters}, 8'000'000);
  EXPECT_EQ(model.io[usart::cr1] & 0x1600U, 0x1600u);
  EXPECT_EQ(model.io[gpio::a] & 0xFFF0U, 0x4B20u) << "direction, sending, receiving";
  EXPECT_FALSE(model.drives);
}

void send_by(LineModel& model, const std::function<void()>& step) {
  const Bytes frame{1, 2, 3};
  model.line.open({}, 24'000'000);
  model.line.send(frame);
  EXPECT_TRUE(model.drives);
  for (std::size_t i = 0; i < frame.size(); ++i) {
    step();
    EXPECT_EQ(model.sent.size(), i + 1);
    step();
    EXPECT_EQ(model.sent.size(), i + 1) << "no room yet";
    model.status |= usart::room;
  }
  step();
  EXPECT_TRUE(model.drives) << "the last character is still on its way";
  EXPECT_TRUE(model.line.is_sending());
  model.status |= usart::all_sent;
  step();
  EXPECT_FALSE(model.drives);
  EXPECT_FALSE(model.line.is_sending());
  EXPECT_EQ(model.sent, frame);
  EXPECT_EQ(model.io[usart::cr1] & (usart::on_room | usart::on_all_sent), 0u)
      << "nothing left that interrupts";
  EXPECT_EQ(model.io.held, 0);
}

TEST(Stm32Line, DrivesTheLineUntilTheLastStopBitAndNoLonger) {
  LineModel model;
  send_by(model, [&] { model.line.on_interrupt(1ms); });
}

TEST(Stm32Line, SendsWithoutInterruptsToo) {
  LineModel model;
  send_by(model, [&] { model.line.is_sending(); });
}

TEST(Stm32Line, HearsAndTellsWhatWasBroken) {
  LineModel model;
  model.line.open({}, 24'000'000);
  model.hear(0x55);
  model.hear(0x56, usart::framing_error);
  model.hear(0x57, usart::parity_error);
  model.hear(0x58, usart::overrun);
  model.line.on_interrupt(1ms);  // nothing there
  for (const bool good : {true, false, false, false}) EXPECT_EQ(model.line.receive(2ms)->good, good);
  EXPECT_FALSE(model.line.receive(2ms));
}

TEST(Stm32Line, DoesNotHearItself) {
  LineModel model;
  model.line.open({}, 24'000'000);
  const Bytes frame{1, 2};
  model.line.send(frame);
  model.hear(1);
  EXPECT_FALSE(model.line.receive(2ms));
}

TEST(CharacterRing, LosesNothingUnseen) {
  CharacterRing<4> ring;
  for (std::uint8_t i = 0; i < 6; ++i) ring.push(i, true, Micros(i));
  for (std::uint8_t i = 0; i < 4; ++i) {
    const auto character = ring.pop(1ms);
    EXPECT_EQ(character->byte, i);
    EXPECT_TRUE(character->good);
    EXPECT_EQ(character->at, Micros(i));
  }
  ring.push(9, true, 2ms);
  EXPECT_FALSE(ring.pop(3ms)->good) << "before it something is missing";
  ring.push(10, true, 4ms);
  EXPECT_TRUE(ring.pop(5ms)->good);
  EXPECT_FALSE(ring.pop(5ms));
  // The times go on past 32 bits of microseconds.
  const Micros late = 3h;
  ring.push(11, true, late);
  EXPECT_EQ(ring.pop(late + 5ms)->at, late);
}

}  // namespace
}  // namespace rytme::firmware::test
