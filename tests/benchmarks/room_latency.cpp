// SPDX-License-Identifier: Apache-2.0
// How fast the room is, each figure beside its floor in the same run:
//   start: `serve` to subscribed and serving, beside the bare stack; resident memory of both;
//   button: wall button on MQTT to light command on MQTT while everything is journaled, beside a bare echo;
//   stop: tap over HTTP to the last of two lights and a dimmer commanded.
#include <algorithm>
#include <atomic>
#include <csignal>
#include <fstream>
#include <string_view>
#include <thread>

#include <modbus.h>
#include <unistd.h>

#include "tests/benchmarks/table.hpp"
#include "tests/end_to_end/room_under_test.hpp"

namespace {

using namespace rytme;
using std::chrono::milliseconds;
using test::steady_seconds;

double resident_mb(pid_t pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  return -1;
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

bool spin(double limit_s, const std::function<bool()>& condition) {
  const double until = steady_seconds() + limit_s;
  while (!condition()) {
    if (steady_seconds() > until) return false;
    ::usleep(200);
  }
  return true;
}

void start_and_memory(test::SplitRoom& room) {
  std::vector<double> ours, floor, our_mb, floor_mb;
  room.stop_controller();
  for (int i = 0; i < 15; ++i) {
    double from = steady_seconds();
    room.start_controller();
    spin(5, [&] { return test::http_get(room.http(), "/readyz").status == 200; });
    ours.push_back((steady_seconds() - from) * 1000);
    if (i < 3) {
      ::usleep(1'500'000);
      our_mb.push_back(resident_mb(room.controller_pid()));
    }
    room.stop_controller();

    const test::TemporaryFolder folder;
    from = steady_seconds();
    const test::Process bare({RYTME_BARE_STACK, folder.path().string(), std::to_string(room.broker_port()),
                              "observer", room.password("observer")},
                             folder.path() / "out");
    spin(5, [&] { return text_of(folder.path() / "out") == "ready\n"; });
    floor.push_back((steady_seconds() - from) * 1000);
    if (i < 3) {
      ::usleep(500'000);
      floor_mb.push_back(resident_mb(bare.pid()));
    }
  }
  bench::row("start: serve to subscribed and serving, ms", ours, floor);
  bench::row("idle resident memory, MB", our_mb, floor_mb);
  room.start_controller();
  spin(5, [&] { return test::http_get(room.http(), "/readyz").status == 200; });
}

// A client that answers one message with another, doing nothing else: the floor.
class BareEcho {
 public:
  explicit BareEcho(const test::SplitRoom& room)
      : thread_([this, port = room.broker_port(), password = room.password("injector")] {
          test::Observer peer("127.0.0.1", port, "injector", password, {asked});
          std::size_t at = 0;
          while (!over_) {
            peer.wait(
                milliseconds{20}, [](const test::Seen& seen) { return seen.topic == asked; }, at);
            for (; at < peer.seen.size(); ++at)
              if (peer.seen[at].topic == asked) peer.publish(answered, "{}");
          }
        }) {}
  ~BareEcho() {
    over_ = true;
    thread_.join();
  }
  static constexpr const char* asked = "homie/5/player1/x/asked";
  static constexpr const char* answered = "homie/5/player1/x/answered";

 private:
  std::atomic<bool> over_{false};
  std::thread thread_;
};

// ms from a message of ours to the first that `is_answer` takes; negative: none came.
double answer_ms(test::Observer& asker, const std::string& topic, const std::string& payload,
                 const std::function<bool(const test::Seen&)>& is_answer) {
  const auto before = asker.seen.size();
  const double from = steady_seconds();
  asker.publish(topic, payload);
  return asker.wait(milliseconds{2000}, is_answer, before) ? (steady_seconds() - from) * 1000 : -1;
}

// Ours and the floor take turns after the same pause, so that both meet the machine in the same state. Each
// client hears only what it waits for: a message that wakes bystanders too would measure the two cores they
// share.
void button_to_light(test::SplitRoom& room) {
  const BareEcho echo(room);
  std::vector<double> ours, floor;
  test::Observer asker("127.0.0.1", room.broker_port(), "injector", room.password("injector"),
                       {"zigbee2mqtt/ceiling/set", "zigbee2mqtt/floor/set", BareEcho::answered});
  for (int i = 0; i < 40; ++i) {
    asker.listen(milliseconds{1200});
    floor.push_back(answer_ms(asker, BareEcho::asked, "press",
                              [](const test::Seen& seen) { return seen.topic == BareEcho::answered; }));
    asker.listen(milliseconds{1200});  // and the stop's own ramp has run out
    ours.push_back(answer_ms(asker, "homie/5/button1/button/action", "press", [](const test::Seen& seen) {
      return seen.topic == "zigbee2mqtt/ceiling/set" || seen.topic == "zigbee2mqtt/floor/set";
    }));
    test::http_post(room.http(), "/api/v1/stop", "{}");
    test::http_post(room.http(), "/api/v1/stop/reset", "{}");
  }
  bench::row("button on MQTT to light command on MQTT, ms", ours, floor);
}

// When the wall dimmer's level register changes, by a client of its own on the bus.
class DimmerWatch {
 public:
  explicit DimmerWatch(const settings::House& house) {
    const auto& address = house.buses.at(0).address;
    const auto colon = address.rfind(':');
    bus_ = modbus_new_tcp(address.substr(0, colon).c_str(), std::stoi(address.substr(colon + 1)));
    modbus_set_slave(bus_, 41);
    modbus_connect(bus_);
    thread_ = std::thread([this] { run(); });
  }
  ~DimmerWatch() {
    over_ = true;
    thread_.join();
    modbus_free(bus_);
  }
  double changed_after(double from_s) {
    spin(2, [&] { return changed_s_ > from_s; });
    return changed_s_;
  }

 private:
  void run() {
    std::uint16_t last{}, level{};
    while (!over_) {
      if (modbus_read_registers(bus_, 0, 1, &level) == 1 && level != last) {
        last = level;
        changed_s_ = steady_seconds();
      }
      ::usleep(500);
    }
  }
  modbus_t* bus_{};
  std::thread thread_;
  std::atomic<bool> over_{false};
  std::atomic<double> changed_s_{0};
};

void stop_to_command(test::SplitRoom& room) {
  std::vector<double> lights, dimmer;
  DimmerWatch watch(room.house());
  test::Observer asker("127.0.0.1", room.broker_port(), "injector", room.password("injector"));
  for (int i = 0; i < 40; ++i) {
    test::http_post(room.http(), "/api/v1/light", R"({"level":0.1})");
    asker.listen(milliseconds{2500});
    const auto before = asker.seen.size();
    const double from = steady_seconds();
    test::http_post(room.http(), "/api/v1/stop", "{}");
    bool both = true;
    for (const auto* topic : {"zigbee2mqtt/ceiling/set", "zigbee2mqtt/floor/set"})
      both &= asker.wait(
          milliseconds{2000}, [&](const test::Seen& seen) { return seen.topic == topic; }, before);
    if (both) lights.push_back((steady_seconds() - from) * 1000);
    dimmer.push_back((watch.changed_after(from) - from) * 1000);
    test::http_post(room.http(), "/api/v1/stop/reset", "{}");
    asker.listen(milliseconds{100});
  }
  bench::row("stop over HTTP to both lights commanded, ms", lights, {});
  bench::row("stop over HTTP to dimmer register written, ms", dimmer, {});
}

}  // namespace

// Words: button, stop, start; none = all.
int main(int argc, char** argv) {
  const auto wanted = [&](std::string_view what) {
    return argc < 2 || std::any_of(argv + 1, argv + argc, [&](const char* word) { return what == word; });
  };
  test::SplitRoom room;
  room.start_devices({});
  ::usleep(1'500'000);
  bench::heading();
  if (wanted("button")) button_to_light(room);
  if (wanted("stop")) stop_to_command(room);
  if (wanted("start")) start_and_memory(room);
  return 0;
}
