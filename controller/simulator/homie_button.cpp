// SPDX-License-Identifier: Apache-2.0
#include "controller/simulator/homie_button.hpp"

#include <utility>

namespace rytme::simulator {
namespace {

homie::Property action() {
  homie::Property property;
  property.node = "button";
  property.id = "action";
  property.datatype = "enum";
  property.format = "press,long";
  property.retained = false;
  return property;
}

}  // namespace

HomieButton::HomieButton(std::string device, std::string node)
    : device_(std::move(device)), homie_(std::move(node), device_, {action()}) {}

void HomieButton::press(bool long_press, std::vector<MqttPublish>& out) const {
  MqttPublish publish;
  publish.topic = homie_.topic("button/action");
  publish.payload = long_press ? "long" : "press";
  publish.qos = 1;
  out.push_back(std::move(publish));
}

}  // namespace rytme::simulator
