// SPDX-License-Identifier: Apache-2.0
// `rytme device test`: one light fades slowly there and back, through the last stage like everything else.
#include <algorithm>
#include <cmath>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <thread>

#include <boost/json.hpp>
#include <fmt/format.h>

#include "controller/app/broker_line.hpp"
#include "controller/app/clock.hpp"
#include "controller/app/device_commands.hpp"
#include "controller/app/device_open.hpp"
#include "controller/app/setup_line.hpp"
#include "controller/devices/devices.hpp"
#include "controller/safety/last_stage.hpp"

namespace rytme::app {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr double way = 0.2;  // linear light, there and back
constexpr double glide_s = 4;
constexpr seconds patience{12};  // for each end of the way
constexpr milliseconds poll_period{250};
constexpr milliseconds pause{25};

// The device's wire, whichever it is.
class Wire {
 public:
  virtual ~Wire() = default;
  virtual void send(devices::Encoded encoded) = 0;
  virtual void hear(devices::Devices& devices, std::vector<Decoded>& out) = 0;
};

class BusWire : public Wire {
 public:
  BusWire(const settings::House& house, const devices::Devices& devices, DeviceIndex device)
      : line_(house, *house.devices[device].bus) {
    if (const auto fault = line_.open(); !fault.empty()) throw std::runtime_error(fault);
    for (const auto& point : devices.points())
      if (point.device == device && point.point->readable && point.point->capability)
        reads_.push_back(point.read);
  }
  void send(devices::Encoded encoded) override {
    for (const auto& write : encoded.writes)
      if (const auto fault = line_.write(write); !fault.empty())
        throw std::runtime_error("writing: " + fault);
  }
  void hear(devices::Devices& devices, std::vector<Decoded>& out) override {
    if (now().steady < next_) return;
    next_ = now().steady + poll_period;
    for (const auto& read : reads_) {
      RegisterBlock block{read, BusOutcome::ok, {}, now().steady};
      if (line_.read(read, block.values).empty()) devices.decode(block, out);
    }
  }

 private:
  SetupLine line_;
  std::vector<RegisterRead> reads_;
  Instant next_{};
};

class BrokerWire : public Wire {
 public:
  BrokerWire(const settings::House& house, const devices::Devices& devices)
      : line_(house, "test", devices.subscriptions()) {
    for (const auto& refresh : devices.refreshes()) line_.say(refresh);
  }
  void send(devices::Encoded encoded) override {
    for (const auto& publish : encoded.publishes) line_.say(publish);
  }
  void hear(devices::Devices& devices, std::vector<Decoded>& out) override {
    line_.drain(messages_);
    for (const auto& message : messages_) devices.decode(message, out);
  }

 private:
  BrokerLine line_;
  std::vector<MqttMessage> messages_;
};

class Fade {
 public:
  Fade(const settings::House& house, DeviceIndex device)
      : device_(device), curve_(house.devices[device].curve), devices_(house) {
    const auto& all = devices_.outputs();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const auto& item) { return item.device == device; });
    const bool light = found != all.end() && std::find(found->capabilities.begin(), found->capabilities.end(),
                                                       Capability::light_level) != found->capabilities.end();
    if (!light)
      throw std::runtime_error("device \"" + house.devices[device].id +
                               "\" has no light level to fade; only lights are tested this way");
    safety::Fixture fixture;
    fixture.device = device;
    fixture.is_light = true;
    fixture.fades_itself = found->fades_itself;
    fixture.transition_max = found->transition_max;
    fixture.min_interval = found->min_interval;
    fixture.curve = curve_;
    fixture.safe = house.devices[device].safe.value_or(house.room.safe_light);
    stage_ = std::make_unique<safety::LastStage>(std::vector{fixture});
    tolerance_ = 2 * devices_.readback(device, Capability::light_level).tolerance.value_or(0.01);
    if (house.devices[device].bus)
      wire_ = std::make_unique<BusWire>(house, devices_, device);
    else
      wire_ = std::make_unique<BrokerWire>(house, devices_);
  }

  // Linear light as the device says it; nullopt: it says nothing.
  std::optional<double> present() {
    run(seconds{3}, [&] { return said_.has_value(); });
    return linear();
  }
  // True when the device said that it is there.
  bool go(double linear_light) {
    Aim aim;
    aim.light = LightScene{linear_light, 0};
    aim.light_glide_s = glide_s;
    aim.origin = "device test";
    stage_->aim(aim, now().steady);
    const double level = level_from_linear(curve_, linear_light);
    return run(patience, [&] {
      const bool sent = stage_->next_wake() == Instant::max();
      return sent && said_ && std::abs(*said_ - level) <= tolerance_;
    });
  }
  std::optional<double> linear() const {
    return said_ ? std::optional(linear_from_level(curve_, *said_)) : std::nullopt;
  }

 private:
  template <typename Until>
  bool run(seconds limit, Until until) {
    const auto end = now().steady + limit;
    while (!until()) {
      if (now().steady > end) return false;
      heard_.clear();
      wire_->hear(devices_, heard_);
      for (const auto& item : heard_)
        if (const auto* reading = std::get_if<Reading>(&item)) take(*reading);
      for (const auto& sent : stage_->due(now().steady)) wire_->send(devices_.encode(sent.command));
      std::this_thread::sleep_for(pause);
    }
    return true;
  }
  void take(const Reading& reading) {
    if (reading.device != device_ || reading.capability != Capability::light_level ||
        !std::isfinite(reading.value))
      return;
    said_ = reading.value;
    stage_->observed_light(device_, linear_from_level(curve_, reading.value), now().steady);
  }

  DeviceIndex device_;
  LightCurve curve_;
  devices::Devices devices_;
  std::unique_ptr<safety::LastStage> stage_;
  std::unique_ptr<Wire> wire_;
  double tolerance_{};
  std::optional<double> said_;  // the device's own scale
  std::vector<Decoded> heard_;
};

}  // namespace

int device_test(const DeviceRequest& request, std::ostream& out, std::ostream& err) {
  return guarded(err, [&] {
    const auto house = load_house(request.config);
    const auto index = find_device(house, request.id);
    const auto lock = take_lock(request.data, "device test " + request.id);
    Fade fade(house, index);
    const auto before = fade.present();
    if (!before) throw std::runtime_error("device \"" + request.id + "\" does not say how bright it is");
    boost::json::array steps;
    bool all = true;
    for (const double aim : {*before > way ? *before - way : *before + way, *before}) {
      const bool there = fade.go(aim);
      all = all && there;
      const auto read = fade.linear().value_or(0);
      if (request.json)
        steps.push_back({{"aim", aim}, {"read", read}, {"ok", there}});
      else
        out << fmt::format("{}: linear light {:.3f} asked, {:.3f} read back: {}\n", request.id, aim, read,
                           there ? "ok" : "NOT THERE");
    }
    if (request.json)
      out << boost::json::serialize(
                 boost::json::object{{"device", request.id}, {"ok", all}, {"steps", std::move(steps)}})
          << '\n';
    return all ? 0 : 1;
  });
}

}  // namespace rytme::app
