// SPDX-License-Identifier: Apache-2.0
// Commissioning, and what is remembered of devices.
#include "controller/app/commission.hpp"

#include <fstream>

#include <gtest/gtest.h>
#include <stdlib.h>

#include "controller/settings/load.hpp"

namespace rytme::test {
namespace {

namespace fs = std::filesystem;
using app::DeviceBook;
using app::FailSafeState;

constexpr DeviceIndex dimmer = 2;  // of config/room.toml

class Registers : public app::SetupPort {
 public:
  std::string write(const RegisterWrite& write) override {
    if (write.address == refuses_) return "the device refuses it";
    if (write.address == ignores_) return "";
    for (std::size_t i = 0; i < write.values.size(); ++i)
      held_[write.address + static_cast<unsigned>(i)] = write.values[i];
    if (write.address == undoes_by_) held_[undone_] = 0;
    return "";
  }
  std::string read(const RegisterRead& read, std::vector<std::uint16_t>& values) override {
    for (unsigned i = 0; i < read.count; ++i) values.push_back(held_[read.address + i]);
    return "";
  }
  unsigned refuses_{99999}, ignores_{99999}, undoes_by_{99999}, undone_{};

 private:
  std::map<unsigned, std::uint16_t> held_;
};

class Commissioning : public testing::Test {
 protected:
  Commissioning() : house_(settings::load("config")), devices_(house_) {
    std::string name = (fs::temp_directory_path() / "rytme-book-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
  }
  ~Commissioning() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  app::Commissioned done() {
    auto sheet = app::commission(devices_.setup(dimmer), port_);
    sheet.hash = app::setup_hash(house_, devices_, dimmer);
    sheet.time = "2026-01-01T10:00:00+0100";
    return sheet;
  }

  settings::House house_;
  devices::Devices devices_;
  Registers port_;
  fs::path folder_;
};

TEST_F(Commissioning, EverythingIsWrittenAndReadBack) {
  const auto sheet = done();
  EXPECT_TRUE(sheet.verified);
  ASSERT_EQ(sheet.values.size(), devices_.setup(dimmer).size());
  for (const auto& value : sheet.values) EXPECT_TRUE(value.verified) << value.id;
}

TEST_F(Commissioning, WhatADeviceDoesNotHoldIsNamed) {
  port_.ignores_ = 656;
  const auto sheet = done();
  EXPECT_FALSE(sheet.verified);
  for (const auto& value : sheet.values) EXPECT_EQ(value.verified, value.place != "holding 656") << value.id;
}

TEST_F(Commissioning, ARefusedWriteDoesNotEndIt) {
  port_.refuses_ = 8;
  const auto sheet = done();
  EXPECT_FALSE(sheet.verified);
  EXPECT_EQ(sheet.values.front().fault, "the device refuses it");
  EXPECT_TRUE(sheet.values.back().verified);
}

TEST_F(Commissioning, AWriteThatUndoesAnEarlierOneIsSeen) {
  port_.undoes_by_ = 672;
  port_.undone_ = 8;
  EXPECT_FALSE(done().verified);
}

TEST_F(Commissioning, TheBookOutlivesTheProcess) {
  DeviceBook book;
  EXPECT_EQ(app::fail_safe_of(house_, devices_, dimmer, book), FailSafeState::not_set);
  book.meet(house_);
  book.at("wall-dimmer").commissioned = done();
  book.save(folder_);
  const auto again = DeviceBook::load(folder_);
  EXPECT_EQ(app::fail_safe_of(house_, devices_, dimmer, again), FailSafeState::verified);
  EXPECT_EQ(again.find("wall-dimmer")->commissioned->values.size(), devices_.setup(dimmer).size());

  book.at("wall-dimmer").commissioned->verified = false;
  EXPECT_EQ(app::fail_safe_of(house_, devices_, dimmer, book), FailSafeState::differs);
}

TEST_F(Commissioning, AnotherSafeLevelOrPlaceIsOtherSettings) {
  DeviceBook book;
  book.at("wall-dimmer").commissioned = done();
  house_.devices[dimmer].safe = LightScene{0.3, 0};
  EXPECT_EQ(app::fail_safe_of(house_, devices_, dimmer, book), FailSafeState::other_settings);
  house_.devices[dimmer].safe = LightScene{0.4, 0};
  EXPECT_EQ(app::fail_safe_of(house_, devices_, dimmer, book), FailSafeState::verified);
  house_.devices[dimmer].params["unit"] = "42";
  const devices::Devices moved(house_);
  EXPECT_EQ(app::fail_safe_of(house_, moved, dimmer, book), FailSafeState::other_settings);
}

TEST_F(Commissioning, TheSameIdWithAnotherProfileIsAReplacedDevice) {
  DeviceBook book;
  EXPECT_TRUE(book.meet(house_).empty());  // the first time nothing was replaced
  book.save(folder_);
  EXPECT_TRUE(book.meet(house_).empty());
  house_.devices[dimmer].params["channel"] = "2";
  auto later = DeviceBook::load(folder_);
  const auto replaced = later.meet(house_);
  ASSERT_EQ(replaced.size(), 1U);
  EXPECT_EQ(replaced.front().first, "wall-dimmer");
  EXPECT_NE(replaced.front().second.find(R"("channel":"1")"), std::string::npos);
  EXPECT_NE(replaced.front().second.find(R"("channel":"2")"), std::string::npos);
  EXPECT_TRUE(later.meet(house_).empty());
}

TEST_F(Commissioning, ADamagedBookIsToldAndNotTakenForAnEmptyOne) {
  for (const char* text : {"{", "{\"v\":2,\"devices\":{}}", "{\"v\":1}", "{\"v\":1,\"devices\":{\"a\":3}}"}) {
    std::ofstream(folder_ / "devices.json") << text;
    EXPECT_THROW(DeviceBook::load(folder_), std::runtime_error) << text;
  }
}

}  // namespace
}  // namespace rytme::test
