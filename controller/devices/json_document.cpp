// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/json_document.hpp"

#include <algorithm>
#include <charconv>

namespace rytme::devices {
namespace {

boost::json::parse_options options() {
  boost::json::parse_options chosen;
  chosen.max_depth = 16;
  return chosen;
}

}  // namespace

JsonDocument::JsonDocument()
    : resource_(memory_.data(), memory_.size()),
      parser_(boost::json::storage_ptr(), options(), work_.data(), work_.size()) {}

const boost::json::value* JsonDocument::parse(std::string_view text) {
  document_.reset();
  resource_.release();
  parser_.reset(&resource_);
  boost::json::error_code error;
  parser_.write(text.data(), text.size(), error);
  if (error) return nullptr;
  document_.emplace(parser_.release());
  return &*document_;
}

const boost::json::value* find(const boost::json::value& root, std::string_view pointer) {
  boost::json::error_code error;
  const auto* found = root.find_pointer({pointer.data(), pointer.size()}, error);
  return found == nullptr || found->is_null() ? nullptr : found;
}

Pointer pointer_of(std::string_view text) {
  Pointer pointer;
  while (!text.empty()) {
    text.remove_prefix(1);  // the slash
    const auto end = text.find('/');
    std::string token;
    for (std::size_t i = 0; i < std::min(end, text.size()); ++i) {
      const bool escaped = text[i] == '~' && i + 1 < text.size();
      token += escaped ? (text[i + 1] == '1' ? '/' : '~') : text[i];
      i += escaped ? 1 : 0;
    }
    pointer.push_back(std::move(token));
    text = end == std::string_view::npos ? "" : text.substr(end);
  }
  return pointer;
}

const boost::json::value* find(const boost::json::value& root, const Pointer& pointer) {
  const boost::json::value* here = &root;
  for (const std::string& token : pointer) {
    if (const auto* object = here->if_object()) {
      here = object->if_contains(token);
    } else if (const auto* list = here->if_array()) {
      std::size_t index{};
      const auto [stop, error] = std::from_chars(token.data(), token.data() + token.size(), index);
      here = error == std::errc{} && stop == token.data() + token.size() ? list->if_contains(index) : nullptr;
    } else {
      return nullptr;
    }
    if (here == nullptr) return nullptr;
  }
  return here->is_null() ? nullptr : here;
}

std::optional<double> number_of(const boost::json::value& value) {
  if (const auto* whole = value.if_int64()) return static_cast<double>(*whole);
  if (const auto* whole = value.if_uint64()) return static_cast<double>(*whole);
  if (const auto* number = value.if_double()) return *number;
  return std::nullopt;
}

}  // namespace rytme::devices
