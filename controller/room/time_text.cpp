// SPDX-License-Identifier: Apache-2.0
#include "controller/room/time_text.hpp"

#include <regex>

namespace rytme {

bool is_date_or_time(std::string_view text) {
  static const std::regex form(
      R"(\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?)");
  return std::regex_match(text.begin(), text.end(), form);
}

}  // namespace rytme
