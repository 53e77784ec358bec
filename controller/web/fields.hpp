// SPDX-License-Identifier: Apache-2.0
// What the body of a POST may hold: one description serves the parser, its errors and the OpenAPI page.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "controller/web/message.hpp"

namespace rytme::web {

constexpr std::size_t longest_text = 64;
constexpr std::string_view form_token_field = "form_token";  // any form may carry it (access.hpp)

// time: a text (room/time_text.hpp); texts: an object of texts, of which null is none.
enum class FieldKind : std::uint8_t { text, number, boolean, time, texts };
using Texts = std::map<std::string, std::optional<std::string>>;

struct Field {
  std::string_view name;
  FieldKind kind{};
  bool required{};
  double low{}, high{};                         // number: inclusive
  std::span<const std::string_view> choices{};  // text: one of these; empty: any
  std::size_t longest{longest_text};            // text: 1 to so many characters; texts: each 0 to so many
};

// The values of a body that passed its description.
class Values {
 public:
  using Value = std::variant<std::string, double, bool, Texts>;
  void set(std::string_view name, Value value) {
    values_.insert_or_assign(std::string(name), std::move(value));
  }
  std::optional<std::string> text(std::string_view name) const { return get<std::string>(name); }
  std::optional<double> number(std::string_view name) const { return get<double>(name); }
  Texts texts(std::string_view name) const { return get<Texts>(name).value_or(Texts{}); }
  std::optional<bool> boolean(std::string_view name) const { return get<bool>(name); }

 private:
  template <class T>
  std::optional<T> get(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::nullopt : std::optional<T>(std::get<T>(found->second));
  }
  std::map<std::string, Value, std::less<>> values_;
};

bool is_form(const Incoming& incoming);

// As read_body, of what stands behind the ? of a GET: 422 with the fields that are wrong, unknown or missing.
std::optional<Reply> read_query(const Query& query, std::span<const Field> fields, Values& values);

// nullopt: `values` holds what the body says. Else the answer to send: 400 not JSON, 415 foreign type, 422
// with the fields that are wrong, unknown or missing. An empty body is {}; null is the same as leaving the
// field out.
std::optional<Reply> read_body(const Incoming& incoming, std::span<const Field> fields, Values& values);

}  // namespace rytme::web
