// SPDX-License-Identifier: Apache-2.0
#include "controller/trial/profile_try_invert.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <boost/json.hpp>

namespace rytme::trial {
namespace {

using boost::json::value;
using settings::PayloadField;
using settings::Placeholder;
using settings::Wording;

std::optional<double> number_in(std::string_view text, int base = 10) {
  const char* end = text.data() + text.size();
  if (base == 16) {
    unsigned whole{};
    const auto [stop, error] = std::from_chars(text.data(), end, whole, 16);
    return error == std::errc{} && stop == end ? std::optional<double>(whole) : std::nullopt;
  }
  double number{};
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

std::string text_of(const value& item) {
  return item.is_string() ? std::string(item.get_string()) : boost::json::serialize(item);
}

class Inverter {
 public:
  Inverted result;

  void json(const PayloadField& field, const value& item) {
    if (field.kind == PayloadField::Kind::value) return word(*field.placeholder, text_of(item));
    if (field.kind == PayloadField::Kind::text && item.is_string()) return text(field, item.get_string());
    for (std::size_t i = 0; i < field.members.size(); ++i) {
      const value* member = nullptr;
      if (const auto* object = item.if_object())
        member = object->if_contains(field.members[i].key);
      else if (const auto* list = item.if_array())
        member = list->if_contains(i);
      if (member != nullptr) json(field.members[i], *member);
    }
  }

  // "30,80,50" by "{a},{b},{c}": a placeholder ends where the next fixed text begins.
  void text(const PayloadField& field, std::string_view rest) {
    for (std::size_t i = 0; i < field.parts.size(); ++i) {
      const auto& part = field.parts[i];
      if (!rest.starts_with(part.fixed)) return;
      rest.remove_prefix(part.fixed.size());
      if (!part.placeholder) continue;
      const std::string_view next =
          i + 1 < field.parts.size() ? std::string_view(field.parts[i + 1].fixed) : "";
      auto length = next.empty() ? rest.size() : std::min(rest.find(next), rest.size());
      if (part.placeholder->wording == Wording::hex) length = std::min<std::size_t>(2, rest.size());
      word(*part.placeholder, std::string(rest.substr(0, length)));
      rest.remove_prefix(length);
    }
  }

  void word(const Placeholder& placeholder, const std::string& said) {
    if (!placeholder.capability) return transition(placeholder.wording, said);
    Setting setting{*placeholder.capability, 0, {}};
    const auto number = number_in(said, placeholder.wording == Wording::hex ? 16 : 10);
    switch (placeholder.wording) {
      case Wording::text:
        setting.text = said;
        break;
      case Wording::choice:
        if (said != placeholder.if_true && said != placeholder.if_false) return;
        setting.value = said == placeholder.if_true ? 1 : 0;
        break;
      case Wording::mired:
        if (!number || *number <= 0) return;
        setting.value = 1e6 / *number;
        break;
      case Wording::db:
        if (!number) return;
        setting.value = std::pow(10, *number / 20);
        break;
      default:
        if (!number) return;
        setting.value = *number / placeholder.factor;
    }
    result.settings.push_back(std::move(setting));
  }

 private:
  void transition(Wording wording, const std::string& said) {
    const auto number = number_in(said);
    if (!number || wording == Wording::param || wording == Wording::half_s_per_sweep) return;
    const double unit_ms = wording == Wording::ms ? 1 : wording == Wording::tenths ? 100 : 1000;
    result.transition = std::chrono::milliseconds(std::llround(*number * unit_ms));
  }
};

bool is_transition(const PayloadField& field) {
  return field.placeholder && !field.placeholder->capability && field.placeholder->wording != Wording::param;
}

void drop_zero_fades(const PayloadField& field, value& item) {
  auto* object = item.if_object();
  if (object == nullptr) return;
  for (const auto& member : field.members) {
    auto* found = object->if_contains(member.key);
    if (found == nullptr) continue;
    if (is_transition(member) && found->is_number() && found->to_number<double>() == 0)
      object->erase(member.key);
    else
      drop_zero_fades(member, *found);
  }
}

bool same(const value& a, const value& b) {
  if (a.is_number() && b.is_number()) {
    const double x = a.to_number<double>(), y = b.to_number<double>();
    return std::abs(x - y) <= 1e-6 * std::max(1.0, std::abs(y));
  }
  if (const auto* x = a.if_object()) {
    const auto* y = b.if_object();
    return y != nullptr && x->size() == y->size() && std::all_of(x->begin(), x->end(), [&](const auto& item) {
             const auto* other = y->if_contains(item.key());
             return other != nullptr && same(item.value(), *other);
           });
  }
  if (const auto* x = a.if_array()) {
    const auto* y = b.if_array();
    return y != nullptr && std::equal(x->begin(), x->end(), y->begin(), y->end(), same);
  }
  return a == b;
}

std::optional<value> parsed(const std::string& text) {
  boost::json::error_code error;
  auto item = boost::json::parse(text, error);
  if (error || !(item.is_object() || item.is_array())) return std::nullopt;
  return item;
}

}  // namespace

Inverted inverted(const PayloadField& payload, const std::string& text) {
  Inverter inverter;
  const auto item = parsed(text);
  if (item)
    inverter.json(payload, *item);
  else if (payload.kind == PayloadField::Kind::text)
    inverter.text(payload, text);
  else if (payload.kind == PayloadField::Kind::value)
    inverter.word(*payload.placeholder, text);
  return std::move(inverter.result);
}

bool same_payload(const PayloadField& payload, const std::string& expected, const std::string& got) {
  auto a = parsed(expected);
  auto b = parsed(got);
  if (!a || !b) return expected == got;
  drop_zero_fades(payload, *a);
  drop_zero_fades(payload, *b);
  return same(*a, *b);
}

bool asks_for_all(const std::string& asked, const std::string& wanted) {
  const auto a = parsed(asked);
  const auto b = parsed(wanted);
  if (!a || !b || !a->is_object() || !b->is_object()) return asked == wanted;
  return std::all_of(b->get_object().begin(), b->get_object().end(), [&](const auto& item) {
    const auto* other = a->get_object().if_contains(item.key());
    return other != nullptr && same(*other, item.value());
  });
}

}  // namespace rytme::trial
