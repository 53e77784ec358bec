// SPDX-License-Identifier: Apache-2.0
#include "controller/trial/profile_try_params.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <optional>

#include <boost/json.hpp>

namespace rytme::trial {
namespace {

using settings::PayloadField;

constexpr std::size_t most_ways = 16;  // to read one topic by one template

// Every way in which the template could be this text.
void unify(std::string_view form, std::string_view text, Params& so_far, std::vector<Params>& ways) {
  if (ways.size() >= most_ways) return;
  if (form.empty()) {
    if (text.empty()) ways.push_back(so_far);
    return;
  }
  const auto close = form.front() == '{' ? form.find('}') : std::string_view::npos;
  if (close != std::string_view::npos) {
    const std::string name(form.substr(1, close - 1));
    const std::string_view rest = form.substr(close + 1);
    if (const auto known = so_far.find(name); known != so_far.end()) {
      if (text.starts_with(known->second)) unify(rest, text.substr(known->second.size()), so_far, ways);
      return;
    }
    for (std::size_t length = 1; length <= text.size(); ++length) {
      so_far[name] = text.substr(0, length);
      unify(rest, text.substr(length), so_far, ways);
    }
    so_far.erase(name);
    return;
  }
  if (form.front() == '+')
    return unify(form.substr(1), text.substr(std::min(text.find('/'), text.size())), so_far, ways);
  if (!text.empty() && form.front() == text.front()) unify(form.substr(1), text.substr(1), so_far, ways);
}

std::vector<Params> ways_of(std::string_view form, std::string_view text) {
  Params none;
  std::vector<Params> ways;
  unify(form, text, none, ways);
  return ways;
}

std::size_t fixed_length(std::string_view form) {
  std::size_t length = 0;
  for (bool inside = false; const char c : form) {
    inside = inside || c == '{';
    length += inside || c == '+' ? 0 : 1;
    inside = inside && c != '}';
  }
  return length;
}

using Votes = std::vector<std::pair<std::string, int>>;  // how often each value was needed, first met first

void add_vote(Votes& votes, const std::string& value) {
  const auto same =
      std::find_if(votes.begin(), votes.end(), [&](const auto& item) { return item.first == value; });
  if (same == votes.end())
    votes.emplace_back(value, 1);
  else
    ++same->second;
}

// Params that stand in a payload.
void from_payload(const PayloadField& field, const boost::json::value& value, Params& params) {
  if (field.placeholder && field.placeholder->wording == settings::Wording::param)
    params.try_emplace(field.placeholder->param,
                       value.is_string() ? std::string(value.get_string()) : boost::json::serialize(value));
  if (field.kind == PayloadField::Kind::text && field.parts.size() == 1 && !field.parts[0].placeholder &&
      value.is_string())
    if (const auto ways = ways_of(field.parts[0].fixed, std::string(value.get_string())); !ways.empty())
      params.insert(ways.front().begin(), ways.front().end());
  for (std::size_t i = 0; i < field.members.size(); ++i) {
    const boost::json::value* member = nullptr;
    if (const auto* object = value.if_object())
      member = object->if_contains(field.members[i].key);
    else if (const auto* list = value.if_array())
      member = list->if_contains(i);
    if (member != nullptr) from_payload(field.members[i], *member, params);
  }
}

}  // namespace

std::string filled(std::string text, const Params& params) {
  for (const auto& [name, value] : params) {
    const std::string placeholder = "{" + name + "}";
    for (auto at = text.find(placeholder); at != std::string::npos;
         at = text.find(placeholder, at + value.size()))
      text.replace(at, placeholder.size(), value);
  }
  return text;
}

ProfileTopics::ProfileTopics(const settings::Profile& profile) : profile_(profile) {
  for (const auto& read : profile.reads) {
    add(read.topic, false);
    add(read.error_topic, false);
  }
  for (const auto& source : profile.availability.sources) add(source.topic, false);
  for (const auto& marker : profile.recovery.on_power_up) add(marker.topic, false);
  for (const auto& write : profile.writes) {
    add(write.topic, true, &write.payload);
    if (write.ack) add(write.ack->topic, false);
  }
  for (const auto& message : profile.recovery.refresh) add(message.topic, true);
  for (const auto& message : profile.recovery.setup) add(message.topic, true);
  if (profile.homie.device.empty()) return;
  const std::string base = "homie/5/" + profile.homie.device;
  for (const char* tail : {"/$state", "/$description", "/+/+", "/+/+/$target"}) add(base + tail, false);
  add(base + "/+/+/set", true);
}

void ProfileTopics::add(const std::string& text, bool out, const PayloadField* payload) {
  if (!text.empty()) templates_.push_back({text, out, payload});
}

bool ProfileTopics::allowed(const Params& params) const {
  return std::all_of(params.begin(), params.end(), [&](const auto& item) {
    if (item.second.find_first_of("+#{}") != std::string::npos) return false;
    const auto param = std::find_if(profile_.params.begin(), profile_.params.end(),
                                    [&](const auto& other) { return other.name == item.first; });
    if (param == profile_.params.end() || !param->integer) return param != profile_.params.end();
    std::int64_t number{};
    const char* end = item.second.data() + item.second.size();
    const auto [stop, error] = std::from_chars(item.second.data(), end, number);
    return error == std::errc{} && stop == end && number >= param->min && number <= param->max;
  });
}

// By the template that says most of the topic itself: "{topic}" would fit any.
Params ProfileTopics::needed(const TriedMessage& message) const {
  Params best;
  std::optional<std::size_t> best_length;
  for (const Template& form : templates_) {
    if (form.out != message.out) continue;
    auto ways = ways_of(form.text, message.topic);
    std::erase_if(ways, [&](const Params& way) { return !allowed(way); });
    const std::size_t length = fixed_length(form.text);
    if (ways.empty() || (best_length && length <= *best_length)) continue;
    best_length = length;
    best = ways.front();
    boost::json::error_code error;
    const auto value = boost::json::parse(message.payload, error);
    if (form.payload != nullptr && !error) from_payload(*form.payload, value, best);
  }
  return allowed(best) ? best : Params{};
}

Params ProfileTopics::guess(const std::vector<TriedMessage>& messages, const Params& given) const {
  std::map<std::string, Votes> votes;
  for (const auto& message : messages)
    for (const auto& [name, value] : needed(message)) add_vote(votes[name], value);
  Params params;
  for (const auto& param : profile_.params)
    params[param.name] = param.default_value.value_or(param.integer ? std::to_string(param.min) : param.name);
  for (const auto& [name, values] : votes)
    params[name] = std::max_element(values.begin(), values.end(), [](const auto& a, const auto& b) {
                     return a.second < b.second;
                   })->first;
  for (const auto& [name, value] : given) params[name] = value;
  return params;
}

bool ProfileTopics::knows(const TriedMessage& message, const Params& params) const {
  return std::any_of(templates_.begin(), templates_.end(), [&](const Template& form) {
    return form.out == message.out && !ways_of(filled(form.text, params), message.topic).empty();
  });
}

Params ProfileTopics::fitted(const TriedMessage& message, const Params& usual, const Params& given) const {
  if (knows(message, usual)) return usual;
  Params params = usual;
  // Another device of the same kind differs in one param only.
  for (const auto& [name, value] : usual) {
    Params others = usual;
    others.erase(name);
    for (const Template& form : templates_) {
      if (form.out != message.out || given.contains(name)) continue;
      const auto ways = ways_of(filled(form.text, others), message.topic);
      if (ways.empty() || !allowed(ways.front())) continue;
      params[name] = ways.front().at(name);
      return params;
    }
  }
  for (const auto& [name, value] : needed(message)) params[name] = value;
  for (const auto& [name, value] : given) params[name] = value;
  return knows(message, params) ? params : usual;
}

}  // namespace rytme::trial
