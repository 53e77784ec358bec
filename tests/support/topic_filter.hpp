// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace rytme::test {

// MQTT topic filter, as the standard has it.
inline bool topic_matches(std::string_view filter, std::string_view topic) {
  while (!filter.empty()) {
    if (filter == "#") return true;
    const auto filter_end = filter.find('/');
    const auto topic_end = topic.find('/');
    const auto word = filter.substr(0, filter_end);
    if (word != "+" && word != topic.substr(0, topic_end)) return false;
    if ((filter_end == std::string_view::npos) != (topic_end == std::string_view::npos)) return false;
    if (filter_end == std::string_view::npos) return true;
    filter.remove_prefix(filter_end + 1);
    topic.remove_prefix(topic_end + 1);
  }
  return topic.empty();
}

}  // namespace rytme::test
