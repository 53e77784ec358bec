// SPDX-License-Identifier: Apache-2.0
// [[setup]] of an MQTT device: what is said to it at commissioning and what it answers.
#include <algorithm>

#include <boost/json.hpp>

#include "controller/devices/engine.hpp"

namespace rytme::devices {
namespace {

// In the words in which a profile gives it: a text as it is, all else as JSON writes it.
std::string text_of(const boost::json::value& value) {
  return value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value);
}

}  // namespace

std::vector<SetupTalk> Devices::Engine::setup_talks(DeviceIndex device) const {
  const auto message = [&](const settings::FixedMessage& fixed) {
    MqttPublish publish;
    publish.topic = filled(fixed.topic, device);
    publish.payload = filled(fixed.payload, device);
    return publish;
  };
  std::vector<SetupTalk> talks;
  for (const auto& setup : profile_of(device).setup_messages) {
    SetupTalk talk{&setup, message(setup.say), std::nullopt, filled(setup.answer_topic, device),
                   filled(setup.answer.path, device)};
    if (setup.ask) talk.ask = message(*setup.ask);
    talks.push_back(std::move(talk));
  }
  return talks;
}

std::optional<std::string> answer_in(const MqttMessage& message, const SetupTalk& talk) {
  // What is retained was said before it was asked.
  if (message.topic != talk.answer_topic || message.retained) return std::nullopt;
  if (talk.answer_path.empty()) return message.payload;
  JsonDocument document;
  const auto* root = document.parse(message.payload);
  const auto* value = root == nullptr ? nullptr : find(*root, talk.answer_path);
  return value == nullptr ? std::nullopt : std::optional(text_of(*value));
}

bool is_right(const std::string& answer, const SetupTalk& talk) {
  const auto& wanted = talk.setup->answer.values;
  return std::find(wanted.begin(), wanted.end(), answer) != wanted.end();
}

}  // namespace rytme::devices
