// SPDX-License-Identifier: Apache-2.0
// From a JSON sample of some 60 bytes on MQTT to the disk: the controller, in session and recording, beside
// the least program of the same durability (bare_ingest), over the same broker, in turn; with the disk as it
// is and with 5 ms more for every sync. And how long a wall button takes to light meanwhile.
#include <array>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <thread>

#include <mosquitto.h>
#include <unistd.h>

#include "tests/benchmarks/table.hpp"
#include "tests/end_to_end/room_under_test.hpp"

namespace {

using namespace rytme;
using std::chrono::milliseconds;
using test::steady_seconds;

constexpr const char* topic = "homie/5/strap1/hr/sample";

struct Usage {
  double cpu_s{}, peak_mb{};
};

Usage usage_of(pid_t pid) {
  Usage usage;
  std::ifstream stat("/proc/" + std::to_string(pid) + "/stat");
  std::string word;
  for (int i = 1; i <= 15 && stat >> word; ++i)
    if (i >= 14) usage.cpu_s += std::stod(word) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) usage.peak_mb = std::stod(line.substr(6)) / 1024;
  return usage;
}

// Publishes samples, never more than `window` ahead of what is durable: so no queue on the way overflows.
class Source {
 public:
  Source(int port, const std::string& password, std::string boot) : boot_(std::move(boot)) {
    client_ = mosquitto_new(nullptr, true, nullptr);
    mosquitto_username_pw_set(client_, "injector", password.c_str());
    mosquitto_int_option(client_, MOSQ_OPT_TCP_NODELAY, 1);
    if (mosquitto_connect(client_, "127.0.0.1", port, 60) != MOSQ_ERR_SUCCESS) std::abort();
    while (mosquitto_loop(client_, 10, 1) == MOSQ_ERR_SUCCESS && mosquitto_want_write(client_)) {
    }
  }
  ~Source() { mosquitto_destroy(client_); }
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  void publish(std::int64_t seq) {
    char text[96];
    const int size =
        std::snprintf(text, sizeof text, R"({"v":1,"boot":"%s","seq":%lld,"t_us":%lld,"bpm":72})",
                      boot_.c_str(), static_cast<long long>(seq), static_cast<long long>(seq * 1000));
    mosquitto_publish(client_, nullptr, topic, size, text, 0, false);
    if (seq % 64 == 0) flush();
  }
  void flush() {
    mosquitto_loop(client_, 0, 1);
    while (mosquitto_want_write(client_)) mosquitto_loop(client_, 1, 1);
  }

 private:
  std::string boot_;
  mosquitto* client_;
};

struct Result {
  double per_second{}, cpu_us{}, peak_mb{};
};

// `durable` asks how far the program has got.
Result ingest(test::SplitRoom& room, const std::string& boot, pid_t pid, std::int64_t count,
              std::int64_t window, const std::function<std::int64_t()>& durable) {
  Source source(room.broker_port(), room.password("injector"), boot);
  const double cpu_before = usage_of(pid).cpu_s;
  const double from = steady_seconds();
  std::int64_t done = 0;
  for (std::int64_t seq = 1; seq <= count; ++seq) {
    source.publish(seq);
    if (seq % 1000 != 0) continue;
    for (done = durable(); seq - done > window && steady_seconds() - from < 120; done = durable())
      ::usleep(1000);
  }
  source.flush();
  double last_news = steady_seconds();
  while (done < count && steady_seconds() - last_news < 5) {
    ::usleep(2000);
    const auto now_done = durable();
    if (now_done > done) last_news = steady_seconds();
    done = now_done;
  }
  if (done < count)
    std::printf("only %lld of %lld became durable\n", static_cast<long long>(done),
                static_cast<long long>(count));
  const double took = last_news - from;
  const Usage after = usage_of(pid);
  return {static_cast<double>(done) / took, (after.cpu_s - cpu_before) / static_cast<double>(done) * 1e6,
          after.peak_mb};
}

std::int64_t number(const std::filesystem::path& file, const std::string& sql) {
  const std::string text = test::journal_value(file, sql);
  return text.empty() || text.starts_with("error") ? 0 : std::stoll(text);
}

constexpr std::int64_t ours_ahead = 6000;    // of the inbox of 20 000; it commits as soon as much waits
constexpr std::int64_t floor_ahead = 90000;  // it commits once a second; of the broker's queue of 100 000

std::int64_t durable_of(test::SplitRoom& room, const std::string& boot) {
  return number(room.journal(), "SELECT max(last_seq) FROM chunk WHERE boot = '" + boot + "'");
}

Result floor_run(test::SplitRoom& room, std::int64_t count) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "bare.db";
  const test::Process bare({RYTME_BARE_INGEST, file.string(), std::to_string(room.broker_port()), "observer",
                            room.password("observer"), topic},
                           folder.path() / "out");
  ::usleep(500000);
  return ingest(room, "b", bare.pid(), count, floor_ahead,
                [&] { return number(file, "SELECT max(seq) FROM sample"); });
}

bool start_session(test::SplitRoom& room) {
  return test::http_post(room.http(), "/api/v1/session", R"({"preset":"regulate-down","recording":true})")
             .status == 201;
}

void restart(test::SplitRoom& room) {
  room.stop_controller();
  room.start_controller();
  test::eventually(std::chrono::seconds{10},
                   [&] { return test::http_get(room.http(), "/readyz").status == 200; });
  test::http_post(room.http(), "/api/v1/stop", "{}");
  test::http_post(room.http(), "/api/v1/stop/reset", "{}");
}

// Publishes at a steady rate until it ends, whatever becomes of it.
class Flood {
 public:
  Flood(test::SplitRoom& room, std::int64_t per_second)
      : thread_([this, per_second, port = room.broker_port(), password = room.password("injector")] {
          Source samples(port, password, "flood");
          const double from = steady_seconds();
          for (std::int64_t seq = 0; !over_;) {
            const auto due =
                static_cast<std::int64_t>((steady_seconds() - from) * static_cast<double>(per_second));
            while (seq < due) samples.publish(++seq);
            samples.flush();
            ::usleep(1000);
          }
        }) {}
  ~Flood() {
    over_ = true;
    thread_.join();
  }
  Flood(const Flood&) = delete;
  Flood& operator=(const Flood&) = delete;

 private:
  std::atomic<bool> over_{false};
  std::thread thread_;
};

// ms from a wall button that stops the room to the ceiling's command, in a session that records the flood.
std::vector<double> button_to_light(test::SplitRoom& room, std::int64_t per_second, int presses) {
  const Flood flood(room, per_second);
  test::Observer asker("127.0.0.1", room.broker_port(), "injector", room.password("injector"),
                       {"zigbee2mqtt/ceiling/set"});
  std::vector<double> took_ms;
  for (int i = 0; i < presses; ++i) {
    if (!start_session(room)) std::printf("no session\n");
    asker.listen(milliseconds{1000});
    const auto before = asker.seen.size();
    const double from = steady_seconds();
    asker.publish("homie/5/button1/button/action", "long");
    const bool answered = asker.wait(
        milliseconds{5000}, [](const test::Seen& seen) { return seen.topic == "zigbee2mqtt/ceiling/set"; },
        before);
    took_ms.push_back(answered ? (steady_seconds() - from) * 1000 : 5000);
    asker.listen(milliseconds{300});
    test::http_post(room.http(), "/api/v1/stop/reset", "{}");
  }
  return took_ms;
}

void print(const char* what, const Result& ours, const Result& floor) {
  std::printf("| %-28s | %8.0f | %8.0f | %5.2f | %6.1f | %6.1f | %5.2f | %6.1f | %6.1f |\n", what,
              ours.per_second, floor.per_second, ours.per_second / floor.per_second, ours.cpu_us,
              floor.cpu_us, ours.cpu_us / floor.cpu_us, ours.peak_mb, floor.peak_mb);
  std::fflush(stdout);
}

void compare(test::SplitRoom& room, const char* what, std::int64_t count) {
  static int life = 0;
  for (int turn = 0; turn < 2; ++turn) {
    const std::string boot = "r" + std::to_string(++life);
    room.stop_controller();
    const Result floor = floor_run(room, count);
    restart(room);
    if (!start_session(room)) std::printf("no session\n");
    const Result ours =
        ingest(room, boot, room.controller_pid(), count, ours_ahead, [&] { return durable_of(room, boot); });
    print(what, ours, floor);
  }
}

}  // namespace

// Words: how many messages (default 200000), how many presses of the button (default 40; 0 = none).
int main(int argc, char** argv) {
  const std::int64_t count = argc > 1 ? std::atoll(argv[1]) : 200000;
  const int presses = argc > 2 ? std::atoi(argv[2]) : 40;
  test::SplitRoom room;
  std::printf("| %-28s | %8s | %8s | %5s | %6s | %6s | %5s | %6s | %6s |\n", "sample to disk", "ours /s",
              "floor /s", "ratio", "CPU us", "floor", "ratio", "MB", "floor");
  if (count > 0) compare(room, "disk as it is", count);
  ::setenv("LD_PRELOAD", RYTME_SLOW_SYNC, 1);
  if (count > 0) compare(room, "5 ms more per sync", count);
  if (presses > 0) {
    restart(room);
    bench::heading();
    for (const std::int64_t per_second : {1000, 10000, 20000, 30000})
      bench::row("button to light, " + std::to_string(per_second) + " samples/s, slow syncs, ms",
                 button_to_light(room, per_second, presses), {});
  }
  ::unsetenv("LD_PRELOAD");
  return 0;
}
