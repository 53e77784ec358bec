// SPDX-License-Identifier: Apache-2.0
#include "controller/app/home_assistant.hpp"

#include <utility>

#include <boost/json.hpp>

namespace rytme::app {
namespace {

namespace json = boost::json;

// Builds the components of one device on the topics of its Homie branch.
class Components {
 public:
  Components(std::string device, std::string_view language)
      : device_(std::move(device)), base_("homie/5/" + device_ + "/"), norwegian_(language == "nb") {}

  // `property`: "light/level"; it is the component's state.
  json::object& shows(const char* id, const char* platform, const char* nb, const char* en,
                      const char* property) {
    auto& made = add(id, platform, nb, en);
    made["state_topic"] = base_ + property;
    return made;
  }
  json::object& sets(const char* id, const char* platform, const char* nb, const char* en,
                     const char* property) {
    auto& made = shows(id, platform, nb, en, property);
    made["command_topic"] = base_ + property + "/set";
    return made;
  }
  void presses(const char* id, const char* nb, const char* en, const char* property) {
    auto& made = add(id, "button", nb, en);
    made["command_topic"] = base_ + property + "/set";
    made["payload_press"] = "true";
  }
  json::object take() { return std::move(all_); }

 private:
  json::object& add(const char* id, const char* platform, const char* nb, const char* en) {
    json::object made{{"p", platform}, {"unique_id", device_ + "-" + id}, {"name", norwegian_ ? nb : en}};
    return all_.insert_or_assign(id, std::move(made)).first->value().as_object();
  }

  std::string device_, base_;
  bool norwegian_;
  json::object all_;
};

json::array ids_of(const std::vector<Preset>& presets) {
  json::array ids;
  for (const auto& preset : presets) ids.emplace_back(preset.id);
  return ids;
}

json::object components(const settings::House& house, const std::string& device) {
  Components all(device, house.room.language);
  auto& mode = all.shows("state", "sensor", "Rommet", "Room", "session/state");
  mode["device_class"] = "enum";
  mode["options"] = {"idle", "starting", "running", "paused", "stopping", "stopped", "safe_mode"};
  if (!house.presets.empty())
    all.sets("preset", "select", "Profil", "Preset", "session/preset")["options"] = ids_of(house.presets);
  all.presses("end", "Avslutt rolig", "End gently", "session/end");
  all.presses("stop", "Stopp alt", "Stop all", "stop/trigger");
  auto& stopped = all.shows("stopped", "binary_sensor", "Stoppet", "Stopped", "stop/active");
  stopped["payload_on"] = "true";
  stopped["payload_off"] = "false";
  auto& level = all.sets("light_level", "number", "Lysnivå", "Light level", "light/level");
  level["min"] = 0;
  level["max"] = 100;
  level["unit_of_measurement"] = "%";
  auto& colour = all.sets("light_cct", "number", "Fargetemperatur", "Colour temperature", "light/cct");
  colour["min"] = 1000;
  colour["max"] = 10000;
  colour["step"] = 50;
  colour["unit_of_measurement"] = "K";
  all.shows("devices_ok", "sensor", "Enheter i orden", "Devices in order", "devices/ok");
  all.shows("devices_all", "sensor", "Enheter i alt", "Devices in all", "devices/all");
  return all.take();
}

json::object announced(const settings::House& house, const std::string& device, std::string_view software) {
  return {
      {"dev",
       {{"ids", {device}}, {"name", house.room.name}, {"mf", "Rytme"}, {"mdl", "rytme"}, {"sw", software}}},
      {"o", {{"name", "rytme"}, {"sw", software}}},
      {"availability",
       {{{"topic", "homie/5/" + device + "/$state"},
         {"value_template", "{{ 'online' if value == 'ready' else 'offline' }}"}}}},
      {"availability_mode", "all"},
      {"cmps", components(house, device)},
      {"qos", 1}};
}

}  // namespace

HomeAssistant::HomeAssistant(const settings::House& house, std::string_view software) {
  const std::string device = "rytme-" + house.room.id;
  config_topic_ = house.home_assistant.prefix + "/device/" + device + "/config";
  if (!house.home_assistant.discovery) return;
  birth_topic_ = house.home_assistant.prefix + "/status";
  payload_ = json::serialize(announced(house, device, software));
}

std::vector<MqttSubscription> HomeAssistant::subscriptions() const {
  if (birth_topic_.empty()) return {};
  return {birth_topic_};
}

MqttPublish HomeAssistant::announcement() const {
  return {config_topic_, payload_, 1, true, Instant::max(), 0};
}

}  // namespace rytme::app
