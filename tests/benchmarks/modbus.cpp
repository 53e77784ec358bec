// SPDX-License-Identifier: Apache-2.0
// How fast a bus is, beside what libmodbus does alone on the same wire in the same run:
//   serial: 10 registers at 115 200 8N1 on a line that takes its time, and the shortest silence it saw;
//   dead: how long healthy slaves wait because another one is dead, beside a loop without a plan;
//   stop: how long a stop waits on a busy line;
//   tcp: 16 slaves that answer in 5 ms, a bus each, beside a thread each.
// Words: serial, dead, stop, tcp; none = all.
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <string_view>
#include <thread>

#include <modbus/modbus.h>
#include <sys/prctl.h>

#include "controller/modbus/bus.hpp"
#include "controller/modbus/line.hpp"
#include "tests/benchmarks/table.hpp"
#include "tests/support/serial_wire.hpp"
#include "tests/support/tcp_wire.hpp"

namespace {

using namespace rytme;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;
using Context = std::unique_ptr<modbus_t, void (*)(modbus_t*)>;

double ms(Clock::duration span) { return std::chrono::duration<double, std::milli>(span).count(); }

std::vector<std::unique_ptr<test::TruthSlave>> slaves(std::initializer_list<std::uint8_t> units) {
  std::vector<std::unique_ptr<test::TruthSlave>> out;
  for (const auto unit : units) out.push_back(std::make_unique<test::TruthSlave>(unit));
  return out;
}

settings::BusSettings serial_bus(settings::BusSilence silence) {
  settings::BusSettings bus;
  bus.baud = 115'200;
  bus.stop_bits = 1;
  bus.silence = silence;
  return bus;
}

test::SerialWire::Settings line_like(const settings::BusSettings& bus) {
  test::SerialWire::Settings wire;
  wire.silence = modbus::frame_silence(bus);
  return wire;
}

RegisterRead ten_registers(std::uint8_t unit, std::chrono::milliseconds period) {
  return {0, unit, RegisterArea::holding, 0, 10, period};
}

// A bus whose results are counted, or looked at, as they come.
class Counted {
 public:
  Counted(settings::BusSettings settings, const std::vector<RegisterRead>& polls,
          std::function<void(const modbus::Result&)> look = {})
      : look_(std::move(look)), bus_(0, std::move(settings), polls, [this] {
          const std::lock_guard lock(mutex_);
          std::vector<modbus::Result> results;
          bus_.drain(results);
          for (const auto& result : results) {
            const auto* block = std::get_if<RegisterBlock>(&result);
            if (block != nullptr && block->outcome == BusOutcome::ok) ++good_;
            if (look_) look_(result);
          }
          changed_.notify_all();
        }) {
    bus_.start();
  }
  ~Counted() { bus_.stop(); }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  modbus::Bus& bus() { return bus_; }
  std::uint64_t good() const { return good_; }
  bool wait(const std::function<bool()>& so) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 5s, so);
  }

 private:
  std::function<void(const modbus::Result&)> look_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::uint64_t> good_{};
  modbus::Bus bus_;  // last: its thread uses all of the above
};

double per_second(const std::function<std::uint64_t()>& count, Clock::duration span) {
  const auto before = count();
  const auto from = Clock::now();
  std::this_thread::sleep_for(span);
  return static_cast<double>(count() - before) / (ms(Clock::now() - from) / 1000);
}

// libmodbus in a loop, which keeps the silence by sleeping; what somebody would write who knows the protocol.
class BareSerial {
 public:
  BareSerial(const std::string& path, std::chrono::microseconds silence)
      : thread_([this, path, silence] {
          const Context context(modbus_new_rtu(path.c_str(), 115'200, 'N', 8, 1), modbus_free);
          modbus_set_slave(context.get(), 1);
          modbus_connect(context.get());
          while (!over_) {
            std::uint16_t values[10];
            std::this_thread::sleep_for(silence);
            modbus_flush(context.get());
            if (modbus_read_registers(context.get(), 0, 10, values) == 10) ++good_;
          }
          modbus_close(context.get());
        }) {}
  ~BareSerial() {
    over_ = true;
    thread_.join();
  }
  BareSerial(const BareSerial&) = delete;
  BareSerial& operator=(const BareSerial&) = delete;
  std::uint64_t good() const { return good_; }

 private:
  std::atomic<bool> over_{};
  std::atomic<std::uint64_t> good_{};
  std::thread thread_;
};

bool serial(const char* name, settings::BusSilence silence) {
  std::vector<double> ours, floor;
  auto shortest = std::chrono::nanoseconds::max();
  auto bus = serial_bus(silence);
  for (int round = 0; round < 7; ++round) {
    {
      test::SerialWire wire(line_like(bus), slaves({1}));
      bus.address = wire.path();
      const Counted counted(bus, {ten_registers(1, 1ms)});
      std::this_thread::sleep_for(200ms);
      ours.push_back(per_second([&] { return counted.good(); }, 1500ms));
      shortest = std::min(shortest, wire.log().counts().shortest_silence);
    }
    test::SerialWire wire(line_like(bus), slaves({1}));
    const BareSerial bare(wire.path(), modbus::frame_silence(bus));
    std::this_thread::sleep_for(100ms);
    floor.push_back(per_second([&] { return bare.good(); }, 1500ms));
  }
  bench::row(name, ours, floor);
  const auto wanted = modbus::frame_silence(bus);
  std::printf("  shortest silence before a request: %.0f us, wanted %lld us%s\n",
              static_cast<double>(shortest.count()) / 1000, static_cast<long long>(wanted.count()),
              shortest < wanted ? ": TOO SHORT" : "");
  return shortest >= wanted;
}

// Longest time between two values of each healthy slave.
class Gaps {
 public:
  void value(std::uint8_t unit, Instant at) {
    auto& last = last_[unit];
    if (last != Instant{} && last >= from_) gaps_.push_back(ms(at - last));
    last = at;
  }
  void count_from(Instant from) { from_ = from; }
  const std::vector<double>& gaps() const { return gaps_; }

 private:
  Instant from_{};
  std::map<std::uint8_t, Instant> last_;
  std::vector<double> gaps_;
};

// Units 1 and 2 answer, 3 is dead; each is polled every 100 ms. Ours after the first back-off, 20 s.
void dead_slave(std::chrono::milliseconds patience) {
  auto bus = serial_bus(settings::BusSilence::characters);
  bus.response_timeout = patience;
  std::vector<RegisterRead> polls;
  for (const std::uint8_t unit : std::initializer_list<std::uint8_t>{1, 2, 3})
    polls.push_back(ten_registers(unit, 100ms));
  Gaps ours, naive;
  {
    test::SerialWire wire(line_like(bus), slaves({1, 2}));
    bus.address = wire.path();
    ours.count_from(Clock::now() + 2s);
    const Counted counted(bus, polls, [&](const modbus::Result& result) {
      const auto* block = std::get_if<RegisterBlock>(&result);
      if (block != nullptr && block->outcome == BusOutcome::ok) ours.value(block->read.unit, block->received);
    });
    std::this_thread::sleep_for(22s);
  }
  test::SerialWire wire(line_like(bus), slaves({1, 2}));
  const Context context(modbus_new_rtu(wire.path().c_str(), 115'200, 'N', 8, 1), modbus_free);
  modbus_connect(context.get());
  modbus_set_response_timeout(context.get(), 0, static_cast<std::uint32_t>(patience.count() * 1000));
  naive.count_from(Clock::now());
  for (const auto until = Clock::now() + 8s; Clock::now() < until;) {
    const auto next = Clock::now() + 100ms;
    for (const int unit : {1, 2, 3}) {
      std::uint16_t values[10];
      modbus_set_slave(context.get(), unit);
      std::this_thread::sleep_for(304us);
      if (modbus_read_registers(context.get(), 0, 10, values) == 10)
        naive.value(static_cast<std::uint8_t>(unit), Clock::now());
    }
    std::this_thread::sleep_until(next);
  }
  modbus_close(context.get());
  const auto name = "dead slave of 3, patience " + std::to_string(patience.count()) + " ms: gap, ms";
  bench::row(name, ours.gaps(), naive.gaps());
  std::printf("  longest gap: ours %.0f ms, a loop without a plan %.0f ms\n", bench::quantile(ours.gaps(), 1),
              bench::quantile(naive.gaps(), 1));
}

// A line polled without a pause; a stop comes at any moment. The floor is one transaction of that line.
void stop_waits() {
  auto bus = serial_bus(settings::BusSilence::characters);
  test::SerialWire wire(line_like(bus), slaves({1}));
  bus.address = wire.path();
  std::map<std::uint64_t, Instant> done;
  Counted counted(bus, {{0, 1, RegisterArea::holding, 0, 100, 1ms}}, [&](const modbus::Result& result) {
    if (const auto* write = std::get_if<WriteResult>(&result); write != nullptr && write->done)
      done[write->tag] = *write->done;
  });
  // 100 registers: 8 + 205 characters and two silences; the stop itself: 8 + 8 and two.
  const double transaction_ms = (213 + 7) * 0.0868, own_ms = (16 + 7) * 0.0868;
  std::vector<double> waited;
  for (std::uint64_t tag = 1; tag <= 200; ++tag) {
    std::this_thread::sleep_for(20ms + std::chrono::microseconds(tag * 7919 % 20'000));
    RegisterWrite stop{0, 1, RegisterArea::holding, test::first_written, {1}};
    stop.priority = WriteClass::stop;
    stop.tag = tag;
    const auto asked = Clock::now();
    counted.bus().write(stop);
    counted.wait([&] { return done.contains(tag); });
    waited.push_back(ms(done[tag] - asked) - own_ms);
  }
  bench::row("stop on a busy line: wait before it, ms", waited, {transaction_ms});
  const auto counters = counted.bus().counters();
  std::printf("  longest wait %.1f ms; a running transaction takes %.1f ms; %llu timeouts, %llu garbled\n",
              bench::quantile(waited, 1), transaction_ms, static_cast<unsigned long long>(counters.timeouts),
              static_cast<unsigned long long>(counters.garbled));
}

void tcp_slaves() {
  constexpr int count = 16;
  std::vector<double> ours, floor;
  for (int round = 0; round < 5; ++round) {
    std::vector<std::unique_ptr<test::TcpWire>> wires;
    for (int i = 0; i < count; ++i) {
      test::TcpWire::Settings settings;
      settings.answer_time = 5ms;
      wires.push_back(std::make_unique<test::TcpWire>(settings, slaves({1})));
    }
    {
      std::vector<std::unique_ptr<Counted>> buses;
      for (const auto& wire : wires) {
        settings::BusSettings settings;
        settings.transport = settings::BusTransport::tcp;
        settings.address = wire->address();
        buses.push_back(std::make_unique<Counted>(settings, std::vector{ten_registers(1, 1ms)}));
      }
      std::this_thread::sleep_for(200ms);
      ours.push_back(per_second(
          [&] {
            std::uint64_t sum = 0;
            for (const auto& bus : buses) sum += bus->good();
            return sum;
          },
          1500ms));
    }
    std::atomic<std::uint64_t> good{};
    std::atomic<bool> over{};
    std::vector<std::thread> threads;
    for (const auto& wire : wires) {
      threads.emplace_back([&good, &over, address = wire->address()] {
        const Context context(modbus_new_tcp("127.0.0.1", std::stoi(address.substr(address.find(':') + 1))),
                              modbus_free);
        modbus_set_slave(context.get(), 1);
        modbus_connect(context.get());
        std::uint16_t values[10];
        while (!over)
          if (modbus_read_registers(context.get(), 0, 10, values) == 10) ++good;
        modbus_close(context.get());
      });
    }
    std::this_thread::sleep_for(200ms);
    floor.push_back(per_second([&] { return good.load(); }, 1500ms));
    over = true;
    for (auto& thread : threads) thread.join();
  }
  bench::row("16 TCP slaves of 5 ms, reads per second", ours, floor);
}

}  // namespace

int main(int argc, char** argv) {
  const auto wanted = [&](std::string_view what) {
    return argc < 2 || std::any_of(argv + 1, argv + argc, [&](const char* word) { return what == word; });
  };
  bench::heading();
  bool kept = true;
  if (wanted("serial")) {
    kept &= serial("serial, 3.5 characters apart, reads per second", settings::BusSilence::characters);
    kept &= serial("serial, 1750 us apart, reads per second", settings::BusSilence::us1750);
  }
  if (wanted("tcp")) tcp_slaves();
  if (wanted("stop")) stop_waits();
  if (wanted("dead")) {
    dead_slave(100ms);
    dead_slave(150ms);
    dead_slave(200ms);
  }
  return kept ? 0 : 1;
}
