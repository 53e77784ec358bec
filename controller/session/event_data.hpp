// SPDX-License-Identifier: Apache-2.0
// The data of a journal event: one flat JSON object, built field by field.
#pragma once

#include <string>
#include <string_view>

#include "controller/room/request.hpp"

namespace rytme::session {

class EventData {
 public:
  EventData& text(std::string_view name, std::string_view value);
  EventData& number(std::string_view name, double value);
  EventData& flag(std::string_view name, bool value);
  // Who asked, and by which way.
  EventData& by(const Asked& asked);
  std::string json() const { return "{" + fields_ + "}"; }

 private:
  void name(std::string_view name);
  std::string fields_;
};

}  // namespace rytme::session
