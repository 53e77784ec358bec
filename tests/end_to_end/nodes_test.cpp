// SPDX-License-Identifier: Apache-2.0
// The whole room with our own nodes: swing and dimmer are firmware in QEMU on a serial line, the controller
// polls them as it would over RS-485. What the dimmer's outputs really did stands in the log of its second
// port.
#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "tests/end_to_end/room_under_test.hpp"
#include "tests/support/real_time.hpp"

namespace rytme::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr double safe = 0.4;
constexpr double watchdog_s = 3;  // as the demo's settings have it
constexpr double fade_s = 2;
constexpr double ceiling_per_s = 0.6;

struct Output {
  double s{};
  double level{};  // of channel 1, 0-1
};

std::vector<Output> outputs(const std::filesystem::path& log) {
  std::vector<Output> all;
  std::ifstream file(log);
  for (std::string line; std::getline(file, line);) {
    unsigned ms{}, level{};
    if (std::sscanf(line.c_str(), "%8x %4x", &ms, &level) == 2) all.push_back({ms / 1000.0, level / 65535.0});
  }
  return all;
}

double fastest(const std::vector<Output>& trace, std::size_t from) {
  double most = 0;
  for (std::size_t i = std::max<std::size_t>(from, 1); i < trace.size(); ++i)
    most =
        std::max(most, std::abs(trace[i].level - trace[i - 1].level) / (trace[i].s - trace[i - 1].s + 0.001));
  return most;
}

// Swing and dimmer, by what the room says of its devices.
bool both_there(const boost::json::object& room) {
  return std::ranges::none_of(room.at("devices").at("missing").as_array(), [](const auto& missing) {
    return missing.as_string() == "wall-dimmer" || missing.as_string() == "swing1";
  });
}

class RoomOfNodes : public testing::Test {
 protected:
  void SetUp() override {
    run_before_others();
    room.start_devices({"--nodes", "qemu"});
    ASSERT_TRUE(eventually(30s, [&] { return !trace().empty() && near(safe); }))
        << "the dimmer rises by itself";
  }
  std::vector<Output> trace() const { return outputs(room.data() / "config" / "lines" / "nodes-40-io.log"); }
  bool near(double level) const {
    const auto all = trace();
    return !all.empty() && std::abs(all.back().level - level) < 0.003;
  }
  HttpAnswer post(const std::string& path, const std::string& body = "{}") {
    return http_post(room.http(), "/api/v1/" + path, body);
  }
  bool all_there() const {
    const auto answer = http_get(room.http(), "/api/v1/room");
    return answer.status == 200 && both_there(answer.json().as_object());
  }
  void kill_controller() {
    room.controller().signal(SIGKILL);
    ASSERT_EQ(room.controller().wait(5s), -SIGKILL);
  }
  int commission() {
    int code{};
    const auto text = output_of({RYTME_PROGRAM, "device", "commission", "wall-dimmer", "--config",
                                 room.config().string(), "--data", room.data().string()},
                                code);
    EXPECT_NE(text.find("verified\n"), std::string::npos) << text;
    return code;
  }

  SplitRoom room{true};
};

TEST_F(RoomOfNodes, ADeadControllerIsSafeLightAndItsReturnNoJump) {
  ASSERT_TRUE(eventually(30s, [&] { return all_there(); }));
  kill_controller();
  ASSERT_EQ(commission(), 0) << "the fail-safe is written and read back";
  room.start_controller();
  ASSERT_TRUE(eventually(30s, [&] { return all_there(); }));
  ASSERT_EQ(post("light", R"({"level":1.0})").status, 200);
  ASSERT_TRUE(eventually(15s, [&] { return near(1.0); })) << "the room's light reaches the node's output";

  const auto before = trace().size();
  kill_controller();
  const auto killed = Clock::now();
  ASSERT_TRUE(eventually(20s, [&] { return near(safe); }));
  const double took = std::chrono::duration<double>(Clock::now() - killed).count();
  std::cout << "safe light " << took << " s after the controller was killed (watchdog 3 s, fade 2 s)\n";
  // A fade of 0.6 within 2 s; the emulator's clock and the log's 10 ms leave some tenths.
  EXPECT_LT(took, watchdog_s + fade_s + 0.7);
  EXPECT_GT(took, watchdog_s - 0.7) << "not at once either: a poll that is late is no death";

  room.start_controller();
  ASSERT_TRUE(eventually(30s, [&] { return all_there(); }));
  ASSERT_EQ(post("light", R"({"level":0.9})").status, 200);
  ASSERT_TRUE(eventually(15s, [&] { return near(0.9); }));
  EXPECT_LT(fastest(trace(), before), ceiling_per_s * 1.05);
}

TEST_F(RoomOfNodes, AStopLeadsTheNodeToSafeLightByOneRamp) {
  ASSERT_TRUE(eventually(30s, [&] { return all_there(); }));
  ASSERT_EQ(post("light", R"({"level":1.0})").status, 200);
  ASSERT_TRUE(eventually(15s, [&] { return near(1.0); }));
  const auto before = trace().size();
  ASSERT_EQ(post("stop").status, 200);
  EXPECT_TRUE(eventually(5s, [&] { return near(safe); }));
  EXPECT_LT(fastest(trace(), before), ceiling_per_s * 1.05);
}

// How long a swing is recorded: RYTME_QEMU_MINUTES, some seconds otherwise.
std::chrono::seconds recorded() {
  const char* minutes = std::getenv("RYTME_QEMU_MINUTES");
  return minutes == nullptr ? 8s : std::chrono::seconds{60 * std::atoi(minutes)};
}

// Of a swing as a session's record has it. The time of a sample is its number at 100 a second.
struct SwingRecord {
  std::int64_t samples{}, lost{}, doubled{};
  std::set<std::string> boots;
};

SwingRecord swing_of(const boost::json::value& record) {
  constexpr std::int64_t step_us = 10'000;
  SwingRecord swing;
  std::optional<std::int64_t> next;
  for (const auto& chunk : record.at("waveforms").as_array()) {
    if (chunk.at("device").as_string() != "swing1") continue;
    swing.boots.insert(std::string(chunk.at("boot").as_string()));
    for (const auto& frame : chunk.at("data").as_array()) {
      const auto first = frame.at("t_us").to_number<std::int64_t>() / step_us;
      const auto count = static_cast<std::int64_t>(frame.at("ax").as_array().size());
      swing.lost += next ? std::max<std::int64_t>(first - *next, 0) : 0;
      swing.doubled += next ? std::max<std::int64_t>(*next - first, 0) : 0;
      swing.samples += count;
      next = first + count;
    }
  }
  return swing;
}

void record_a_swing(SwingRecord& swing) {
  RoomUnderTest room({"--nodes", "qemu"});
  ASSERT_TRUE(eventually(30s, [&] { return both_there(room.room()); }));
  const auto started = room.post("session", R"({"preset":"regulate-up","recording":true})");
  ASSERT_EQ(started.status, 201);
  const std::string id(started.json().at("id").as_string());
  std::this_thread::sleep_for(recorded());
  EXPECT_TRUE(both_there(room.room()));
  ASSERT_EQ(room.post("stop").status, 200);
  room.process().signal(SIGTERM);
  ASSERT_TRUE(room.process().wait(20s));
  int code{};
  const auto text = output_of(
      {RYTME_PROGRAM, "session", "export", id, "--format", "json", "--data", room.data().string()}, code);
  ASSERT_EQ(code, 0);
  swing = swing_of(boost::json::parse(text));
  std::cout << swing.samples << " samples recorded, " << swing.lost << " lost, " << swing.doubled
            << " doubled\n";
  EXPECT_EQ(swing.doubled, 0);
  EXPECT_EQ(swing.boots.size(), 1u) << "the node started anew meanwhile";
  EXPECT_GE(swing.samples + swing.lost, 100 * (recorded().count() - 1)) << "what is lost is told";
}

// From the emulated sensor through the firmware, the line and the bus into the record of a session. A machine
// that stands still for 0.3 s costs samples, so it may try three times.
TEST(DemoOfNodes, ASwingIsRecordedWithoutALoss) {
  run_before_others();
  SwingRecord swing;
  for (int tries = 3; tries > 0; --tries) {
    ASSERT_NO_FATAL_FAILURE(record_a_swing(swing));
    if (HasFailure() || swing.lost == 0) break;
  }
  EXPECT_EQ(swing.lost, 0);
}

}  // namespace
}  // namespace rytme::test
