// SPDX-License-Identifier: Apache-2.0
// What a question to the record may hold, and how one that cannot be answered is refused.
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>

namespace rytme::review {

inline constexpr std::size_t most_points = 4000;  // rows of one series
inline constexpr std::size_t most_names = 16;
inline constexpr std::size_t most_series = 32;  // a name may be on several devices
inline constexpr std::size_t most_sessions = 50;

// A parameter that makes no sense; `field` names it, what() is one English sentence.
class BadQuestion : public std::runtime_error {
 public:
  BadQuestion(std::string field, const std::string& detail);
  const std::string& field() const { return field_; }

 private:
  std::string field_;
};

}  // namespace rytme::review
