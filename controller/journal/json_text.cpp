// SPDX-License-Identifier: Apache-2.0
#include "controller/journal/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

#include <boost/json.hpp>

#include "controller/journal/utf8.hpp"

namespace rytme::journal {
namespace {

template <typename Number>
std::string shortest_text(Number number) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  return {buffer.data(), end};
}

}  // namespace

std::string shortest(double number) { return shortest_text(number); }
std::string shortest(float number) { return shortest_text(number); }

void JsonText::key(std::string_view name) {
  value(name);
  text_ += ':';
  comma_ = false;
}

void JsonText::null() {
  separate();
  text_ += "null";
}

void JsonText::text_or_null(std::string_view name, std::string_view text) {
  key(name);
  if (text.empty()) return null();
  value(text);
}

void JsonText::value(bool flag) {
  separate();
  text_ += flag ? "true" : "false";
}

void JsonText::value(double number) {
  if (!std::isfinite(number)) return null();
  separate();
  text_ += shortest(number);
}

void JsonText::value(float number) {
  if (!std::isfinite(number)) return null();
  separate();
  text_ += shortest(number);
}

void JsonText::value(std::string_view text) {
  separate();
  text_ += boost::json::serialize(boost::json::string(valid_utf8(text)));
}

void JsonText::value_of_json(std::string_view json) {
  boost::system::error_code error;
  boost::json::parse(boost::json::string_view(json.data(), json.size()), error);
  if (error) return value(json);
  separate();
  text_ += json;
}

void JsonText::separate() {
  if (comma_) text_ += ',';
  comma_ = true;
}

void JsonText::open(char bracket) {
  separate();
  text_ += bracket;
  comma_ = false;
}

void JsonText::close(char bracket) {
  text_ += bracket;
  comma_ = true;
}

}  // namespace rytme::journal
