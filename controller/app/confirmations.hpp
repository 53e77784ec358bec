// SPDX-License-Identifier: Apache-2.0
// Commanded and confirmed are two facts: this waits for the second. Per device and capability the last
// command counts; a stop waits for every device and names those that stay silent. Pure; logic thread.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "controller/room/reading.hpp"
#include "controller/room/room_state.hpp"
#include "controller/room/time.hpp"

namespace rytme::app {

class Confirmations {
 public:
  // `value` as it went to the device (its own scale); `tolerance` in the same scale.
  // `due`: when the device should have said so; nullopt: it is not expected to.
  void commanded(DeviceIndex device, Capability capability, double value, double tolerance, std::uint64_t seq,
                 std::optional<Instant> due = std::nullopt);
  // The device's own answer to a command, before its state says so.
  void answer_due(DeviceIndex device, Instant due) { answers_[device] = due; }
  void answered(DeviceIndex device) { answers_.erase(device); }
  // Devices that have not said in time that they have what they were told, each command once; `again`: it may
  // be told a second time, never a third.
  struct Overdue {
    DeviceIndex device{};
    bool again{};
    bool answer{};  // it was the answer that did not come
  };
  std::vector<Overdue> overdue(Instant now);
  // The sequence of the command that this report of the device confirms; each command is confirmed once.
  std::optional<std::uint64_t> reported(DeviceIndex device, Capability capability, double value);

  // A stop went out to these devices; its answer is due within 2 s.
  void stop_sent(std::uint64_t generation, const std::vector<DeviceIndex>& devices, Instant now);
  // The device has what the stop asked of it. True: a stop waited for that.
  bool stop_confirmed(DeviceIndex device);
  bool waits_for(DeviceIndex device) const { return waiting_.contains(device); }
  // Once: when all have answered, or 2 s after the stop. Ids by `name`.
  template <typename Name>
  std::optional<StopConfirmation> stop_due(Instant now, Name name) {
    if (!deadline_ || (!waiting_.empty() && now < *deadline_)) return std::nullopt;
    StopConfirmation result{generation_, {}, {}};
    for (const auto device : confirmed_) result.confirmed.push_back(name(device));
    for (const auto device : waiting_) result.missing.push_back(name(device));
    deadline_.reset();
    return result;
  }
  Instant next_wake() const;

 private:
  struct Pending {
    double value{};
    double tolerance{};
    std::uint64_t seq{};
    std::optional<Instant> due;
  };
  struct Tried {
    double value{};
    int times{};
  };
  bool may_again(DeviceIndex device, Capability capability, double value);

  std::map<std::pair<DeviceIndex, Capability>, Pending> pending_;
  std::map<std::pair<DeviceIndex, Capability>, Tried> tried_;  // told again, until it says that it has it
  std::map<DeviceIndex, Instant> answers_;
  std::set<DeviceIndex> waiting_;
  std::vector<DeviceIndex> confirmed_;
  std::uint64_t generation_{};
  std::optional<Instant> deadline_;
};

}  // namespace rytme::app
