// SPDX-License-Identifier: Apache-2.0
// The proof that a bus never lies: many transactions over faulty wires, whose slaves' registers say whose
// they are and by which request they were read. RYTME_MODBUS_TRANSACTIONS sets how many; 100 000 otherwise.
#include <charconv>
#include <cstdlib>
#include <iostream>

#include <gtest/gtest.h>

#include "tests/modbus/peers.hpp"
#include "tests/support/serial_wire.hpp"
#include "tests/support/tcp_wire.hpp"

namespace rytme::modbus::test {
namespace {

using namespace std::chrono_literals;
using rytme::test::FaultPlan;
using rytme::test::first_written;
using rytme::test::identity;
using rytme::test::SerialWire;
using rytme::test::TcpWire;
using rytme::test::TruthSlave;
using rytme::test::WireFault;
using rytme::test::WireLog;

constexpr std::uint8_t units = 3;
constexpr int serial_wires = 8;
constexpr int tcp_wires = 4;
constexpr double faulty_share = 0.05;
constexpr std::uint64_t reads_per_write = 6;
constexpr auto patience = 15ms;
constexpr auto quiet = 30ms;

std::uint64_t wanted_transactions() {
  const char* text = std::getenv("RYTME_MODBUS_TRANSACTIONS");
  std::uint64_t wanted = 100'000;
  if (text != nullptr) std::from_chars(text, text + std::string_view(text).size(), wanted);
  return wanted;
}

std::vector<std::unique_ptr<TruthSlave>> slaves() {
  std::vector<std::unique_ptr<TruthSlave>> out;
  for (std::uint8_t unit = 1; unit <= units; ++unit) out.push_back(std::make_unique<TruthSlave>(unit));
  return out;
}

// Blocks of equal length at different addresses, on purpose: what a late reply could pass for.
std::vector<RegisterRead> polls() {
  std::vector<RegisterRead> out;
  for (std::uint8_t unit = 1; unit <= units; ++unit) {
    for (const std::uint16_t address : std::initializer_list<std::uint16_t>{0, 20, 40})
      out.push_back({3, unit, RegisterArea::holding, address, 2, 1ms});
    out.push_back({3, unit, RegisterArea::input, 4, 10, 1ms});
    out.push_back({3, unit, RegisterArea::coil, 32, 32, 1ms});
  }
  return out;
}

FaultPlan plan(std::uint64_t seed, std::vector<WireFault> kinds) {
  return {faulty_share, seed, std::move(kinds), patience, quiet / 2, 30ms};
}

std::uint16_t word_of(const RegisterBlock& block, std::size_t word) {
  if (block.read.area == RegisterArea::holding || block.read.area == RegisterArea::input)
    return block.values[word];
  unsigned value = 0;
  for (std::size_t i = 0; i < 16; ++i) value |= unsigned{block.values[word * 16 + i]} << i;
  return static_cast<std::uint16_t>(value);
}

// Every value in its place, and from the last request before it was taken.
bool is_true(const RegisterBlock& block, const WireLog& log) {
  const bool bits = block.read.area == RegisterArea::coil;
  const unsigned step = bits ? 16 : 1;
  for (unsigned word = 0; word < block.read.count / step; ++word) {
    const auto value = word_of(block, word);
    const unsigned address = block.read.address + word * step;
    const bool right = address / step % 2 == 0 ? value == identity(block.read.unit, block.read.area, address)
                                               : log.was_last(value, block.received);
    if (!right) return false;
  }
  return true;
}

struct Tally {
  std::uint64_t accepted{}, refused{}, wrong{}, written{}, wrongly_written{};
  void add(const Tally& other) {
    accepted += other.accepted;
    refused += other.refused;
    wrong += other.wrong;
    written += other.written;
    wrongly_written += other.wrongly_written;
  }
};

// One bus on one wire until so many transactions are over, with a write now and then.
template <typename Wire>
class Trial {
 public:
  Trial(Wire& wire, settings::BusSettings settings)
      : wire_(wire), bus_(3, std::move(settings), polls(), [this] {
          const std::lock_guard lock(mutex_);
          news_ = true;
          changed_.notify_all();
        }) {}

  Tally run(std::uint64_t transactions) {
    bus_.start();
    std::vector<Result> results;
    while (wire_.log().counts().requests < transactions) {
      write_something();
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, 1s, [this] { return news_; });
      news_ = false;
      lock.unlock();
      bus_.drain(results);
      for (const auto& result : results) std::visit([this](const auto& one) { look_at(one); }, result);
    }
    bus_.stop();
    return tally_;
  }

 private:
  void write_something() {
    if (waiting_.size() >= 4 || tally_.accepted < reads_per_write * tag_) return;
    ++tag_;
    const auto unit = static_cast<std::uint8_t>(tag_ % units + 1);
    const auto address = static_cast<std::uint16_t>(first_written + 2 * (tag_ % 3));
    RegisterWrite write = write_of(address, static_cast<std::uint16_t>(tag_), tag_, unit);
    if (tag_ % 4 == 0) write.values.push_back(static_cast<std::uint16_t>(tag_));
    if (tag_ % 8 == 1) write.priority = WriteClass::stop;
    if (bus_.write(write)) waiting_[tag_] = write;
  }

  void look_at(const RegisterBlock& block) {
    const bool accepted = block.outcome == BusOutcome::ok;
    ++(accepted ? tally_.accepted : tally_.refused);
    if (!accepted || is_true(block, wire_.log())) return;
    ++tally_.wrong;
    std::cout << "wrong: unit " << int{block.read.unit} << " area " << static_cast<int>(block.read.area)
              << " at " << block.read.address << ':';
    const unsigned words = block.read.count / (block.read.area == RegisterArea::coil ? 16U : 1U);
    for (std::size_t word = 0; word < words; ++word)
      std::cout << ' ' << std::hex << word_of(block, word) << std::dec;
    std::cout << ", expected " << std::hex << identity(block.read.unit, block.read.area, block.read.address)
              << std::dec << ", last request " << wire_.log().counts().requests - 1 << '\n';
  }

  void look_at(const WriteResult& done) {
    const auto write = waiting_.extract(done.tag).mapped();
    if (done.outcome != BusOutcome::ok) return;
    ++tally_.written;
    wire_.with_slave(write.unit, [&](TruthSlave& slave) {
      for (std::size_t i = 0; i < write.values.size(); ++i) {
        const auto at = static_cast<std::uint16_t>(write.address + i);
        if (!slave.has_carried_out(at, write.values[i])) ++tally_.wrongly_written;
      }
    });
  }

  Wire& wire_;
  Tally tally_;
  std::uint64_t tag_{};
  std::map<std::uint64_t, RegisterWrite> waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool news_{};
  Bus bus_;  // last: its thread uses all of the above
};

void print(const char* name, const Tally& tally, const std::vector<WireLog::Counts>& counts) {
  std::uint64_t requests = 0, collisions = 0;
  std::array<std::uint64_t, static_cast<std::size_t>(WireFault::count_)> faults{};
  for (const auto& one : counts) {
    requests += one.requests;
    collisions += one.collisions;
    for (std::size_t i = 0; i < faults.size(); ++i) faults.at(i) += one.faults.at(i);
  }
  std::cout << name << ": " << requests << " transactions, " << tally.accepted << " reads accepted, "
            << tally.refused << " refused, " << tally.wrong << " wrong; " << tally.written
            << " writes confirmed, " << tally.wrongly_written << " wrongly; " << collisions << " collisions;";
  for (std::size_t i = 1; i < faults.size(); ++i)
    if (faults.at(i) > 0) std::cout << ' ' << rytme::test::wire_fault_names.at(i) << ' ' << faults.at(i);
  std::cout << '\n';
}

template <typename Wire, typename Make>
void prove(const char* name, int wires, std::uint64_t transactions, Make make) {
  Tally tally;
  std::vector<WireLog::Counts> counts;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (int i = 0; i < wires; ++i) {
    threads.emplace_back([&, i] {
      settings::BusSettings settings;
      const std::unique_ptr<Wire> wire = make(static_cast<std::uint64_t>(i + 1), settings);
      const Tally one = Trial<Wire>(*wire, settings).run(transactions / static_cast<std::uint64_t>(wires));
      const std::lock_guard lock(mutex);
      tally.add(one);
      counts.push_back(wire->log().counts());
    });
  }
  for (auto& thread : threads) thread.join();
  print(name, tally, counts);
  EXPECT_EQ(tally.wrong, 0u);
  EXPECT_EQ(tally.wrongly_written, 0u);
  EXPECT_GT(tally.accepted, transactions / 2);
  EXPECT_GT(tally.refused, transactions / 100) << "the wire was not faulty";
  EXPECT_GT(tally.written, transactions / 100);
}

TEST(BusProof, NoFaultOfASerialLineBecomesAValue) {
  prove<SerialWire>("serial", serial_wires, wanted_transactions() * 6 / 10,
                    [](std::uint64_t seed, settings::BusSettings& settings) {
                      SerialWire::Settings wire;
                      wire.character = 21'701ns;  // 460 800 baud
                      wire.silence = 75'955ns;
                      wire.piece = 64;
                      wire.faults =
                          plan(seed, {WireFault::lost_request, WireFault::lost_reply, WireFault::late,
                                      WireFault::late, WireFault::corrupt_request, WireFault::corrupt_reply,
                                      WireFault::truncated, WireFault::doubled, WireFault::noise,
                                      WireFault::echo, WireFault::other_unit, WireFault::reboot});
                      auto made = std::make_unique<SerialWire>(wire, slaves());
                      settings = rtu_settings(made->path());
                      settings.baud = 460'800;
                      settings.response_timeout = patience;
                      settings.quiet = quiet;
                      return made;
                    });
}

TEST(BusProof, NoFaultOfAGatewayBecomesAValue) {
  prove<TcpWire>("TCP", tcp_wires, wanted_transactions() * 4 / 10,
                 [](std::uint64_t seed, settings::BusSettings& settings) {
                   TcpWire::Settings wire;
                   wire.faults =
                       plan(seed, {WireFault::lost_request, WireFault::lost_reply, WireFault::late,
                                   WireFault::late, WireFault::corrupt_reply, WireFault::truncated,
                                   WireFault::doubled, WireFault::noise, WireFault::other_unit,
                                   WireFault::strange_number, WireFault::hang_up, WireFault::reboot});
                   auto made = std::make_unique<TcpWire>(wire, slaves());
                   settings.transport = settings::BusTransport::tcp;
                   settings.address = made->address();
                   settings.response_timeout = patience;
                   return made;
                 });
}

}  // namespace
}  // namespace rytme::modbus::test
