// SPDX-License-Identifier: Apache-2.0
#include "controller/devices/json_document.hpp"

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

std::optional<double> number_of(const boost::json::value& value) {
  if (const auto* whole = value.if_int64()) return static_cast<double>(*whole);
  if (const auto* whole = value.if_uint64()) return static_cast<double>(*whole);
  if (const auto* number = value.if_double()) return *number;
  return std::nullopt;
}

}  // namespace rytme::devices
