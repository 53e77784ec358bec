// SPDX-License-Identifier: Apache-2.0
// The controller as a Homie 5 device on the broker: what the room does, and a few things that may be asked of
// it. Says nothing about a person. Pure; logic thread. Source: Homie convention 5.0; contracts §4.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/preset.hpp"
#include "controller/room/request.hpp"
#include "controller/room/room_state.hpp"
#include "controller/room/wire.hpp"

namespace rytme::app {

class HomieFace {
 public:
  // `version`: of the description; greater whenever it may have changed.
  HomieFace(std::string_view room_id, std::string_view room_name, const std::vector<Preset>& presets,
            std::int64_t version);

  std::vector<MqttSubscription> subscriptions() const;
  // At every connect: $state init and the description; after forget(), update() gives all values and then
  // $state ready. A controller whose logic hangs stays "init".
  std::vector<MqttPublish> greeting() const;
  MqttPublish will() const;
  std::vector<MqttPublish> farewell() const;

  // Values that changed since the last call. A light on its way has its level as value and its aim as
  // $target.
  void update(const RoomState& state, std::vector<MqttPublish>& out);
  // The broker may have lost what it held.
  void forget() {
    sent_.clear();
    ready_ = false;
  }

  bool is_mine(std::string_view topic) const { return topic.starts_with(base_); }
  // What a /set asks; nullopt: no such property, or a value that is none.
  std::optional<Request> request(std::string_view topic, std::string_view payload) const;

 private:
  void put(std::string_view property, std::string value, std::vector<MqttPublish>& out);

  std::string base_;  // "homie/5/rytme-rom1/"
  std::string description_;
  bool ready_{};
  double light_target_{};  // of the last update
  std::map<std::string, std::string, std::less<>> sent_;
};

}  // namespace rytme::app
