// SPDX-License-Identifier: Apache-2.0
// `rytme device` against a simulated dimmer on a real Modbus TCP connection.
#include "controller/app/device_commands.hpp"

#include <atomic>
#include <fstream>
#include <future>
#include <sstream>
#include <thread>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/json.hpp>
#include <gtest/gtest.h>
#include <stdlib.h>

#include "controller/app/broker_line.hpp"
#include "controller/app/check.hpp"
#include "controller/app/data_lock.hpp"
#include "controller/app/modbus_server.hpp"
#include "controller/app/rtu_server.hpp"
#include "controller/room/light_curve.hpp"
#include "controller/settings/load.hpp"
#include "controller/simulator/wb_mdm3.hpp"
#include "tests/support/broker.hpp"

namespace rytme::test {
namespace {

namespace fs = std::filesystem;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const auto at = text.find(what);
  if (at == std::string::npos) throw std::runtime_error("not in room.toml: " + what);
  return text.replace(at, what.size(), by);
}

class DeviceCommands : public testing::Test {
 protected:
  DeviceCommands() {
    std::string name = (fs::temp_directory_path() / "rytme-device-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    fs::copy("config", folder_ / "config", fs::copy_options::recursive);
    const std::string address = "127.0.0.1:" + std::to_string(free_port());
    write_room(replaced(read_room(), "127.0.0.1:1502", address));
    server_ =
        std::make_unique<app::ModbusServer>(io_, address, std::vector<simulator::RegisterPeer*>{&dimmer_});
    thread_ = std::thread([this] { io_.run(); });
    request_ = {folder_ / "config", folder_ / "data", "wall-dimmer", false};
  }
  ~DeviceCommands() override {
    io_.stop();
    thread_.join();
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  std::string read_room() const {
    std::ifstream file(folder_ / "config" / "room.toml");
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  void write_room(const std::string& text) const { std::ofstream(folder_ / "config" / "room.toml") << text; }
  std::string checked() const {
    std::ostringstream out;
    app::check_settings(request_.config, request_.data, false, out);
    return out.str();
  }
  int run(int (*command)(const app::DeviceRequest&, std::ostream&, std::ostream&)) {
    out_.str("");
    err_.str("");
    return command(request_, out_, err_);
  }
  std::uint16_t held(std::uint16_t address) {
    std::promise<std::uint16_t> answer;  // the dimmer belongs to the server's thread
    boost::asio::post(io_, [&] {
      std::vector<std::uint16_t> values;
      dimmer_.read(RegisterArea::holding, address, 1, values, Instant{});
      answer.set_value(values.at(0));
    });
    return answer.get_future().get();
  }

  fs::path folder_;
  simulator::WbMdm3 dimmer_{41};
  boost::asio::io_context io_;
  std::unique_ptr<app::ModbusServer> server_;
  std::thread thread_;
  app::DeviceRequest request_;
  std::ostringstream out_, err_;
};

TEST_F(DeviceCommands, CommissioningSetsTheFailSafeAndCheckKnowsIt) {
  EXPECT_NE(checked().find("\"wall-dimmer\" has a fail-safe of its own that is not set"), std::string::npos);
  ASSERT_EQ(run(app::device_commission), 0) << err_.str() << out_.str();
  EXPECT_NE(out_.str().find("\nverified\n"), std::string::npos) << out_.str();
  EXPECT_NEAR(held(656), 100 * level_from_linear(LightCurve::gamma22, 0.4), 0.51);
  EXPECT_EQ(held(648), 3);
  EXPECT_EQ(held(8), 10);
  EXPECT_EQ(checked().find("wall-dimmer"), std::string::npos) << checked();

  // Another safe level than the one that was set: not verified any more, until it is set again.
  write_room(replaced(read_room(), "safe = { level = 0.4 }", "safe = { level = 0.3 }"));
  EXPECT_NE(checked().find("\"wall-dimmer\" was commissioned with other settings"), std::string::npos)
      << checked();
  ASSERT_EQ(run(app::device_commission), 0);
  EXPECT_EQ(checked().find("wall-dimmer"), std::string::npos);
}

TEST_F(DeviceCommands, WhileTheRoomRunsNothingIsTouched) {
  const auto room = app::DataLock::take(request_.data, "serve");
  ASSERT_TRUE(room);
  EXPECT_EQ(run(app::device_commission), 2);
  EXPECT_NE(err_.str().find("\"serve (process "), std::string::npos) << err_.str();
  EXPECT_EQ(run(app::device_test), 2);
  EXPECT_EQ(held(648), 0);
}

TEST_F(DeviceCommands, WhatCannotBeDoneIsOneLine) {
  request_.id = "wall-dimer";
  EXPECT_EQ(run(app::device_commission), 2);
  EXPECT_NE(err_.str().find("there is no device \"wall-dimer\"; the room has: ceiling"), std::string::npos);
  request_.id = "ceiling";
  write_room(replaced(read_room(), "port = 1883", "port = " + std::to_string(free_port())));
  EXPECT_EQ(run(app::device_commission), 2);
  EXPECT_NE(err_.str().find("the broker is not reached at 127.0.0.1:"), std::string::npos) << err_.str();
  request_.id = "player1";
  EXPECT_EQ(run(app::device_test), 2);
  EXPECT_NE(err_.str().find("no light level"), std::string::npos);
}

// The same dimmer on a serial line.
TEST_F(DeviceCommands, CommissioningOverASerialLine) {
  const auto line = folder_ / "line";
  const std::string tcp = "transport = \"tcp\"\naddress = \"";
  const auto room = read_room();
  const auto from = room.find(tcp);
  ASSERT_NE(from, std::string::npos);
  const auto to = room.find('\n', from + tcp.size());
  write_room(room.substr(0, from) + "transport = \"rtu\"\naddress = \"" + line.string() +
             "\"\nbaud = 9600\nparity = \"N\"\nstop_bits = 2" + room.substr(to));
  const auto house = settings::load(request_.config);
  simulator::WbMdm3 serial(41);
  boost::asio::io_context io;
  const app::RtuServer server(io, house.buses.at(0), {&serial});
  std::thread thread([&] { io.run(); });
  const int code = run(app::device_commission);
  io.stop();
  thread.join();
  EXPECT_EQ(code, 0) << err_.str() << out_.str();
  EXPECT_NE(out_.str().find("\nverified\n"), std::string::npos) << out_.str();
  std::vector<std::uint16_t> action;
  serial.read(RegisterArea::holding, 648, 1, action, Instant{});
  EXPECT_EQ(action.at(0), 3);
}

// A lamp on a real broker that takes what it is set to, or not.
class Lamp {
 public:
  Lamp(const settings::House& house, std::string word)
      : word_(std::move(word)),
        line_(house, "lamp", {"zigbee2mqtt/ceiling/set", "zigbee2mqtt/ceiling/get"}),
        thread_([this] { serve(); }) {}
  ~Lamp() {
    over_ = true;
    thread_.join();
  }
  Lamp(const Lamp&) = delete;
  Lamp& operator=(const Lamp&) = delete;

 private:
  void serve() {
    while (!over_) {
      const auto message = line_.hear(std::chrono::milliseconds{20});
      if (!message) continue;
      if (message->payload.find("previous") != std::string::npos && word_.empty()) held_ = "previous";
      MqttPublish state;
      state.topic = "zigbee2mqtt/ceiling";
      state.payload = R"({"state":"ON","power_on_behavior":")" + held_ + "\"}";
      line_.say(state);
    }
  }

  const std::string word_;
  std::string held_{word_.empty() ? "on" : word_};
  std::atomic<bool> over_{false};
  app::BrokerLine line_;
  std::thread thread_;
};

class LampCommands : public DeviceCommands {
 protected:
  LampCommands() {
    std::ofstream(folder_ / "config" / "password") << "secret";
    write_room(replaced(
        read_room(), "port = 1883",
        "port = " + std::to_string(broker_.port()) + "\nuser = \"injector\"\npassword_file = \"password\""));
    request_.id = "ceiling";
  }
  Broker broker_;
};

TEST_F(LampCommands, ALampThatAnswersAsItMustIsVerified) {
  const auto house = settings::load(request_.config);
  const Lamp lamp(house, "");
  EXPECT_EQ(run(app::device_commission), 0) << err_.str();
  EXPECT_NE(out_.str().find("after_power_loss"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("\nverified\n"), std::string::npos) << out_.str();
}

TEST_F(LampCommands, ALampThatKeepsItsOwnMindIsNamed) {
  const auto house = settings::load(request_.config);
  const Lamp lamp(house, "toggle");
  EXPECT_EQ(run(app::device_commission), 1) << err_.str();
  EXPECT_NE(out_.str().find("DIFFERS: says toggle"), std::string::npos) << out_.str();
}

TEST_F(LampCommands, ALampThatIsNotThereIsNamed) {
  EXPECT_EQ(run(app::device_commission), 1) << err_.str();
  EXPECT_NE(out_.str().find("DIFFERS: no answer"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("NOT verified"), std::string::npos);
}

TEST_F(DeviceCommands, ListTellsEachFailSafe) {
  request_.json = true;
  ASSERT_EQ(run(app::device_list), 0);
  std::map<std::string, std::string> states;
  const auto rows = boost::json::parse(out_.str());
  for (const auto& row : rows.as_array())
    states[row.at("id").as_string().c_str()] = row.at("fail_safe").as_string().c_str();
  EXPECT_EQ(states.at("wall-dimmer"), "not_set");
  EXPECT_EQ(states.at("ceiling"), "none");
  EXPECT_EQ(states.at("button1"), "not_needed");
  run(app::device_commission);
  ASSERT_EQ(run(app::device_list), 0);
  EXPECT_NE(out_.str().find("\"verified\""), std::string::npos);
}

TEST_F(DeviceCommands, TestFadesThereAndBackAndReadsIt) {
  EXPECT_EQ(run(app::device_test), 0) << err_.str() << out_.str();
  EXPECT_NE(out_.str().find("linear light 0.200 asked"), std::string::npos) << out_.str();
  EXPECT_NE(out_.str().find("linear light 0.000 asked"), std::string::npos) << out_.str();
}

}  // namespace
}  // namespace rytme::test
