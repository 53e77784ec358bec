// SPDX-License-Identifier: Apache-2.0
// A light command on MQTT to the dimmer's register written over Modbus TCP, through the whole controller,
// beside a client that does nothing but write the register when the message comes.
#include <array>
#include <atomic>
#include <mutex>
#include <thread>

#include <modbus.h>
#include <unistd.h>

#include "tests/benchmarks/table.hpp"
#include "tests/end_to_end/room_under_test.hpp"
#include "tests/support/tcp_wire.hpp"

namespace {

using namespace rytme;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::uint16_t floor_address = 900;  // which the controller does not know

int port_of(const std::string& address) { return std::stoi(address.substr(address.rfind(':') + 1)); }

// A dimmer that keeps what is written and when the first write behind each reset() came.
class Dimmer {
 public:
  explicit Dimmer(int port) : wire_(settings(port), {}) {
    wire_.script(
        [this](const test::Bytes& request, std::uint64_t) { return std::optional{answer(request)}; });
  }
  int port() const { return port_of(wire_.address()); }
  void reset() { written_ = Clock::time_point{}; }
  // ms from `from` to the first write since the reset; negative: none came.
  double wait_ms(Clock::time_point from) const {
    while (written_.load() == Clock::time_point{}) {
      if (Clock::now() - from > milliseconds{2000}) return -1;
      ::usleep(50);
    }
    return std::chrono::duration<double, std::milli>(written_.load() - from).count();
  }

 private:
  static test::TcpWire::Settings settings(int port) {
    test::TcpWire::Settings settings;
    settings.answer_time = std::chrono::microseconds{0};
    settings.port = port;
    return settings;
  }
  std::vector<test::Bytes> answer(const test::Bytes& request) {
    const unsigned address = request[8] * 256U + request[9];
    if (request[7] == 5 || request[7] == 6) {
      if (written_.load() == Clock::time_point{}) written_ = Clock::now();
      if (request[7] == 6) values_.at(address % values_.size()) = request[11];
      if (request[7] == 5) on_ = request[10] != 0;
      return {request};
    }
    const unsigned count = request[10] * 256U + request[11];
    const unsigned bytes = request[7] <= 2 ? (count + 7) / 8 : 2 * count;
    test::Bytes reply(request.begin(), request.begin() + 8);
    reply[5] = static_cast<std::uint8_t>(3 + bytes);
    reply.push_back(static_cast<std::uint8_t>(bytes));
    reply.resize(9 + bytes);
    if (request[7] == 1 && on_) reply[9] = 1;  // else it would be taken for a dimmer that has lost power
    if (request[7] == 3)
      for (unsigned i = 0; i < count; ++i) reply[10 + 2 * i] = values_.at((address + i) % values_.size());
    return {reply};
  }

  std::array<std::uint8_t, 1000> values_{};
  bool on_{};
  std::atomic<Clock::time_point> written_{};
  test::TcpWire wire_;  // last: its thread uses all of the above
};

// Writes a register for every message: the floor.
class BareWriter {
 public:
  BareWriter(const test::SplitRoom& room, int port)
      : thread_([this, broker = room.broker_port(), password = room.password("observer"), port] {
          test::Observer peer("127.0.0.1", broker, "observer", password, {asked});
          auto* context = modbus_new_tcp("127.0.0.1", port);
          modbus_set_slave(context, 41);
          modbus_connect(context);
          std::size_t at = 0;
          while (!over_) {
            peer.wait(
                milliseconds{20}, [](const test::Seen& seen) { return seen.topic == asked; }, at);
            for (; at < peer.seen.size(); ++at)
              if (peer.seen[at].topic == asked) modbus_write_register(context, floor_address, 1);
          }
          modbus_close(context);
          modbus_free(context);
        }) {}
  ~BareWriter() {
    over_ = true;
    thread_.join();
  }
  BareWriter(const BareWriter&) = delete;
  BareWriter& operator=(const BareWriter&) = delete;
  static constexpr const char* asked = "homie/5/player1/x/asked";

 private:
  std::atomic<bool> over_{false};
  std::thread thread_;
};

}  // namespace

int main() {
  test::SplitRoom room;
  Dimmer dimmer(port_of(room.house().buses.at(0).address));
  Dimmer bare_dimmer(0);
  const BareWriter bare(room, bare_dimmer.port());
  // Each client hears only what it waits for: bystanders would measure the two cores they share.
  test::Observer asker("127.0.0.1", room.broker_port(), "injector", room.password("injector"),
                       {"nobody/says/this"});
  asker.listen(milliseconds{3000});  // the bus has found its slave, the broker its subscribers
  const std::string controller = "homie/5/rytme-" + room.house().room.id + "/";
  std::vector<double> ours, floor;
  for (int i = 0; i < 30; ++i) {
    asker.listen(
        milliseconds{2600});  // the ramp of the stop before is over; on it commands keep their distance
    bare_dimmer.reset();
    auto from = Clock::now();
    asker.publish(BareWriter::asked, "1");
    floor.push_back(bare_dimmer.wait_ms(from));
    asker.listen(milliseconds{400});
    dimmer.reset();
    from = Clock::now();
    asker.publish(controller + "stop/trigger/set", "true");
    ours.push_back(dimmer.wait_ms(from));
    asker.listen(milliseconds{50});
    asker.publish(controller + "stop/reset/set", "true");
  }
  bench::heading();
  bench::row("command on MQTT to register on Modbus TCP, ms", ours, floor);
  return 0;
}
