// SPDX-License-Identifier: Apache-2.0
// Share of a session's heart time with a good pulse: from the first hr.bpm to the end, only while recording,
// each good value counting until the next but 10 s at most (then the room itself calls it late). The best
// device counts. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace rytme::journal {

// Times are steady µs, given in the order of the journal's sequence.
class ValidShare {
 public:
  void pulse(const std::string& device, std::int64_t mono_us, bool good);
  void recording(std::int64_t mono_us, bool on);
  void end(std::int64_t mono_us) { advance_all(mono_us); }

  std::optional<double> share() const;  // nullopt: no heart time at all

 private:
  struct Device {
    std::int64_t since_us{};
    bool good{};
    double valid_s{};
    double all_s{};
  };

  void advance(Device& device, std::int64_t mono_us) const;
  void advance_all(std::int64_t mono_us);

  std::map<std::string, Device> devices_;
  bool recording_{true};
};

}  // namespace rytme::journal
