// SPDX-License-Identifier: Apache-2.0
// A node's settings: their lock, their ranges, and that no loss of power leaves it without.
#include "firmware/core/settings.hpp"

#include <gmock/gmock.h>

#include "firmware/protocol/node_registers.hpp"
#include "tests/firmware/bench.hpp"

namespace rytme::firmware::test {
namespace {

namespace at = settings_registers;
using namespace std::chrono_literals;

constexpr std::array<SettingRule, 7> make_rules() {
  std::array<SettingRule, 7> rules{};
  std::ranges::copy(common_rules(30), rules.begin());
  rules[5] = {10, 20, 15};
  rules[6] = {0, 65535, 7};
  return rules;
}
constexpr auto rules = make_rules();
constexpr std::uint16_t kind = 0x4B4B;

class Kept : public testing::Test {
 protected:
  Settings start() { return {kind, rules, memory}; }
  static Verdict write(Settings& settings, std::uint16_t address, Words values, Instant now = 1s) {
    return settings.write(address, values, now);
  }
  static void open(Settings& settings) { ASSERT_EQ(write(settings, at::unlock, {at::key}), Verdict::ok); }
  static Verdict save(Settings& settings) { return write(settings, at::order, {1}); }

  MemoryStorage memory;
};

TEST_F(Kept, AnEmptyMemoryGivesWhatIsShipped) {
  const auto settings = start();
  EXPECT_TRUE(settings.was_forgotten());
  EXPECT_EQ(settings.value(at::unit), 30);
  const auto line = settings.line();
  EXPECT_EQ(line.baud, 115'200u);
  EXPECT_EQ(line.parity, Parity::none);
  EXPECT_EQ(line.stop_bits, 1);
  EXPECT_EQ(line.silence, Silence::characters);
}

TEST_F(Kept, IsWrittenOnlyWhileItIsOpen) {
  auto settings = start();
  EXPECT_EQ(write(settings, at::own, {12}), Verdict::failure);
  EXPECT_EQ(write(settings, at::unlock, {at::key + 1}), Verdict::illegal_value);
  EXPECT_EQ(write(settings, at::own, {12}), Verdict::failure);
  open(settings);
  EXPECT_TRUE(settings.is_open(60s));
  EXPECT_EQ(write(settings, at::own, {12}, 60s), Verdict::ok);
  EXPECT_EQ(settings.value(at::own), 12);
  EXPECT_TRUE(settings.is_unsaved());
  EXPECT_EQ(write(settings, at::own, {13}, 61s), Verdict::failure) << "a minute is over";
}

TEST_F(Kept, TakesNothingOutsideItsRange) {
  auto settings = start();
  open(settings);
  EXPECT_EQ(write(settings, at::own, {9}), Verdict::illegal_value);
  EXPECT_EQ(write(settings, at::own, {21}), Verdict::illegal_value);
  EXPECT_EQ(write(settings, at::silence, {1, 21}), Verdict::illegal_value) << "all or nothing";
  EXPECT_EQ(settings.value(at::silence), 0);
  EXPECT_EQ(write(settings, at::order, {4}), Verdict::illegal_value);
  EXPECT_EQ(write(settings, at::order, {1, 30}), Verdict::illegal_address);
  EXPECT_EQ(write(settings, at::signature, {1}), Verdict::illegal_address);
  EXPECT_EQ(write(settings, at::unlock, {at::key, 1}), Verdict::illegal_address);
}

TEST_F(Kept, IsReadAsOneBlock) {
  auto settings = start();
  Words words(10);
  settings.read(at::base, words, 1s);
  EXPECT_EQ(words, (Words{0x5352, 0, 0, 30, 1152, 0, 1, 0, 15, 7}));
  open(settings);
  settings.read(at::base, words, 1s);
  EXPECT_EQ(words[1], 1);
  EXPECT_EQ(words[2], 0);
  EXPECT_TRUE(settings.has(at::base, 10));
  EXPECT_FALSE(settings.has(at::base, 11));
  EXPECT_FALSE(settings.has(at::base - 1, 1));
}

TEST_F(Kept, IsThereAfterTheNextStartOnlyWhenSaved) {
  {
    auto settings = start();
    open(settings);
    write(settings, at::own, {12, 4711});
  }
  EXPECT_EQ(start().value(at::own), 15);
  {
    auto settings = start();
    open(settings);
    write(settings, at::own, {12, 4711});
    EXPECT_EQ(save(settings), Verdict::ok);
    EXPECT_FALSE(settings.is_unsaved());
    EXPECT_EQ(write(settings, at::own, {12}), Verdict::ok);
    EXPECT_FALSE(settings.is_unsaved()) << "the same again is no change";
  }
  const auto settings = start();
  EXPECT_FALSE(settings.was_forgotten());
  EXPECT_EQ(settings.value(at::own), 12);
  EXPECT_EQ(settings.value(at::own + 1), 4711);
}

TEST_F(Kept, TheNewestOfManyCounts) {
  for (std::uint16_t value = 0; value < 1000; ++value) {
    auto settings = start();
    open(settings);
    ASSERT_EQ(write(settings, at::own + 1, {value}), Verdict::ok);
    ASSERT_EQ(save(settings), Verdict::ok);
    ASSERT_EQ(start().value(at::own + 1), value);
  }
}

TEST_F(Kept, SerialNumbersThatWrapAreStillInOrder) {
  auto settings = start();
  open(settings);
  for (int i = 0; i < 70'000; ++i) ASSERT_EQ(save(settings), Verdict::ok);
  write(settings, at::own, {19});
  save(settings);
  EXPECT_EQ(start().value(at::own), 19);
}

// The power goes after each single word of a save: what stands there then is the old or the new, never a
// mixture.
TEST_F(Kept, ALossOfPowerLeavesTheOldOrTheNew) {
  auto settings = start();
  open(settings);
  write(settings, at::own, {12, 100});
  save(settings);
  for (std::size_t words = 0; words < 10; ++words) {
    write(settings, at::own, {13, 200});
    memory.power_for = words;
    EXPECT_EQ(save(settings), Verdict::failure);
    EXPECT_TRUE(settings.is_unsaved());
    const auto next = start();
    EXPECT_FALSE(next.was_forgotten());
    EXPECT_EQ(next.value(at::own), 12) << words;
    EXPECT_EQ(next.value(at::own + 1), 100) << words;
  }
  memory.power_for.reset();
  EXPECT_EQ(save(settings), Verdict::ok);
  EXPECT_EQ(start().value(at::own + 1), 200);
}

TEST_F(Kept, WhatIsDamagedOrOfAnotherKindIsNotTaken) {
  auto settings = start();
  open(settings);
  write(settings, at::own, {12});
  save(settings);
  for (std::size_t word = 0; word < 10; ++word) {
    auto damaged = memory;
    for (auto& place : damaged.kept) place[word] ^= 0x10;
    EXPECT_TRUE(Settings(kind, rules, damaged).was_forgotten()) << word;
  }
  EXPECT_TRUE(Settings(kind + 1, rules, memory).was_forgotten());
  memory.broken = true;
  EXPECT_TRUE(start().was_forgotten());
}

// A record of an older firmware with a wider range.
TEST_F(Kept, WhatIsOutsideItsRangeIsNotTaken) {
  auto wider = rules;
  wider[5] = {0, 100, 90};
  Settings older(kind, wider, memory);
  open(older);
  save(older);
  EXPECT_TRUE(start().was_forgotten());
  EXPECT_EQ(start().value(at::own), 15);
}

TEST_F(Kept, OrdersAreCarriedOut) {
  auto settings = start();
  open(settings);
  write(settings, at::own, {12});
  EXPECT_EQ(write(settings, at::order, {3}), Verdict::ok);
  EXPECT_EQ(settings.value(at::own), 15);
  EXPECT_TRUE(settings.is_unsaved());
  EXPECT_FALSE(settings.wants_restart());
  EXPECT_EQ(write(settings, at::order, {2}), Verdict::ok);
  EXPECT_TRUE(settings.wants_restart());
  memory.broken = true;
  EXPECT_EQ(save(settings), Verdict::failure);
}

}  // namespace
}  // namespace rytme::firmware::test
