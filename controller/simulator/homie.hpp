// SPDX-License-Identifier: Apache-2.0
// The part every Homie 5 device has: $state with last will, $description, values. Convention 5.0: ids
// [a-z0-9-], values retained unless declared otherwise, /set never retained, $target echoes an accepted /set
// byte by byte.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "controller/room/wire.hpp"

namespace rytme::simulator {

struct HomieProperty {
  std::string node;
  std::string id;
  std::string datatype;  // boolean | integer | float | string | enum | json
  std::string format;    // "0:100", "press,long"; "" = none
  std::string unit;      // "" = none
  bool settable{};
  bool retained{true};
  std::string value;  // "" = none published yet
};

class HomieDevice {
 public:
  HomieDevice(std::string id, std::string name, std::vector<HomieProperty> properties);

  // $state init, $description, the values, $state ready: in this order at every connect.
  std::vector<MqttPublish> announcement() const;
  MqttPublish will() const { return state("lost"); }
  std::vector<MqttPublish> farewell() const { return {state("disconnected")}; }

  std::string topic(std::string_view below) const;
  // The settable property a /set topic names; nullptr: none.
  HomieProperty* settable(std::string_view topic);
  HomieProperty& property(std::string_view id);

  // A value or $target as it goes out: QoS 1, retained unless the property is not (then QoS 0).
  MqttPublish value_message(const HomieProperty& property) const;
  MqttPublish target_message(const HomieProperty& property, const std::string& target) const;
  std::string description() const;

 private:
  MqttPublish state(std::string_view value) const;

  std::string id_;
  std::string name_;
  std::vector<HomieProperty> properties_;
};

}  // namespace rytme::simulator
