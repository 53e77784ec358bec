// SPDX-License-Identifier: Apache-2.0
// The part every Homie 5 device has: $state with last will, $description, values. Convention 5.0: ids
// [a-z0-9-], values retained unless declared otherwise, /set never retained, $target echoes an accepted /set
// byte by byte.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "controller/room/wire.hpp"

namespace rytme::homie {

struct Property {
  std::string node;
  std::string id;
  std::string datatype;  // boolean | integer | float | string | enum | json
  std::string format;    // "0:100", "press,long"; "" = none
  std::string unit;      // "" = none
  bool settable{};
  bool retained{true};
  std::string value;  // "" = none published yet
};

// A retained one.
Property property(std::string node, std::string id, std::string datatype, std::string format,
                  std::string unit, bool settable, std::string value);

class Device {
 public:
  Device(std::string id, std::string name, std::vector<Property> properties);

  // $state init, $description, the values, $state ready: in this order at every connect.
  std::vector<MqttPublish> announcement() const;
  MqttPublish will() const { return state("lost"); }
  std::vector<MqttPublish> farewell() const { return {state("disconnected")}; }

  std::string topic(std::string_view below) const;
  // The settable property a /set topic names; nullptr: none.
  Property* settable(std::string_view topic);
  // The value a /set asks for as the device tells it back; nullopt: not a value of this property.
  static std::optional<std::string> accepted(const Property& asked, std::string_view payload);
  Property& property(std::string_view id);

  // "40.5": as short as it can be said.
  static std::string text(double value);
  // nullopt: no finite number.
  static std::optional<double> number(std::string_view text);

  // A value or $target as it goes out: QoS 1, retained unless the property is not (then QoS 0).
  MqttPublish value_message(const Property& property) const;
  MqttPublish target_message(const Property& property, const std::string& target) const;
  std::string description() const;

 private:
  MqttPublish state(std::string_view value) const;

  std::string id_;
  std::string name_;
  std::vector<Property> properties_;
};

}  // namespace rytme::homie
