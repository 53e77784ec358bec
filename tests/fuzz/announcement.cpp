// SPDX-License-Identifier: Apache-2.0
// Whatever a broker holds as an announcement. Input: which topic, then the payload. What is found has an id
// and, as a block, is lines of settings with no end of a string in it but its own; and masking the payload
// ends.
#include <array>
#include <cstdint>
#include <string>

#include "controller/app/mask.hpp"
#include "controller/discovery/listener.hpp"

namespace {

constexpr std::array topics{"homie/5/lamp-1/$description", "zigbee2mqtt/bridge/devices",
                            "homeassistant/light/x/config", "homeassistant/sensor/n/x/config",
                            "homie/5/lamp-1/$state"};

// Quotes stand in pairs, none of them across a line.
bool is_whole(const std::string& block) {
  bool inside = false;
  for (std::size_t i = 0; i < block.size(); ++i) {
    if (block[i] == '\n' && inside) return false;
    if (block[i] == '\\' && inside)
      ++i;
    else if (block[i] == '"')
      inside = !inside;
  }
  return !inside && block.ends_with('\n');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string payload(reinterpret_cast<const char*>(data + 1), size - 1);
  rytme::discovery::Listener listener("own");
  listener.hear({topics.at(data[0] % topics.size()), payload, true, {}});
  for (const auto& found : listener.found()) {
    const auto block = block_of(found, {"lamp-1"});
    if (found.id.empty() || (!block.empty() && !is_whole(block))) __builtin_trap();
  }
  if (rytme::app::masked(payload).size() > 4 * payload.size() + 8) __builtin_trap();
  return 0;
}
