// SPDX-License-Identifier: Apache-2.0
// From a stop to the last of twenty live devices told, in a session, with 10 000 other messages a second
// through the same broker: by the page, also with ten tablets that follow it, by the wall button on MQTT, by
// the wall stop's contact on the serial line, counted from when it opens. Then with the light elsewhere, and
// with a dimmer of the gateway and one of the serial line dead: since just now, and for long. Floors in the
// same run: a client that tells fourteen topics for one message, over the same broker, and libmodbus that
// writes thrice on such a line. Words: the number of stops of each kind (200), a tenth of it with the light
// elsewhere, a quarter with two dead; `own`: the other messages are samples that the room takes in.
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <random>
#include <thread>

#include <fmt/format.h>
#include <modbus.h>
#include <pthread.h>
#include <sched.h>
#include <unistd.h>

#include "tests/benchmarks/table.hpp"
#include "tests/end_to_end/tablets.hpp"
#include "tests/end_to_end/twenty_devices.hpp"

namespace {

using namespace rytme;
using std::chrono::milliseconds;
using test::steady_seconds;
using Ids = std::set<std::string>;

constexpr int messages_per_second = 10'000;

// Messages at an even rate: a strap's samples, which the room takes in, or what only a bystander hears.
class Traffic {
 public:
  Traffic(int port, bool own) : own_(own), talk_([this, port] { talk(port); }) {
    if (!own) hear_ = std::thread([this, port] { hear(port); });
  }
  ~Traffic() {
    over_ = true;
    talk_.join();
    if (hear_.joinable()) hear_.join();
  }
  Traffic(const Traffic&) = delete;
  Traffic& operator=(const Traffic&) = delete;
  std::uint64_t sent() const { return sent_; }
  std::uint64_t heard() const { return heard_; }

 private:
  static mosquitto* client_on(int port) {
    auto* client = mosquitto_new(nullptr, true, nullptr);
    mosquitto_int_option(client, MOSQ_OPT_TCP_NODELAY, 1);
    mosquitto_username_pw_set(client, "injector", "secret");
    mosquitto_connect(client, "127.0.0.1", port, 60);
    return client;
  }
  void hear(int port) {
    auto* client = client_on(port);
    mosquitto_user_data_set(client, this);
    mosquitto_message_callback_set(client, [](mosquitto*, void* self, const mosquitto_message*) {
      ++static_cast<Traffic*>(self)->heard_;
    });
    mosquitto_subscribe(client, nullptr, "building/#", 0);
    while (!over_) {
      mosquitto_loop(client, 20, 1);
      for (int i = 0; i < 50; ++i) mosquitto_loop_read(client, 1);
    }
    mosquitto_destroy(client);
  }
  void talk(int port) {
    auto* client = client_on(port);
    constexpr int batch = 20;
    double next_s = steady_seconds();
    while (!over_) {
      for (int i = 0; i < batch; ++i) say(client);
      while (mosquitto_want_write(client)) mosquitto_loop(client, 1, 1);
      mosquitto_loop_misc(client);
      next_s += static_cast<double>(batch) / messages_per_second;
      if (const double left_s = next_s - steady_seconds(); left_s > 0)
        ::usleep(static_cast<useconds_t>(left_s * 1e6));
    }
    mosquitto_destroy(client);
  }
  void say(mosquitto* client) {
    const std::uint64_t n = sent_++;
    const auto text = fmt::format(
        R"({{"v":1,"boot":"9f2c","seq":{},"t_us":{},"bpm":72,"contact":true,"rr":[816]}})", n, n * 100);
    const char* topic = own_ ? "homie/5/strap1/hr/sample" : "building/floor2/sensor";
    mosquitto_publish(client, nullptr, topic, static_cast<int>(text.size()), text.data(), 0, false);
  }

  const bool own_;
  std::atomic<bool> over_{false};
  std::atomic<std::uint64_t> sent_{0}, heard_{0};
  std::thread talk_, hear_;
};

// Tells fourteen topics for one message, and another client hears them: no decision between.
class Floor {
 public:
  explicit Floor(int port)
      : asker_("127.0.0.1", port, "injector", "secret", {"nobody/says/this"}), relay_([this, port] {
          test::Observer client("127.0.0.1", port, "injector", "secret", {"floor/asked"});
          const auto said = [](const test::Seen&) { return true; };
          while (!over_) {
            if (!client.wait(milliseconds{20}, said)) continue;
            client.seen.clear();
            for (std::size_t i = 0; i < told; ++i)
              client.publish(fmt::format("floor/lamp{}/set", i), payload);
          }
        }) {}
  ~Floor() {
    over_ = true;
    relay_.join();
  }
  Floor(const Floor&) = delete;
  Floor& operator=(const Floor&) = delete;

  // ms from the message to the last of the fourteen.
  std::vector<double> measure(int port, int times) {
    test::Observer lamps("127.0.0.1", port, "injector", "secret", {"floor/+/set"});
    while (!ask(lamps)) continue;  // until the other is there
    std::vector<double> all;
    for (int i = 0; i < times; ++i) {
      const double from_s = steady_seconds();
      if (ask(lamps)) all.push_back((lamps.seen.back().t_s - from_s) * 1000);
      lamps.listen(milliseconds{20});
    }
    return all;
  }

 private:
  bool ask(test::Observer& lamps) {
    lamps.seen.clear();
    asker_.publish("floor/asked", "long");
    return lamps.wait(milliseconds{1000}, [&](const test::Seen&) { return lamps.seen.size() == told; });
  }
  static constexpr std::size_t told = 14;
  static constexpr const char* payload = R"({"state":"ON","brightness":167,"color_temp":286,"transition":2})";
  std::atomic<bool> over_{false};
  test::Observer asker_;
  std::thread relay_;
};

// What a stop on the serial line needs at least: level and switch of one dimmer and the level of the other,
// written by libmodbus on a line of its own, ms.
std::vector<double> serial_floor(int times) {
  test::SerialWire wire({}, {});
  wire.script([](const test::Bytes& frame, std::uint64_t) { return std::optional{frame}; });  // function 6
  auto* context = modbus_new_rtu(wire.path().c_str(), 115200, 'N', 8, 1);
  modbus_set_slave(context, 1);
  modbus_connect(context);
  std::vector<double> all;
  for (int i = 0; i < times; ++i) {
    const double from_s = steady_seconds();
    for (int write = 0; write < 3; ++write) modbus_write_register(context, 0, 66);
    all.push_back((steady_seconds() - from_s) * 1000);
    ::usleep(20'000);
  }
  modbus_close(context);
  modbus_free(context);
  return all;
}

// On each processor a thread that only sleeps a millisecond at a time: how late it wakes is the machine's,
// whatever we do.
class Sleeper {
 public:
  Sleeper() {
    for (unsigned cpu = 0; cpu < std::thread::hardware_concurrency(); ++cpu)
      threads_.emplace_back([this, cpu] { sleep_on(cpu); });
  }
  ~Sleeper() {
    over_ = true;
    for (auto& thread : threads_) thread.join();
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  // The latest that one woke since this was last asked.
  double latest_ms() { return latest_ms_.exchange(0); }

 private:
  void sleep_on(unsigned cpu) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    pthread_setaffinity_np(pthread_self(), sizeof one, &one);
    while (!over_) {
      const double from_s = steady_seconds();
      ::usleep(1000);
      const double late_ms = (steady_seconds() - from_s) * 1000 - 1;
      double latest_ms = latest_ms_;
      while (late_ms > latest_ms && !latest_ms_.compare_exchange_weak(latest_ms, late_ms)) continue;
    }
  }

  std::atomic<bool> over_{false};
  std::atomic<double> latest_ms_{0};
  std::vector<std::thread> threads_;
};

constexpr double still_ms = 5;  // a processor that stood still for longer was somebody else's

struct Stops {
  std::vector<double> last_ms;                           // to the last living device
  std::vector<bool> quiet;                               // neither processor stood still meanwhile
  std::map<std::string, std::vector<double>> by_bus_ms;  // as last_ms, of each bus and of "broker"
  int missed{};                                          // not all within 2 s
  int strays{};                                          // taken for a stop's before it began
};

std::string bus_of(const std::string& device) {
  const auto& dimmers = test::BusDevices::dimmers();
  const bool on_bus = std::ranges::find(dimmers, device) != dimmers.end();
  return on_bus ? test::BusDevices::bus_of(device) : "broker";
}

enum class Light : std::uint8_t { safe, elsewhere };

class Bench {
 public:
  explicit Bench(test::TwentyDevices& room) : room_(room) {}

  // `stop` begins one and returns when it did; `dead` fall silent just before, or have been for long.
  template <typename Stop>
  Stops measure(int times, Light light, Stop stop, const Ids& dead = {}, bool just_now = false) {
    Stops all;
    for (int i = 0; i < times; ++i) {
      make_ready(light);
      if (just_now) answer(dead, false);
      sleeper_.latest_ms();
      const double from_s = stop();
      all.missed += room_.reaches_all(milliseconds{2000}, dead) ? 0 : 1;
      note(from_s, dead, all);
      if (just_now) answer(dead, true);
    }
    return all;
  }
  void answer(const Ids& devices, bool does) {
    for (const auto& id : devices) room_.answers(id, does);
  }

 private:
  // A session with the light held by hand: at safe light, where the next session finds it at once though the
  // stop's ramp still runs; or brighter, when that ramp is over.
  void make_ready(Light light) {
    room_.close_contact();
    test::eventually(milliseconds{3000}, [&] { return room_.post("stop/reset").status < 300; });
    if (light == Light::elsewhere) ::usleep(2'500'000);
    room_.post("session", R"({"preset":"regulate-up"})");
    room_.post("light", light == Light::safe ? R"({"level":0.4})" : R"({"level":0.5})");
    if (light == Light::elsewhere) ::usleep(600'000);
    ::usleep(static_cast<useconds_t>(250'000 + random_() % 100'000));
    room_.forget();
    ::usleep(100'000);
  }
  void note(double from_s, const Ids& dead, Stops& all) {
    std::map<std::string, double> last_s;
    double all_s = 0;
    for (const auto& [id, t_s] : room_.reached()) {
      all.strays += t_s < from_s ? 1 : 0;
      if (dead.contains(id)) continue;
      last_s[bus_of(id)] = std::max(last_s[bus_of(id)], t_s);
      all_s = std::max(all_s, t_s);
    }
    all.last_ms.push_back((all_s - from_s) * 1000);
    all.quiet.push_back(sleeper_.latest_ms() < still_ms);
    for (const auto& [bus, t_s] : last_s) all.by_bus_ms[bus].push_back((t_s - from_s) * 1000);
  }

  test::TwentyDevices& room_;
  Sleeper sleeper_;
  std::mt19937 random_{1};
};

void line(const std::string& what, const std::vector<double>& ms) {
  std::printf("| %-50s | %4zu | %8.2f | %8.2f | %8.2f |\n", what.c_str(), ms.size(), bench::quantile(ms, 0.5),
              bench::quantile(ms, 0.99), bench::quantile(ms, 1));
  std::fflush(stdout);
}

void show(const std::string& what, const Stops& stops, bool by_bus = false) {
  line(what, stops.last_ms);
  std::vector<double> quiet_ms;
  for (std::size_t i = 0; i < stops.last_ms.size(); ++i)
    if (stops.quiet[i]) quiet_ms.push_back(stops.last_ms[i]);
  if (quiet_ms.size() < stops.last_ms.size()) line("  while no processor stood still", quiet_ms);
  if (by_bus)
    for (const auto& [bus, ms] : stops.by_bus_ms) line("  of it on " + bus, ms);
  if (stops.missed + stops.strays > 0)
    std::printf("  %d stops did not reach all within 2 s; %d devices were told before\n", stops.missed,
                stops.strays);
}

}  // namespace

int main(int argc, char** argv) {
  const auto said = [&](const char* word) {
    return std::any_of(argv + 1, argv + argc, [&](const char* one) { return std::strcmp(one, word) == 0; });
  };
  int times = 200;
  for (int i = 1; i < argc; ++i)
    if (const int number = std::atoi(argv[i]); number > 0) times = number;
  test::TwentyDevices room;
  const Traffic traffic(room.broker_port(), said("own"));
  const double from_s = steady_seconds();
  Bench bench(room);
  const auto page = [&] { return room.stop_by_page(); };
  const auto button = [&] { return room.stop_by_button(); };
  const auto contact = [&] { return room.stop_by_contact(); };

  std::printf("| %-50s | %4s | %8s | %8s | %8s |\n|---|---|---|---|---|\n",
              "ms to the last of 20 devices told", "n", "p50", "p99", "longest");
  {
    Floor floor(room.broker_port());
    line("floor: one message to fourteen on the broker", floor.measure(room.broker_port(), times));
  }
  line("floor: three writes on such a serial line", serial_floor(times));
  show("stop on the page", bench.measure(times, Light::safe, page), true);
  {
    const test::Tablets tablets(room.http(), 10);
    show("stop on the page, ten tablets connected", bench.measure(times, Light::safe, page), true);
    if (tablets.connected() < 10) std::printf("  only %zu tablets stayed\n", tablets.connected());
  }
  show("wall button on MQTT", bench.measure(times, Light::safe, button), true);
  show("contact of the wall stop on the serial line", bench.measure(times, Light::safe, contact), true);
  show("page, light elsewhere", bench.measure(std::max(times / 10, 5), Light::elsewhere, page), true);
  const int fewer = std::max(times / 4, 5);
  const Ids dead{"gateway-dimmer1", "serial-dimmer1"};
  show("page, two dead since just now: the other 18", bench.measure(fewer, Light::safe, page, dead, true),
       true);
  bench.answer(dead, false);
  ::sleep(5);
  show("page, two dead for long: the other 18", bench.measure(fewer, Light::safe, page, dead), true);
  const double span_s = steady_seconds() - from_s;
  std::printf("%.0f other messages a second, %.0f of them heard by a bystander\n",
              static_cast<double>(traffic.sent()) / span_s, static_cast<double>(traffic.heard()) / span_s);
  return 0;
}
