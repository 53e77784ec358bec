// SPDX-License-Identifier: Apache-2.0
// [[write]]: from a command to an MQTT message.
#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <sstream>

#include "controller/settings/readers.hpp"

namespace rytme::settings {
namespace {

constexpr std::chrono::milliseconds usual_transition_max{60'000};
constexpr int deepest = 8;  // nested objects and lists of a payload

std::string json_text(const toml::node& node) {
  std::ostringstream out;
  if (const auto flag = node.value_exact<bool>())
    out << (*flag ? "true" : "false");
  else if (const auto whole = node.value_exact<std::int64_t>())
    out << *whole;
  else if (const auto number = node.value_exact<double>(); number && std::isfinite(*number))
    out << shown(*number);
  return out.str();
}

std::string lower(std::string_view text) {
  std::string low(text);
  std::transform(low.begin(), low.end(), low.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return low;
}

class PayloadReader {
 public:
  PayloadReader(TableReader& owner, const Profile& profile) : owner_(owner), profile_(profile) {
    if (const auto* list = owner.array("forbidden"))
      for (const auto& item : *list) {
        if (const auto text = item.value_exact<std::string>())
          forbidden_.push_back(lower(*text));
        else
          owner.expected("forbidden", item, "the name of a key");
      }
  }

  PayloadField read(const std::string& key, const toml::node& node, int depth = 0) {
    PayloadField field;
    if (const auto* object = node.as_table())
      read_object(*object, depth, field);
    else if (const auto* list = node.as_array())
      read_list(*list, depth, field);
    else if (const auto text = node.value_exact<std::string>())
      read_text(*text, node, field);
    else
      field.literal = json_text(node);
    if (field.kind == PayloadField::Kind::literal && field.literal.empty())
      owner_.expected("payload", node,
                      "a text, a number, true, false, a table, a list or a placeholder like "
                      "\"{light.level:int*254}\"");
    field.key = key;
    return field;
  }

 private:
  bool too_deep(const toml::node& node, int depth) {
    if (depth < deepest) return false;
    owner_.report().error(node.source(), "payload: nested deeper than " + std::to_string(deepest));
    return true;
  }

  void read_object(const toml::table& object, int depth, PayloadField& field) {
    field.kind = PayloadField::Kind::object;
    if (too_deep(object, depth)) return;
    for (const auto& [key, node] : object) {
      if (is_forbidden_key(key.str(), forbidden_) && !is_off(node))
        owner_.report().error(key.source(), "payload: the key \"" + std::string(key.str()) +
                                                "\" is forbidden: a lamp's own effects can flash");
      field.members.push_back(read(std::string(key.str()), node, depth + 1));
    }
  }

  void read_list(const toml::array& list, int depth, PayloadField& field) {
    field.kind = PayloadField::Kind::array;
    if (too_deep(list, depth)) return;
    for (const auto& node : list) field.members.push_back(read("", node, depth + 1));
  }

  void read_text(const std::string& text, const toml::node& node, PayloadField& field) {
    if (text.starts_with("{\"") || text.starts_with("{'")) {
      owner_.report().error(node.source(),
                            "payload: a JSON payload is written as a table: payload = { key = \"{...}\" }");
      field.kind = PayloadField::Kind::text;
      return;
    }
    auto parsed = parse_text(text, profile_.params);
    if (!parsed.error.empty()) {
      owner_.report().error(node.source(), "payload: " + shown(node) + ": " + parsed.error);
    }
    field = std::move(parsed.field);
    for (const auto& part : field.parts) check_params(owner_, "payload", part.fixed, profile_);
  }

  TableReader& owner_;
  const Profile& profile_;
  std::vector<std::string> forbidden_;
};

void collect(const PayloadField& field, MqttWrite& write) {
  const auto add = [&](const std::optional<Placeholder>& placeholder) {
    if (!placeholder) return;
    if (placeholder->capability)
      write.says.push_back(*placeholder->capability);
    else if (placeholder->wording != Wording::param)
      write.fades = true;
  };
  add(field.placeholder);
  for (const auto& part : field.parts) add(part.placeholder);
  for (const auto& member : field.members) collect(member, write);
}

bool says(const MqttWrite& write, Capability capability) {
  return std::find(write.says.begin(), write.says.end(), capability) != write.says.end();
}

// z2m #2220: ON without a level may jump to full. A message that can only switch off is none of these.
bool switches_on(const PayloadField& field) {
  const auto on = [](const std::optional<Placeholder>& placeholder) {
    return placeholder && placeholder->capability == Capability::light_on &&
           !(placeholder->wording == Wording::choice && placeholder->if_true.empty());
  };
  return on(field.placeholder) ||
         std::any_of(field.parts.begin(), field.parts.end(),
                     [&](const TextPart& part) { return on(part.placeholder); }) ||
         std::any_of(field.members.begin(), field.members.end(), switches_on);
}

Ack read_ack(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "ack");
  Ack ack;
  ack.topic = read_topic(reader, "topic", profile);
  read_pointer(reader, "path", ack.path, profile);
  read_pointer(reader, "error_path", ack.error_path, profile);
  ack.when = read_conditions(reader, "when", profile, false);
  double timeout_s{};
  if (reader.read("timeout_s", timeout_s, 0.1, 60))
    ack.timeout = std::chrono::milliseconds(static_cast<std::int64_t>(timeout_s * 1000));
  reader.finish();
  return ack;
}

void read_always_include(TableReader& reader, MqttWrite& write) {
  const auto* list = reader.array("always_include");
  if (list == nullptr) return;
  for (const auto& item : *list) {
    const auto capability = capability_from(item.value_or(std::string()));
    if (capability && says(write, *capability))
      write.always_include.push_back(*capability);
    else
      reader.expected("always_include", item, "a capability that stands in the payload");
  }
}

void check_write(TableReader& reader, const MqttWrite& write, const Profile& profile) {
  const bool whole = write.payload.kind == PayloadField::Kind::object;
  const bool level_before =
      std::any_of(profile.writes.begin(), profile.writes.end(),
                  [](const MqttWrite& other) { return says(other, Capability::light_level); });
  if (switches_on(write.payload) && !says(write, Capability::light_level) && (whole || !level_before))
    reader.error("payload",
                 "payload: switches a light on without its level; put {light.level:...} beside it" +
                     std::string(whole ? "" : " or into a [[write]] before it, or {light.on:|OFF} here") +
                     "; a lamp that has no level is relay.on");
  if (!write.fades && write.transition_max.count() > 0)
    reader.error("transition_max_s", "transition_max_s: the payload has no transition {t:...}");
}

}  // namespace

bool is_forbidden_key(std::string_view key, const std::vector<std::string>& more) {
  constexpr std::array<std::string_view, 4> always{"fx", "flash", "effect", "scheme"};
  const std::string low = lower(key);
  return std::find(always.begin(), always.end(), low) != always.end() ||
         std::find(more.begin(), more.end(), low) != more.end();
}

bool is_off(const toml::node& node) {
  const auto text = node.value_exact<std::string>();
  return node.value_exact<std::int64_t>() == 0 || node.value_exact<bool>() == false ||
         (text && lower(*text) == "none");
}

MqttWrite read_mqtt_write(const toml::table& table, Report& report, const Profile& profile) {
  TableReader reader(table, report, "[[write]]");
  MqttWrite write;
  write.topic = read_topic(reader, "topic", profile);
  reader.read_integer("qos", write.qos, 0, 2);
  const toml::node* payload = reader.require("payload") ? reader.node("payload") : nullptr;
  PayloadReader payload_reader(reader, profile);
  if (payload != nullptr) write.payload = payload_reader.read("", *payload);
  collect(write.payload, write);
  read_always_include(reader, write);
  if (write.fades) write.transition_max = usual_transition_max;
  double transition_s{};
  if (reader.read("transition_max_s", transition_s, 0, 600))
    write.transition_max = std::chrono::milliseconds(static_cast<std::int64_t>(transition_s * 1000));
  std::int64_t interval_ms = write.min_interval.count();
  if (reader.read_integer("min_interval_ms", interval_ms, 0, 10'000))
    write.min_interval = std::chrono::milliseconds(interval_ms);
  reader.read("group", write.group);
  if (const auto* ack = reader.table("ack")) write.ack = read_ack(*ack, report, profile);
  bool retain{};
  if (reader.read("retain", retain) && retain)
    reader.error("retain", "retain: a retained command is carried out again at every reconnect; never");
  check_write(reader, write, profile);
  reader.finish();
  return write;
}

}  // namespace rytme::settings
