// SPDX-License-Identifier: Apache-2.0
// `rytme simulate` as a process: real mosquitto, real MQTT clients, a real Modbus master.
#include "controller/app/simulate.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <csignal>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <sstream>

#include <gmock/gmock.h>
#include <modbus.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "controller/mqtt/client.hpp"
#include "tests/simulator/frames_read.hpp"
#include "tests/support/broker.hpp"

namespace rytme::app {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using simulator::read_heart;

constexpr int beats = 120;

// Somebody on the broker who hears everything and can wait for it.
class Listener {
 public:
  explicit Listener(int port) {
    mqtt::Options options;
    options.port = port;
    options.client_id = "observer";
    options.user = "injector";
    options.password = "secret";
    mqtt::Client::Handlers handlers;
    handlers.on_messages = [this] { woken_.notify_all(); };
    handlers.on_link = [this](mqtt::Link link, const std::string&) {
      const std::scoped_lock lock(mutex_);
      up_ = link == mqtt::Link::up;
      woken_.notify_all();
    };
    client_ =
        std::make_unique<mqtt::Client>(options, std::vector<MqttSubscription>{"#"}, std::move(handlers));
    client_->start();
    EXPECT_TRUE(wait([this] { return up_; })) << "no broker";
  }
  // Whether it became so within 20 s; asked again whenever something has come.
  bool wait(const std::function<bool()>& so) {
    const auto until = std::chrono::steady_clock::now() + 20s;
    std::unique_lock lock(mutex_);
    for (;;) {
      client_->drain(fresh_);
      heard_.insert(heard_.end(), fresh_.begin(), fresh_.end());
      if (so()) return true;
      if (std::chrono::steady_clock::now() >= until) return false;
      woken_.wait_for(lock, 50ms);
    }
  }
  bool hears(const std::string& topic, const std::string& payload) {
    return wait([&] {
      return std::ranges::any_of(heard_, [&](const MqttMessage& message) {
        return message.topic == topic && message.payload.find(payload) != std::string::npos;
      });
    });
  }
  std::vector<std::string> on(const std::string& topic) const {
    std::vector<std::string> out;
    for (const auto& message : heard_) {
      if (message.topic == topic) out.push_back(message.payload);
    }
    return out;
  }
  void say(const std::string& topic, const std::string& payload, bool retain = false) {
    client_->publish({topic, payload, 1, retain, Instant::max(), 0}, std::chrono::steady_clock::now());
  }

 private:
  std::mutex mutex_;
  std::condition_variable woken_;
  bool up_{};
  std::vector<MqttMessage> heard_, fresh_;
  std::unique_ptr<mqtt::Client> client_;
};

std::vector<test::BrokerUser> users() {
  std::vector<test::BrokerUser> out{{"injector", "secret"}};
  for (const auto* device : {"ceiling", "floor", "player1", "button1", "strap1", "swing1"}) {
    out.push_back({std::string("sim-") + device, std::string("secret-") + device});
  }
  return out;
}

std::string access_list() {
  std::string out;
  for (const auto& user : users()) out += "user " + user.name + "\ntopic readwrite #\n";
  return out;
}

class SimulateTest : public testing::Test {
 protected:
  void SetUp() override {
    fs::copy("config", folder, fs::copy_options::recursive);
    replace("room.toml", "port = 1883", "port = " + std::to_string(broker.port()));
    replace("room.toml", "127.0.0.1:1502", "127.0.0.1:" + std::to_string(modbus_port));
    replace("room.toml", "/dev/ttyUSB0", line());
    std::ofstream passwords(folder / "simulator.passwords");
    for (const auto& user : users()) passwords << user.name << ":" << user.password << "\n";
    std::ofstream recording(folder / "rr.csv");
    recording << "t_s,rr_ms\n";
    for (int i = 1; i <= beats; ++i) recording << i * 0.5 << ",500\n";
  }
  void TearDown() override {
    if (process > 0) {
      kill(process, SIGKILL);
      waitpid(process, nullptr, 0);
    }
    fs::remove_all(folder);
  }
  void replace(const std::string& name, const std::string& from, const std::string& to) {
    std::stringstream text;
    text << std::ifstream(folder / name).rdbuf();
    auto all = text.str();
    const auto at = all.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    all.replace(at, from.size(), to);
    std::ofstream(folder / name) << all;
  }
  std::string line() const { return folder / "lines" / "rtu1"; }
  // Before any thread of the test is started.
  void start(const std::string& replay = "") {
    SimulateOptions options;
    options.config = folder;
    options.replay = replay.empty() ? "" : (folder / replay).string();
    options.speed = 60;
    process = fork();
    if (process != 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    _exit(simulate(options));
  }
  int exit_code() {
    int status{};
    waitpid(process, &status, 0);
    process = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  test::Broker broker{users(), access_list()};
  int modbus_port = test::free_port();
  fs::path folder = fs::path(testing::TempDir()) / ("simulate_" + std::to_string(getpid()));
  pid_t process{-1};
};

TEST_F(SimulateTest, AReplayLosesNothingAndWaitsForTheController) {
  start("rr.csv");
  Listener listener(broker.port());
  ASSERT_TRUE(listener.hears("homie/5/strap1/$state", "ready"));
  ASSERT_TRUE(listener.hears("homie/5/swing1/$state", "ready"));
  EXPECT_THAT(listener.on("homie/5/strap1/hr/sample"), testing::IsEmpty());

  listener.say("homie/5/rytme-rom1/$state", "ready", true);
  const auto frames = [&] { return listener.on("homie/5/strap1/hr/sample"); };
  ASSERT_TRUE(listener.wait([&] { return frames().size() >= beats; })) << frames().size();
  ASSERT_EQ(frames().size(), beats);
  for (std::size_t i = 0; i < beats; ++i) {
    const auto frame = read_heart(frames()[i]);
    EXPECT_EQ(frame.seq, i);
    EXPECT_EQ(frame.t_us, static_cast<std::int64_t>(i + 1) * 500'000);
    EXPECT_THAT(frame.rr, testing::ElementsAre(512));
  }
}

TEST_F(SimulateTest, LampAndPlayerAnswerAndLeaveInOrder) {
  start();
  Listener listener(broker.port());
  ASSERT_TRUE(listener.hears("zigbee2mqtt/ceiling/availability", "online"));
  ASSERT_TRUE(listener.hears("zigbee2mqtt/bridge/state", "online"));
  listener.say("zigbee2mqtt/ceiling/set", R"({"state":"ON","brightness":77})");
  EXPECT_TRUE(listener.hears("zigbee2mqtt/ceiling", R"("brightness":77)"));
  ASSERT_TRUE(listener.hears("homie/5/player1/$state", "ready"));
  listener.say("homie/5/player1/player/volume/set", "35");
  EXPECT_TRUE(listener.hears("homie/5/player1/player/volume/$target", "35"));

  kill(process, SIGTERM);
  EXPECT_EQ(exit_code(), 0);
  for (const auto* node : {"player1", "button1", "strap1", "swing1"}) {
    EXPECT_TRUE(listener.hears(std::string("homie/5/") + node + "/$state", "disconnected")) << node;
  }
  EXPECT_TRUE(listener.hears("zigbee2mqtt/floor/availability", "offline"));
}

TEST_F(SimulateTest, AKilledDeviceIsLostAndTheSimulatedPersonStreams) {
  start();
  Listener listener(broker.port());
  listener.say("homie/5/rytme-rom1/$state", "ready", true);
  const auto motion = [&] { return listener.on("homie/5/swing1/motion/frame").size(); };
  EXPECT_TRUE(listener.wait([&] { return motion() > 300; })) << motion();
  EXPECT_GT(listener.on("homie/5/strap1/hr/sample").size(), 30U);
  kill(process, SIGKILL);
  exit_code();
  EXPECT_TRUE(listener.hears("homie/5/strap1/$state", "lost"));
  EXPECT_TRUE(listener.hears("zigbee2mqtt/ceiling/availability", "offline"));
}

TEST_F(SimulateTest, ComesBackAfterTheBrokerHasGone) {
  start();
  {
    Listener listener(broker.port());
    ASSERT_TRUE(listener.hears("zigbee2mqtt/floor/availability", "online"));
  }
  broker.stop();
  broker.start();
  Listener listener(broker.port());
  EXPECT_TRUE(listener.hears("zigbee2mqtt/floor/availability", "online"));
  listener.say("zigbee2mqtt/floor/set", R"({"brightness":50})");
  EXPECT_TRUE(listener.hears("zigbee2mqtt/floor", R"("brightness":50)"));
}

TEST_F(SimulateTest, TheDimmerAnswersAModbusMaster) {
  start();
  const std::unique_ptr<modbus_t, void (*)(modbus_t*)> master(modbus_new_tcp("127.0.0.1", modbus_port),
                                                              modbus_free);
  Listener listener(broker.port());
  ASSERT_TRUE(listener.hears("homie/5/player1/$state", "ready"));  // it listens before it connects
  ASSERT_EQ(modbus_connect(master.get()), 0) << modbus_strerror(errno);
  modbus_set_slave(master.get(), 41);
  EXPECT_EQ(modbus_write_register(master.get(), 0, 60), 1);
  EXPECT_EQ(modbus_write_bit(master.get(), 0, 1), 1);
  std::uint16_t level{};
  std::uint8_t on{};
  EXPECT_EQ(modbus_read_registers(master.get(), 0, 1, &level), 1);
  EXPECT_EQ(modbus_read_bits(master.get(), 0, 1, &on), 1);
  EXPECT_EQ(level, 60);
  EXPECT_EQ(on, 1);
  EXPECT_EQ(modbus_read_registers(master.get(), 3, 1, &level), -1);
  EXPECT_EQ(errno, EMBXILADD);
  modbus_set_slave(master.get(), 42);
  EXPECT_EQ(modbus_read_registers(master.get(), 0, 1, &level), -1);
  EXPECT_EQ(errno, EMBXGTAR);
  modbus_close(master.get());
}

TEST_F(SimulateTest, SlavesOnASerialLineAnswerAModbusMaster) {
  start();
  Listener listener(broker.port());
  ASSERT_TRUE(listener.hears("homie/5/player1/$state", "ready"));  // its lines are there before it connects
  const std::unique_ptr<modbus_t, void (*)(modbus_t*)> master(modbus_new_rtu(line().c_str(), 9600, 'N', 8, 1),
                                                              modbus_free);
  ASSERT_EQ(modbus_connect(master.get()), 0) << modbus_strerror(errno);
  modbus_set_slave(master.get(), 80);
  std::array<std::uint16_t, 6> motion{};
  ASSERT_EQ(modbus_read_registers(master.get(), 52, 6, motion.data()), 6) << modbus_strerror(errno);
  EXPECT_NEAR(static_cast<std::int16_t>(motion[2]) * 16.0 / 32768, 1, 0.5) << "g, along the ropes";
  EXPECT_EQ(modbus_read_input_registers(master.get(), 52, 1, motion.data()), -1);
  EXPECT_EQ(errno, EMBXILADD);
  modbus_set_slave(master.get(), 1);
  EXPECT_EQ(modbus_write_bit(master.get(), 2, 1), 1);
  std::array<std::uint8_t, 8> relays{};
  ASSERT_EQ(modbus_read_bits(master.get(), 0, 8, relays.data()), 8) << modbus_strerror(errno);
  EXPECT_THAT(relays, testing::ElementsAre(0, 0, 1, 0, 0, 0, 0, 0));
  modbus_set_slave(master.get(), 2);
  EXPECT_EQ(modbus_read_bits(master.get(), 0, 8, relays.data()), -1);
  EXPECT_EQ(errno, ETIMEDOUT) << "nobody has this unit";
  modbus_close(master.get());

  kill(process, SIGTERM);
  EXPECT_EQ(exit_code(), 0);
  EXPECT_FALSE(fs::is_symlink(line())) << "a line without slaves was left behind";
}

TEST_F(SimulateTest, PutsNoLineWhereSomethingElseIs) {
  fs::create_directories(fs::path(line()).parent_path());
  std::ofstream(line()) << "a device";
  start();
  EXPECT_EQ(exit_code(), 2);
  EXPECT_EQ(fs::file_size(line()), 8U);
}

TEST_F(SimulateTest, CannotSimulateWithoutAPasswordForADevice) {
  std::ofstream(folder / "simulator.passwords") << "sim-ceiling:x\n";
  start();
  EXPECT_EQ(exit_code(), 2);
}

TEST_F(SimulateTest, CannotSimulateAWrongFolder) {
  fs::remove_all(folder);
  start();
  EXPECT_EQ(exit_code(), 2);
}

}  // namespace
}  // namespace rytme::app
