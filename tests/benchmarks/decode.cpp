// SPDX-License-Identifier: Apache-2.0
// Messages per second that one core turns into readings, with the calls of operator new per message; beside
// the bare parse of the same JSON by boost.json, which makes no reading of it yet.
#include <benchmark/benchmark.h>
#include <boost/json.hpp>

#include "tests/devices/bench.hpp"
#include "tests/devices/usual_messages.hpp"
#include "tests/support/allocations.hpp"

namespace {

using namespace rytme;

class Counted {
 public:
  explicit Counted(benchmark::State& state) : state_(state), before_(test::allocations()) {}
  ~Counted() {
    const auto calls = static_cast<double>(test::allocations() - before_);
    state_.counters["new/message"] = calls / static_cast<double>(state_.iterations());
    state_.SetItemsProcessed(state_.iterations());
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;

 private:
  benchmark::State& state_;
  std::size_t before_;
};

void decode(benchmark::State& state, const MqttMessage& message) {
  test::Bench bench(test::usual_room);
  auto& devices = bench.devices();
  std::vector<Decoded> out;
  devices.decode(message, out);
  if (out.empty()) {
    state.SkipWithError("refused");
    return;
  }
  const Counted counted(state);
  for (auto _ : state) {
    devices.give_back(out);
    devices.decode(message, out);
    benchmark::DoNotOptimize(out.data());
  }
}
BENCHMARK_CAPTURE(decode, light, test::light_message());
BENCHMARK_CAPTURE(decode, number, test::number_message());
BENCHMARK_CAPTURE(decode, pulse, test::pulse_message());
BENCHMARK_CAPTURE(decode, motion_10, test::motion_message(10));
BENCHMARK_CAPTURE(decode, motion_100, test::motion_message(100));

void bare_json(benchmark::State& state, const MqttMessage& message) {
  const Counted counted(state);
  for (auto _ : state) benchmark::DoNotOptimize(boost::json::parse(message.payload));
}
BENCHMARK_CAPTURE(bare_json, light, test::light_message());
BENCHMARK_CAPTURE(bare_json, pulse, test::pulse_message());
BENCHMARK_CAPTURE(bare_json, motion_10, test::motion_message(10));
BENCHMARK_CAPTURE(bare_json, motion_100, test::motion_message(100));

// The same into memory that is used again.
void bare_json_in_place(benchmark::State& state, const MqttMessage& message) {
  std::vector<unsigned char> memory(std::size_t{64} * 1024);
  boost::json::monotonic_resource resource(memory.data(), memory.size());
  boost::json::parser parser;
  const Counted counted(state);
  for (auto _ : state) {
    {
      parser.reset(&resource);
      parser.write(message.payload);
      const boost::json::value value = parser.release();
      benchmark::DoNotOptimize(&value);
    }
    resource.release();
  }
}
BENCHMARK_CAPTURE(bare_json_in_place, light, test::light_message());
BENCHMARK_CAPTURE(bare_json_in_place, pulse, test::pulse_message());
BENCHMARK_CAPTURE(bare_json_in_place, motion_10, test::motion_message(10));

}  // namespace

BENCHMARK_MAIN();
