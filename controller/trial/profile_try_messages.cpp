// SPDX-License-Identifier: Apache-2.0
// The examples of a .json fixture, MQTT messages and heart-rate notifications, through the live engine.
#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

#include <boost/json.hpp>

#include "controller/devices/devices.hpp"
#include "controller/settings/house.hpp"
#include "controller/trial/profile_try.hpp"
#include "controller/trial/profile_try_expect.hpp"
#include "controller/trial/profile_try_invert.hpp"
#include "controller/trial/profile_try_params.hpp"

namespace rytme::trial {
namespace {

using boost::json::object;
using boost::json::value;
using settings::MqttWrite;
using std::string;

constexpr const char* on_without_level =
    "switches a light on without its level, and some lamps jump to full then; every message of ours that "
    "switches "
    "on has the level in it";
constexpr const char* no_topic = "no read or write of this profile has this topic";

struct Example {
  string name;
  TriedMessage message;
  bool retained{};
  bool has_message{};
  object expect;
};

string text_at(const object& item, const char* key, string otherwise = "") {
  const auto* found = item.if_contains(key);
  if (found == nullptr || found->is_null()) return otherwise;
  return found->is_string() ? string(found->get_string()) : boost::json::serialize(*found);
}

value parsed_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  if (!stream) throw std::runtime_error(file.string() + ": cannot be read");
  const string text = content.str();
  boost::json::error_code error;
  boost::json::parser parser;
  const auto read = parser.write(text, error);
  if (error)
    throw std::runtime_error(
        file.string() + ":" +
        std::to_string(1 + std::count(text.begin(), text.begin() + static_cast<long>(read), '\n')) +
        ": not JSON: " + error.message());
  auto root = parser.release();
  if (!root.is_object()) throw std::runtime_error(file.string() + ": is not a JSON object");
  return root;
}

string heart_topic(const settings::Profile& profile) {
  for (const auto& read : profile.reads)
    if (read.format == settings::PayloadFormat::ble_hrm) return read.topic;
  return "0x2A37";
}

Example example_of(const object& item, const settings::Profile& profile) {
  Example example;
  example.name = text_at(item, "id", text_at(item, "name", "?"));
  const bool frame = item.contains("hex");
  example.message.out = text_at(item, "direction", "in") == "out";
  example.message.topic = frame ? heart_topic(profile) : text_at(item, "topic");
  example.message.payload = text_at(item, frame ? "hex" : "payload");
  example.has_message = frame || item.contains("topic");
  const auto* retain = item.if_contains("retain");
  example.retained = retain != nullptr && retain->is_bool() && retain->get_bool();
  if (const auto* expect = item.if_contains("expect"); expect != nullptr && expect->is_object())
    example.expect = expect->get_object();
  return example;
}

class Trials {
 public:
  Trials(const settings::Profile& profile, const ProfileTryRequest& request)
      : profile_(profile), request_(request), topics_(profile) {}

  std::vector<Trial> run(const object& fixture);

 private:
  settings::House house_for(const Params& params) const;
  Trial try_one(const Example& example);
  Trial try_in(const Example& example, devices::Devices& devices);
  Trial try_out(const Example& example, devices::Devices& devices, const Params& params);
  // A Homie device's values are read by its description; the fixture's own, when it has one.
  bool describe(const Example& example, devices::Devices& devices, const Params& params) const;
  Trial try_refresh(const Example& example, const Params& params) const;
  Trial judge_out(const Example& example, const Command& command, std::vector<MqttPublish> sent,
                  const settings::PayloadField& payload) const;
  void try_sequence(const object& sequence, std::vector<Trial>& trials);
  void try_step(const string& name, const object& step, devices::Devices& devices, const Params& params,
                std::vector<Trial>& trials);
  // The writes with this topic, params filled in as far as a payload is compared.
  std::vector<const MqttWrite*> writes_on(const string& topic, const Params& params) const;

  const settings::Profile& profile_;
  const ProfileTryRequest& request_;
  ProfileTopics topics_;
  std::vector<TriedMessage> messages_;
  Params usual_;
};

settings::House Trials::house_for(const Params& params) const {
  settings::House house;
  house.profiles.push_back(profile_);
  settings::DeviceSettings device;
  device.id = "tried";
  device.params = params;
  house.devices.push_back(std::move(device));
  return house;
}

std::vector<const MqttWrite*> Trials::writes_on(const string& topic, const Params& params) const {
  std::vector<const MqttWrite*> all;
  for (const auto& write : profile_.writes)
    if (filled(write.topic, params) == topic) all.push_back(&write);
  return all;
}

Heard heard_from(const std::vector<Decoded>& decoded, string refusal) {
  Heard heard;
  heard.refusal = std::move(refusal);
  for (const auto& item : decoded) {
    if (const auto* reading = std::get_if<Reading>(&item)) heard.readings[reading->capability] = *reading;
    if (const auto* sample = std::get_if<HeartSample>(&item)) heard.sample = *sample;
  }
  return heard;
}

std::uint64_t refusals(const devices::Devices& devices) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(devices::Refusal::count_); ++i)
    sum += devices.refused(static_cast<devices::Refusal>(i));
  return sum;
}

Heard hear(devices::Devices& devices, const TriedMessage& message, bool retained) {
  std::vector<Decoded> decoded;
  const auto before = refusals(devices);
  devices.decode(MqttMessage{message.topic, message.payload, retained, Instant{}}, decoded);
  string refusal;
  if (refusals(devices) != before) {
    refusal = devices.last_refusal();
    if (refusal.starts_with(message.topic + ": ")) refusal = refusal.substr(message.topic.size() + 2);
  }
  return heard_from(decoded, std::move(refusal));
}

// As the fixture says it was published; a subscriber that was there before has it without the flag.
Trial Trials::try_in(const Example& example, devices::Devices& devices) {
  const auto seen = devices.refused(devices::Refusal::retained);
  string reason = difference(example.expect, hear(devices, example.message, example.retained));
  if (!reason.empty() && example.retained && devices.refused(devices::Refusal::retained) != seen)
    reason = difference(example.expect, hear(devices, example.message, false));
  return {reason.empty() ? Verdict::ok : Verdict::differs, example.name, reason};
}

Trial Trials::try_refresh(const Example& example, const Params& params) const {
  string ours;
  for (const auto& message : profile_.recovery.refresh) {
    const string topic = filled(message.topic, params), payload = filled(message.payload, params);
    if (topic == example.message.topic && asks_for_all(payload, example.message.payload))
      return {Verdict::ok, example.name, ""};
    if (!ours.empty()) ours += ", ";
    ours.append(topic).append(" ").append(payload);
  }
  return {Verdict::differs, example.name,
          "expected the refresh " + example.message.topic + " " + example.message.payload + ", got " +
              (ours.empty() ? "none ([recovery] has no refresh)" : ours)};
}

const Setting* setting_of(const std::vector<Setting>& settings, Capability capability) {
  const auto found = std::find_if(settings.begin(), settings.end(),
                                  [&](const Setting& setting) { return setting.capability == capability; });
  return found == settings.end() ? nullptr : &*found;
}

bool lights_without_level(const std::vector<Setting>& settings) {
  const auto* on = setting_of(settings, Capability::light_on);
  return on != nullptr && on->value != 0 && setting_of(settings, Capability::light_level) == nullptr;
}

// An effect of the lamp's own is asked for.
string animation_in(const string& payload) {
  string low = payload;
  std::transform(low.begin(), low.end(), low.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const char* word : {"scheme", "effect", "flash", "\"fx\""})
    if (low.find(word) != string::npos) return word;
  return "";
}

string listed(const std::vector<MqttPublish>& sent) {
  string text;
  for (const auto& message : sent) {
    if (!text.empty()) text += ", ";
    text.append(message.topic).append(" ").append(message.payload);
  }
  return text.empty() ? "nothing" : text;
}

Trial Trials::judge_out(const Example& example, const Command& command, std::vector<MqttPublish> sent,
                        const settings::PayloadField& payload) const {
  for (const auto& message : sent)
    if (message.topic == example.message.topic &&
        same_payload(payload, example.message.payload, message.payload))
      return {Verdict::ok, example.name, ""};
  const auto* level = setting_of(command.settings, Capability::light_level);
  const auto* on = setting_of(command.settings, Capability::light_on);
  if (lights_without_level(command.settings)) return {Verdict::refused, example.name, on_without_level};
  const bool dark = (level != nullptr && level->value == 0) || (on != nullptr && on->value == 0);
  if (dark && !sent.empty())
    return {Verdict::refused, example.name, "a light that goes dark is told so by " + listed(sent)};
  const bool elsewhere = !sent.empty() && std::none_of(sent.begin(), sent.end(), [&](const auto& message) {
    return message.topic == example.message.topic;
  });
  if (elsewhere)
    return {Verdict::refused, example.name, "of its group the profile sends " + listed(sent) + " instead"};
  return {Verdict::differs, example.name,
          "expected " + example.message.topic + " " + example.message.payload + ", got " + listed(sent)};
}

Trial Trials::try_out(const Example& example, devices::Devices& devices, const Params& params) {
  if (const auto* unsafe = example.expect.if_contains("unsafe"))
    return {Verdict::refused, example.name, "never sent: " + boost::json::value_to<string>(*unsafe)};
  if (const auto* error = example.expect.if_contains("error"))
    return {Verdict::refused, example.name, boost::json::value_to<string>(*error)};
  if (example.expect.contains("refresh")) return try_refresh(example, params);
  if (const string word = animation_in(example.message.payload); !word.empty())
    return {Verdict::refused, example.name,
            "never sent: " + word + " starts an effect of the lamp's own, and these can flash"};
  Expected expected = expected_settings(example.expect);
  const auto writes = writes_on(example.message.topic, params);
  const bool described = !profile_.homie.device.empty();
  if (writes.empty() && !described)
    return {Verdict::refused, example.name,
            lights_without_level(expected.settings) ? on_without_level : no_topic};
  if (!expected.unknown.empty())
    return {Verdict::differs, example.name, "expects " + expected.unknown + ", which is no capability"};
  // What the payload says beyond what is expected of it was commanded too.
  Command command;
  command.settings = std::move(expected.settings);
  auto transition = expected.transition;
  static const MqttWrite none;
  const MqttWrite* nearest = writes.empty() ? &none : writes.front();
  std::size_t most = 0;
  for (const auto* write : writes) {
    const Inverted said = inverted(write->payload, example.message.payload);
    if (said.settings.size() > most) nearest = write;
    most = std::max(most, said.settings.size());
    if (!transition) transition = said.transition;
  }
  for (const auto& setting : inverted(nearest->payload, example.message.payload).settings)
    if (setting_of(command.settings, setting.capability) == nullptr) command.settings.push_back(setting);
  command.transition = transition.value_or(std::chrono::milliseconds(0));
  return judge_out(example, command, devices.encode(command).publishes, nearest->payload);
}

bool Trials::describe(const Example& example, devices::Devices& devices, const Params& params) const {
  if (profile_.homie.device.empty()) return true;
  const string base = "homie/5/" + filled(profile_.homie.device, params) + "/";
  if (example.message.topic == base + "$state") return true;
  bool described = false;
  for (const auto& message : messages_) {
    if (message.topic != base + "$description") continue;
    hear(devices, message, false);
    described = true;
  }
  return described;
}

Trial Trials::try_one(const Example& example) {
  if (!example.has_message) return {Verdict::refused, example.name, "is no MQTT message"};
  const Params params = topics_.fitted(example.message, usual_, request_.params);
  const auto house = house_for(params);
  devices::Devices devices(house);
  Example here = example;
  here.message.topic = filled(here.message.topic, params);  // of a frame without a topic
  if (here.expect.empty())
    return {Verdict::refused, here.name, "expects no value: there is nothing to compare"};
  if (topics_.knows(here.message, params) && !describe(here, devices, params))
    return {Verdict::refused, here.name,
            "a property is read and written by the device's $description, and the fixture has none"};
  if (here.message.out) return try_out(here, devices, params);
  if (topics_.knows(here.message, params)) return try_in(here, devices);
  const bool only_meta = here.expect.contains("meta") && here.expect.size() == 1;
  return {only_meta ? Verdict::ok : Verdict::refused, here.name, only_meta ? "" : no_topic};
}

// A step is a message out, the device's answer, or both; the light's state after it.
void Trials::try_step(const string& name, const object& step, devices::Devices& devices, const Params& params,
                      std::vector<Trial>& trials) {
  object expect;
  if (const auto* given = step.if_contains("expect"); given != nullptr && given->is_object())
    expect = given->get_object();
  if (const auto* on = step.if_contains("on")) expect["light.on"] = *on;
  if (const auto* level = step.if_contains("level")) expect["light.level"] = *level;
  for (const char* way : {"out", "in"}) {
    const auto* pair = step.if_contains(way);
    const auto* list = pair != nullptr ? pair->if_array() : nullptr;
    if (list == nullptr || list->size() < 2 || !(*list)[0].is_string()) continue;
    Example example;
    example.name = name + "." + way;
    example.message = {
        string(way) == "out", string((*list)[0].get_string()),
        (*list)[1].is_string() ? string((*list)[1].get_string()) : boost::json::serialize((*list)[1])};
    example.expect = expect;
    if (!topics_.knows(example.message, params)) {
      trials.push_back({Verdict::refused, example.name, no_topic});
    } else if (example.message.out) {
      // What the message itself does not say is not asked for: the step's level is the state after it.
      const auto said = [&](Capability capability) {
        for (const auto* write : writes_on(example.message.topic, params))
          if (setting_of(inverted(write->payload, example.message.payload).settings, capability) != nullptr)
            return true;
        return false;
      };
      if (!said(Capability::light_level)) example.expect.erase("light.level");
      trials.push_back(try_out(example, devices, params));
    } else {
      trials.push_back(try_in(example, devices));
    }
  }
}

void Trials::try_sequence(const object& sequence, std::vector<Trial>& trials) {
  const string name = text_at(sequence, "id", "sequence");
  const auto* steps = sequence.if_contains("steps");
  if (steps == nullptr || !steps->is_array()) throw std::runtime_error("sequence " + name + " has no steps");
  const auto house = house_for(usual_);
  devices::Devices devices(house);
  int number = 0;
  for (const auto& step : steps->get_array())
    if (step.is_object())
      try_step(name + "/" + std::to_string(++number), step.get_object(), devices, usual_, trials);
}

std::vector<Trial> Trials::run(const object& fixture) {
  std::vector<Trial> trials;
  if (text_at(fixture, "format").find("sparkplug") != string::npos) {
    const auto* topics = fixture.if_contains("topics");
    if (topics != nullptr && topics->is_array())
      for (const auto& topic : topics->get_array())
        trials.push_back(
            {Verdict::refused, boost::json::value_to<string>(topic),
             "Sparkplug B is protobuf with births, aliases and sequence numbers to keep: that needs a "
             "driver, a profile is data only"});
    return trials;
  }
  std::vector<Example> examples;
  for (const char* list : {"cases", "examples"})
    if (const auto* items = fixture.if_contains(list); items != nullptr && items->is_array())
      for (const auto& item : items->get_array())
        if (item.is_object()) examples.push_back(example_of(item.get_object(), profile_));
  for (const auto& example : examples)
    if (example.has_message) messages_.push_back(example.message);
  usual_ = topics_.guess(messages_, request_.params);
  for (const auto& example : examples) trials.push_back(try_one(example));
  for (const char* list : {"sequence", "sequences"})
    if (const auto* items = fixture.if_contains(list); items != nullptr && items->is_array())
      for (const auto& item : items->get_array())
        if (item.is_object()) try_sequence(item.get_object(), trials);
  return trials;
}

}  // namespace

std::vector<Trial> try_messages(const settings::Profile& profile, const ProfileTryRequest& request) {
  if (profile.transport != settings::ProfileTransport::mqtt)
    throw std::runtime_error("profile " + profile.id + " speaks Modbus; a .json fixture holds messages");
  for (const auto& [name, given] : request.params)
    if (std::none_of(profile.params.begin(), profile.params.end(),
                     [&, &key = name](const auto& param) { return param.name == key; }))
      throw std::runtime_error("--param " + name + ": profile " + profile.id + " has no such param");
  const value root = parsed_file(request.fixture);
  auto trials = Trials(profile, request).run(root.get_object());
  if (trials.empty())
    throw std::runtime_error(request.fixture.string() + ": holds no examples (cases, examples or sequence)");
  return trials;
}

}  // namespace rytme::trial
