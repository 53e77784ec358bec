// SPDX-License-Identifier: Apache-2.0
// The drivers of the STM32F100 against its registers, as reference manual RM0041 has them: clock, line,
// outputs, watchdog, flash. QEMU has none of these but the line.
#include <gmock/gmock.h>

#include "firmware/boards/cortex_m/core_registers.hpp"
#include "firmware/boards/stm32vldiscovery/pwm.hpp"
#include "firmware/boards/stm32vldiscovery/safekeeping.hpp"
#include "firmware/core/settings.hpp"
#include "tests/firmware/bench.hpp"
#include "tests/firmware/register_model.hpp"

namespace rytme::firmware::test {
namespace {

using namespace stm32;
using testing::Each;
using testing::ElementsAre;
using namespace std::chrono_literals;

struct ClockModel {
  RegisterModel io;
  bool crystal{true}, pll{true}, switches{true};
  ClockModel() {
    io[rcc::cr] = 0x83;
    io.loads[rcc::cr] = [this] {
      auto value = io[rcc::cr];
      if (crystal && (value & rcc::hse_on) != 0) value |= rcc::hse_ready;
      if (pll && (value & rcc::pll_on) != 0) value |= rcc::pll_ready;
      return value;
    };
    io.loads[rcc::cfgr] = [this] {
      const auto value = io[rcc::cfgr] & ~rcc::running_from_mask;
      return switches ? value | (value & 3U) << 2U : value;
    };
  }
};

TEST(Stm32Clock, TwentyFourMegahertzFromTheCrystal) {
  ClockModel model;
  const auto clock = start_clock(model.io);
  EXPECT_EQ(clock.hz, 24'000'000u);
  EXPECT_FALSE(clock.emulated);
  EXPECT_EQ(model.io[rcc::cfgr] & 0x003F'0003U, 0x0005'0002U) << "crystal of 8 MHz by 3, and running from it";
}

TEST(Stm32Clock, WithoutACrystalFromItsOwnOscillator) {
  ClockModel model;
  model.crystal = false;
  EXPECT_EQ(start_clock(model.io).hz, 24'000'000u);
  EXPECT_EQ(model.io[rcc::cfgr] & 0x003F'0003U, 0x0010'0002U) << "half of 8 MHz by 6";
  EXPECT_LT(model.io.looks, 30'000u);
}

TEST(Stm32Clock, WhereNothingLocksItRunsAsItIsAndSaysSo) {
  ClockModel without_pll;
  without_pll.pll = false;
  EXPECT_EQ(start_clock(without_pll.io).hz, 8'000'000u);
  ClockModel stays;
  stays.switches = false;
  EXPECT_EQ(start_clock(stays.io).hz, 8'000'000u);
  EXPECT_EQ(stays.io[rcc::cfgr] & 3U, 0u) << "and does not change over later";
}

TEST(Stm32Clock, AnEmulatorWithoutAClockIsKnown) {
  RegisterModel io;
  const auto clock = start_clock(io);
  EXPECT_TRUE(clock.emulated);
  EXPECT_EQ(clock.hz, 24'000'000u);
}

TEST(CycleClock, CountsOnThroughEachTurnOfItsCounter) {
  RegisterModel io;
  cortex_m::CycleClock clock(cortex_m::systick_value, cortex_m::systick_mask);
  cortex_m::start_systick(io);
  io[cortex_m::systick_value] = 0xFF'FFFF;
  clock.start(io, 24'000'000);
  std::uint64_t cycles = 0;
  for (int i = 0; i < 10'000; ++i) {
    cycles += 1'234'567;
    io[cortex_m::systick_value] = static_cast<std::uint32_t>(0xFF'FFFF - cycles) & 0xFF'FFFFU;
    ASSERT_EQ(clock.now(io).count(), static_cast<std::int64_t>(cycles / 24));
  }
  EXPECT_EQ(io.held, 0);
}

TEST(Stm32Outputs, AreSixteenBitsAndReadBack) {
  RegisterModel io;
  Pwm<RegisterModel> pwm(io);
  pwm.open({0, 1, 32'768, 65'535});
  EXPECT_EQ(io[timer3::arr], 65'534u) << "so that 65535 is always on";
  EXPECT_EQ(io[timer3::psc], 0u);
  EXPECT_EQ(io[timer3::ccmr1], 0x6868u);
  EXPECT_EQ(io[timer3::ccmr2], 0x6868u);
  EXPECT_EQ(io[timer3::ccer], 0x1111u);
  EXPECT_EQ(io[timer3::cr1], 0x81u);
  EXPECT_EQ(io[gpio::remap], 0xC00u);
  EXPECT_EQ(io[gpio::c] >> 24U, 0xBBu) << "PC6, PC7";
  EXPECT_EQ(io[gpio::c + 4] & 0xFFU, 0xBBu) << "PC8, PC9";
  EXPECT_EQ(pwm.read_back(), (Levels{0, 1, 32'768, 65'535}));
  io[timer3::ccr1 + 8] = 7;
  EXPECT_EQ(pwm.read_back()[2], 7) << "the timer's own";
}

TEST(Stm32Outputs, HaveTheirLevelsBeforeTheyAreSwitchedOn) {
  RegisterModel io;
  Pwm<RegisterModel> pwm(io);
  pwm.open({9, 9, 9, 9});
  const auto at = [&](std::uintptr_t address) {
    return std::ranges::find(io.log, address, &std::pair<std::uintptr_t, std::uint32_t>::first) -
           io.log.begin();
  };
  EXPECT_LT(at(timer3::ccr1 + 12), at(timer3::ccer));
  EXPECT_LT(at(timer3::ccer), at(gpio::c));
}

TEST(Stm32Watchdog, RunsFromTheFirstFeedingOn) {
  RegisterModel io;
  Watchdog<RegisterModel> watchdog(io);
  watchdog.feed();
  watchdog.feed();
  EXPECT_THAT(io.stored_at(iwdg::key), ElementsAre(0xCCCC, 0x5555, 0xAAAA, 0xAAAA));
  EXPECT_EQ(io[iwdg::prescaler], 2u);
  EXPECT_EQ(io[iwdg::reload], 500u);  // 16 / 40 kHz * 500 = 200 ms
}

TEST(Stm32Watchdog, DoesNotWaitForEverForItsRegisters) {
  RegisterModel io;
  io[iwdg::status] = 3;
  Watchdog<RegisterModel> watchdog(io);
  watchdog.feed();
  EXPECT_EQ(io.stored_at(iwdg::key).back(), 0xAAAAu);
}

// Two pages that can be erased to ones and programmed once, behind a lock; busy for some looks.
struct FlashModel {
  RegisterModel io;
  std::map<std::uintptr_t, std::uint16_t> cells;
  bool locked{true}, hangs{}, worn{};
  int busy{};
  std::uint32_t key_before{}, errors{};
  FlashStorage<RegisterModel> storage{io};

  FlashModel() {
    for (std::uintptr_t at = flash::settings; at < flash::settings + 2 * flash::page_bytes; at += 2) {
      cells[at] = 0xFFFF;
      io.loads[at & ~std::uintptr_t{3}] = [this, at] {
        const auto word = at & ~std::uintptr_t{3};
        return std::uint32_t{cells[word]} | (std::uint32_t{cells[word + 2]} << 16U);
      };
    }
    io.stores[flash::key] = [this](std::uint32_t key) {
      if (key_before == flash::key1 && key == flash::key2) locked = false;
      key_before = key;
    };
    io.stores[flash::cr] = [this](std::uint32_t control) {
      if ((control & flash::lock) != 0) locked = true;
      io[flash::cr] = control;
      if (!locked && (control & flash::erase_page) != 0 && (control & flash::start) != 0) erase();
    };
    io.loads[flash::sr] = [this] { return (hangs || busy-- > 0 ? flash::busy : 0U) | errors; };
    io.stores[flash::sr] = [this](std::uint32_t bits) { errors &= ~bits; };
    io.half_stores = [this](std::uintptr_t at, std::uint16_t value) {
      busy = 3;
      const bool allowed = !locked && (io[flash::cr] & flash::program) != 0 && cells.at(at) == 0xFFFF;
      if (allowed && !worn) cells[at] = value;
      if (!allowed) errors |= flash::failed & ~(flash::failed - 1);
    };
  }
  void erase() {
    busy = 100;
    const auto page = io[flash::ar];
    for (std::uintptr_t at = page; at < page + flash::page_bytes; at += 2) cells.at(at) = 0xFFFF;
  }
};

TEST(Stm32Flash, KeepsWhatIsSavedInTheLastTwoPages) {
  FlashModel model;
  const Words one{1, 2, 3}, other{4, 5, 6};
  EXPECT_TRUE(model.storage.save(0, one));
  EXPECT_TRUE(model.storage.save(1, other));
  EXPECT_TRUE(model.storage.save(0, other)) << "again: erased first";
  EXPECT_TRUE(model.storage.save(0, one));
  EXPECT_TRUE(model.locked) << "and locked again";
  Words read(3);
  model.storage.load(0, read);
  EXPECT_EQ(read, one);
  model.storage.load(1, read);
  EXPECT_EQ(read, other);
  EXPECT_EQ(model.cells.at(0x0801'FC00), 4);
}

TEST(Stm32Flash, WhatDoesNotStandThereIsNotSaved) {
  FlashModel model;
  model.worn = true;
  EXPECT_FALSE(model.storage.save(0, Words{1, 2}));
  FlashModel hangs;
  hangs.hangs = true;
  EXPECT_FALSE(hangs.storage.save(0, Words{1, 2}));
  EXPECT_LT(hangs.io.looks, 1'000'000u);
}

TEST(Stm32Flash, CarriesTheSettingsOfANode) {
  FlashModel model;
  static constexpr auto rules = common_rules(30);
  {
    Settings settings(7, rules, model.storage);
    EXPECT_TRUE(settings.was_forgotten());
    settings.write(513, Words{0x5254}, 1s);
    settings.write(515, Words{99}, 1s);
    EXPECT_EQ(settings.write(514, Words{1}, 1s), Verdict::ok);
  }
  EXPECT_EQ(Settings(7, rules, model.storage).value(515), 99);
}

}  // namespace
}  // namespace rytme::firmware::test
