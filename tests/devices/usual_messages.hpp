// SPDX-License-Identifier: Apache-2.0
// What a busy room's broker brings all day, for what is measured per message.
#pragma once

#include <string>
#include <vector>

#include "controller/room/wire.hpp"

namespace rytme::test {

inline constexpr const char* usual_room = R"(
[[device]]
id = "ceiling"
place = "light.main"
profile = "zigbee2mqtt-light"
params = { topic = "zigbee2mqtt/ceiling" }
[[device]]
id = "node-light"
place = "light.wall"
profile = "homie-light"
params = { node = "light1" }
[[device]]
id = "strap1"
place = "heart.1"
profile = "rytme-heart"
params = { node = "strap1" }
[[device]]
id = "swing1"
place = "swing.motion"
profile = "rytme-motion"
params = { node = "swing1" }
)";

// A lamp's state as zigbee2mqtt says it, other attributes and all.
inline MqttMessage light_message() {
  return {"zigbee2mqtt/ceiling",
          R"({"brightness":127,"color":{"x":0.4599,"y":0.4106},"color_mode":"color_temp","color_temp":370,)"
          R"("linkquality":156,"state":"ON","update":{"state":"idle"}})",
          false,
          {}};
}

inline MqttMessage number_message() { return {"homie/5/light1/light/level", "47.5", false, {}}; }

// Contracts §4, with the raw notification.
inline MqttMessage pulse_message() {
  return {"homie/5/strap1/hr/sample",
          R"({"v":1,"boot":"9f2c","seq":88,"t_us":123456789,"bpm":72,"contact":true,"rr":[816,814],)"
          R"("raw":"164830032E03"})",
          false,
          {}};
}

// Contracts §4: six axes, values as a sensor of 16 bits gives them.
inline MqttMessage motion_message(int samples = 10) {
  std::string text = R"({"v":1,"boot":"9f2c","seq":4711,"t_us":123456789,"dt_us":10000)";
  int number = 1;
  for (const char* axis : {"ax", "ay", "az", "gx", "gy", "gz"}) {
    text += std::string(",\"") + axis + "\":[";
    for (int i = 0; i < samples; ++i) {
      number = number * 7919 % 20011;
      text += (i == 0 ? "" : ",") + std::string(number % 2 == 0 ? "-" : "") + std::to_string(number % 12) +
              "." + std::to_string(1000 + number % 9000).substr(0, 4);
    }
    text += "]";
  }
  return {"homie/5/swing1/motion/frame", text + "}", false, {}};
}

}  // namespace rytme::test
