// SPDX-License-Identifier: Apache-2.0
// JSON written straight into a text: numbers in their shortest exact form, no tree in memory (an export can
// hold millions of numbers). Commas are its own business; nesting is the caller's.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace rytme::journal {

class JsonText {
 public:
  void reserve(std::size_t bytes) { text_.reserve(bytes); }
  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);

  void null();
  void value(bool flag);
  void value(double number);  // not finite: null
  void value(float number);
  template <std::integral Integer>
  void value(Integer number) {
    separate();
    text_ += std::to_string(number);
  }
  void value(std::string_view text);  // what is not UTF-8 in it is marked (utf8.hpp)
  void value(const std::string& text) { value(std::string_view{text}); }
  void value(const char* text) { value(std::string_view{text}); }
  template <typename Value>
  void value(const std::optional<Value>& maybe) {
    if (maybe) {
      value(*maybe);
    } else {
      null();
    }
  }
  // `json` as it is when it is valid JSON, else as a string.
  void value_of_json(std::string_view json);

  template <typename Value>
  void field(std::string_view name, const Value& content) {
    key(name);
    value(content);
  }
  // An array with an object for each item, its fields written by `fields(item)`.
  template <typename Items, typename Fields>
  void objects(const Items& items, const Fields& fields) {
    begin_array();
    for (const auto& item : items) {
      begin_object();
      fields(item);
      end_object();
    }
    end_array();
  }
  template <typename Items, typename Fields>
  void objects(std::string_view name, const Items& items, const Fields& fields) {
    key(name);
    objects(items, fields);
  }
  // null where there is no text.
  void text_or_null(std::string_view name, std::string_view text);

  const std::string& text() const { return text_; }
  std::string take() { return std::move(text_); }

 private:
  void separate();
  void open(char bracket);
  void close(char bracket);

  std::string text_;
  bool comma_{};  // the next element needs one before it
};

// The shortest decimal text that gives the same number back.
std::string shortest(double number);
std::string shortest(float number);

}  // namespace rytme::journal
