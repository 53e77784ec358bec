// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/world.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

#include "controller/simulator/homie_button.hpp"
#include "controller/simulator/homie_player.hpp"
#include "controller/simulator/random.hpp"
#include "controller/simulator/recording.hpp"
#include "controller/simulator/simulated_heart.hpp"
#include "controller/simulator/simulated_swing.hpp"
#include "controller/simulator/stream_clock.hpp"
#include "controller/simulator/stream_node.hpp"
#include "controller/simulator/waveshare_relay.hpp"
#include "controller/simulator/wb_mdm3.hpp"
#include "controller/simulator/wt901c485.hpp"
#include "controller/simulator/zigbee2mqtt_light.hpp"

namespace rytme::simulator {
namespace {

using settings::DeviceSettings;

const std::string& param(const DeviceSettings& device, const std::string& name) {
  const auto found = device.params.find(name);
  if (found == device.params.end())
    throw std::runtime_error("device " + device.id + ": no parameter " + name);
  return found->second;
}

// Adds one model after another; the n-th heart and the n-th motion node belong to the same person.
class Builder {
 public:
  Builder(const settings::House& house, const WorldOptions& options)
      : house_(house), options_(options), boots_(options.seed ^ options.boot, 6) {
    if (!(options.speed > 0)) throw std::runtime_error("the speed must be above 0");
    clock_ = std::make_shared<StreamClock>(options.speed);
    if (!options.replay.empty()) recording_ = std::make_shared<Recording>(read_recording(options.replay));
  }

  void add(const DeviceSettings& device) {
    struct Model {
      std::string_view profile;
      void (Builder::*make)(const DeviceSettings&);
    };
    static constexpr std::array<Model, 8> models{{{"zigbee2mqtt-light", &Builder::add_zigbee2mqtt_light},
                                                  {"homie-player", &Builder::add_player},
                                                  {"homie-button", &Builder::add_button},
                                                  {"rytme-heart", &Builder::add_heart},
                                                  {"rytme-motion", &Builder::add_motion},
                                                  {"wirenboard-wb-mdm3", &Builder::add_dimmer},
                                                  {"waveshare-rtu-relay-8ch", &Builder::add_relay},
                                                  {"witmotion-wt901c485", &Builder::add_hammock}}};
    const auto& profile = house_.profiles.at(device.profile).id;
    if (options_.nodes_elsewhere && is_own_node(profile)) return;
    const auto model = std::ranges::find(models, profile, &Model::profile);
    if (model == models.end()) {
      throw std::runtime_error("device " + device.id + ": profile " + profile + " has no simulated device");
    }
    (this->*model->make)(device);
  }

  World take() { return std::move(world_); }

 private:
  void add_zigbee2mqtt_light(const DeviceSettings& device) {
    world_.mqtt.push_back(std::make_unique<Zigbee2mqttLight>(device.id, param(device, "topic"), lights_ == 0,
                                                             options_.seed + 1000 + lights_));
    ++lights_;
  }
  void add_player(const DeviceSettings& device) {
    world_.mqtt.push_back(std::make_unique<HomiePlayer>(device.id, param(device, "node")));
  }
  void add_button(const DeviceSettings& device) {
    world_.mqtt.push_back(std::make_unique<HomieButton>(device.id, param(device, "node")));
  }
  // A recording is one person: it plays on the first node of its kind, and nothing simulated is mixed in.
  void add_heart(const DeviceSettings& device) {
    const auto person = hearts_++;
    if (!recording_) return add_stream(device, "hr/sample", simulated_heart(options_.seed + person));
    add_stream(device, "hr/sample", person == 0 ? recorded_heart(recording_) : nullptr);
  }
  void add_motion(const DeviceSettings& device) {
    const auto person = motions_++;
    if (!recording_) return add_stream(device, "motion/frame", simulated_swing(options_.seed + person));
    add_stream(device, "motion/frame", person == 0 ? recorded_motion(recording_) : nullptr);
  }
  void add_stream(const DeviceSettings& device, std::string stream, std::unique_ptr<FrameSource> source) {
    StreamNode::Settings node{device.id, param(device, "node"), std::move(stream), "rytme-" + house_.room.id,
                              boot()};
    world_.mqtt.push_back(std::make_unique<StreamNode>(std::move(node), std::move(source), clock_));
  }
  void add_dimmer(const DeviceSettings& device) { add_slave<WbMdm3>(device); }
  void add_relay(const DeviceSettings& device) { add_slave<WaveshareRelay>(device); }
  // Somebody else than who is on the swing.
  void add_hammock(const DeviceSettings& device) {
    add_slave<Wt901c485>(device, options_.seed + 500 + hammocks_++);
  }
  // Several devices of the settings may be channels of one slave.
  template <typename Model, typename... More>
  void add_slave(const DeviceSettings& device, More... more) {
    if (!device.bus) throw std::runtime_error("device " + device.id + ": no bus");
    const auto& text = param(device, "unit");
    unsigned unit{};
    std::from_chars(text.data(), text.data() + text.size(), unit);
    if (unit < 1 || unit > 247)
      throw std::runtime_error("device " + device.id + ": unit " + text + " is not 1-247");
    const bool there = std::ranges::any_of(world_.slaves, [&](const World::Slave& slave) {
      return slave.bus == *device.bus && slave.peer->unit() == unit;
    });
    if (there) return;
    world_.slaves.push_back(
        {*device.bus, device.id, std::make_unique<Model>(static_cast<std::uint8_t>(unit), more...)});
  }
  std::string boot() {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    while (out.size() < 4) out += digits.at(static_cast<std::size_t>(boots_.uniform(0, 16)));
    return out;
  }

  const settings::House& house_;
  const WorldOptions& options_;
  Random boots_;
  std::shared_ptr<StreamClock> clock_;
  std::shared_ptr<const Recording> recording_;
  std::uint64_t lights_{}, hearts_{}, motions_{}, hammocks_{};
  World world_;
};

}  // namespace

bool is_own_node(std::string_view profile) {
  return profile == "rytme-swing-node" || profile == "rytme-dimmer-node";
}

World make_world(const settings::House& house, const WorldOptions& options) {
  Builder builder(house, options);
  for (const auto& device : house.devices)
    if (!options.without.contains(device.id)) builder.add(device);
  return builder.take();
}

}  // namespace rytme::simulator
