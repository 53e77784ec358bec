// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/bus_devices.hpp"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>

#include "controller/simulator/modbus_pdu.hpp"
#include "controller/simulator/rtu_frame.hpp"
#include "controller/simulator/wb_mdm3.hpp"
#include "tests/end_to_end/observer.hpp"

namespace rytme::test {
namespace {

struct Place {
  const char* device;
  const char* bus;
  std::uint8_t unit;
};
constexpr std::array<Place, 6> places{{{"gateway-dimmer1", "gateway", 1},
                                       {"gateway-dimmer2", "gateway", 2},
                                       {"tcp-dimmer1", "tcp1", 1},
                                       {"tcp-dimmer2", "tcp2", 1},
                                       {"serial-dimmer1", "serial", 51},
                                       {"serial-dimmer2", "serial", 52}}};
constexpr Place input{"wall-stop", "serial", 7};
constexpr std::size_t tcp_header = 7;

const Place& place_of(const std::string& device) {
  const auto* found = std::ranges::find(places, device, &Place::device);
  return found == places.end() ? input : *found;
}

// All of a request has come when its last character has.
double wire_s(std::size_t bytes) {
  return std::chrono::duration<double>(SerialWire::Settings{}.character * bytes).count();
}

}  // namespace

// On and at safe light, as after a power cut.
class BusDevices::Dimmer : public simulator::WbMdm3 {
 public:
  Dimmer(std::uint8_t unit, std::function<void()> lowered) : WbMdm3(unit), lowered_(std::move(lowered)) {
    const auto now = std::chrono::steady_clock::now();
    WbMdm3::write(RegisterArea::holding, 0, {level_}, now);
    WbMdm3::write(RegisterArea::coil, 0, {1}, now);
  }
  bool write(RegisterArea area, std::uint16_t address, const std::vector<std::uint16_t>& values,
             Instant now) override {
    if (area == RegisterArea::holding && address == 0) {
      if (values.front() <= level_) lowered_();
      level_ = values.front();
    }
    return WbMdm3::write(area, address, values, now);
  }

 private:
  std::function<void()> lowered_;
  std::uint16_t level_{66};  // per cent: 0.4 of linear light
};

// Relays and inputs; the first input is the wall stop's circuit.
class BusDevices::Inputs : public simulator::RegisterPeer {
 public:
  explicit Inputs(const std::atomic<bool>& closed) : closed_(closed) {}
  std::uint8_t unit() const override { return input.unit; }
  bool read(RegisterArea area, std::uint16_t, std::uint16_t count, std::vector<std::uint16_t>& values,
            Instant) override {
    values.assign(count, 0);
    if (area == RegisterArea::discrete) values[0] = closed_ ? 1 : 0;
    return area == RegisterArea::discrete || area == RegisterArea::coil;
  }
  bool write(RegisterArea, std::uint16_t, const std::vector<std::uint16_t>&, Instant) override {
    return false;
  }

 private:
  const std::atomic<bool>& closed_;
};

BusDevices::BusDevices(Lowered lowered) : line_({}, {}) {
  for (const auto& place : places) {
    constexpr std::size_t one_register = 8;  // characters of function 6
    const double on_the_wire_s = place.bus == std::string("serial") ? wire_s(one_register) : 0;
    const auto tell = [lowered, id = std::string(place.device), on_the_wire_s] {
      lowered(id, steady_seconds() + on_the_wire_s);
    };
    slaves_[place.device].peer = std::make_unique<Dimmer>(place.unit, tell);
  }
  slaves_[input.device].peer = std::make_unique<Inputs>(closed_);
  line_.script([this](const Bytes& frame, std::uint64_t) { return serial_reply(frame); });
  for (const char* bus : {"gateway", "tcp1", "tcp2"}) {
    auto& server = servers_[bus] =
        std::make_unique<TcpWire>(TcpWire::Settings{}, std::vector<std::unique_ptr<TruthSlave>>{});
    server->script([this, bus = std::string(bus)](const Bytes& frame, std::uint64_t) {
      return std::optional{tcp_replies(bus, frame)};
    });
  }
}

const std::vector<std::string>& BusDevices::dimmers() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> ids;
    for (const auto& place : places) ids.emplace_back(place.device);
    return ids;
  }();
  return all;
}

std::string BusDevices::bus_of(const std::string& dimmer) { return place_of(dimmer).bus; }

BusDevices::Slave* BusDevices::slave(const std::string& bus, std::uint8_t unit) {
  for (auto& [id, slave] : slaves_)
    if (place_of(id).bus == bus && slave.peer->unit() == unit) return slave.silent ? nullptr : &slave;
  return nullptr;
}

// nullopt: nobody answers.
std::optional<Bytes> BusDevices::serial_reply(const Bytes& frame) {
  auto* asked = slave("serial", frame.front());
  if (asked == nullptr) return std::nullopt;
  simulator::RegisterPeer* peer = asked->peer.get();
  return simulator::answer_frame(std::span(&peer, 1), frame, std::chrono::steady_clock::now());
}

std::vector<Bytes> BusDevices::tcp_replies(const std::string& bus, const Bytes& frame) {
  auto* asked = slave(bus, frame[tcp_header - 1]);
  if (asked == nullptr) return {};
  const auto pdu =
      simulator::answer(*asked->peer, std::span(frame).subspan(tcp_header), std::chrono::steady_clock::now());
  Bytes reply(frame.begin(), frame.begin() + tcp_header);
  reply[4] = 0;
  reply[5] = static_cast<std::uint8_t>(pdu.size() + 1);
  reply.insert(reply.end(), pdu.begin(), pdu.end());
  return {reply};
}

std::string BusDevices::settings(const std::string& wall_stop) const {
  std::string text;
  for (const auto& [bus, server] : servers_)
    text +=
        fmt::format("[[bus]]\nid = \"{}\"\ntransport = \"tcp\"\naddress = \"{}\"\n", bus, server->address());
  text += fmt::format(
      "[[bus]]\nid = \"serial\"\ntransport = \"rtu\"\naddress = \"{}\"\nbaud = 115200\nstop_bits = 1\n",
      line_.path());
  for (const auto& place : places)
    text += fmt::format(
        "[[device]]\nid = \"{0}\"\nplace = \"light.{0}\"\nprofile = \"wirenboard-wb-mdm3\"\n"
        "bus = \"{1}\"\nparams = {{ unit = {2}, channel = 1 }}\n"
        "curve = \"gamma2.2\"\n",
        place.device, place.bus, place.unit);
  return text + fmt::format(
                    "[[device]]\nid = \"{}\"\nplace = \"stop.wall\"\nprofile = \"lctech-modbus-8r\"\n"
                    "bus = \"{}\"\nparams = {{ unit = {}, channel = 1 }}\n{}",
                    input.device, input.bus, input.unit, wall_stop);
}

double BusDevices::contact(bool closed) {
  const double now_s = steady_seconds();
  closed_ = closed;
  return now_s;
}

void BusDevices::answers(const std::string& device, bool does) { slaves_.at(device).silent = !does; }

}  // namespace rytme::test
