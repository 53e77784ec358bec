// SPDX-License-Identifier: Apache-2.0
// A light on a bus takes its level by one or more register writes that may be late or lost: which of the
// steps that were sent has it carried out? Pure; logic thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>

#include "controller/room/reading.hpp"

namespace rytme::app {

class StepsOnTheWay {
 public:
  struct Step {
    DeviceIndex device{};
    double linear{};       // light
    std::size_t writes{};  // that it takes, each with the step's tag
  };

  void sent(std::uint64_t tag, const Step& step) {
    constexpr std::size_t most = 256;  // every write has its result; should one not, the oldest is forgotten
    if (steps_.size() == most) steps_.erase(steps_.begin());
    steps_.insert_or_assign(tag, step);
  }
  // One of the step's writes was dropped or not done: what the device has of it only a report can tell.
  void failed(std::uint64_t tag) { steps_.erase(tag); }
  // One of its writes was done. The step, once it was the last of them.
  std::optional<Step> carried_out(std::uint64_t tag) {
    const auto found = steps_.find(tag);
    if (found == steps_.end() || --found->second.writes > 0) return std::nullopt;
    const Step step = found->second;
    steps_.erase(found);
    return step;
  }

 private:
  std::map<std::uint64_t, Step> steps_;
};

}  // namespace rytme::app
