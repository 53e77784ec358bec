// SPDX-License-Identifier: Apache-2.0
// The settings of a node as registers: ranges, a lock against chance, and a memory that a loss of power at
// any moment leaves with the old settings or the new. Main loop only.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "firmware/core/line_timing.hpp"
#include "firmware/core/register_map.hpp"
#include "firmware/core/storage.hpp"
#include "firmware/core/time.hpp"

namespace rytme::firmware {

struct SettingRule {
  std::uint16_t low{}, high{}, initial{};
};

// Those at settings_registers::unit and behind, which each node's rules begin with.
inline constexpr std::size_t common_settings = 5;
constexpr std::array<SettingRule, common_settings> common_rules(std::uint16_t unit) {
  return {{{1, 247, unit}, {12, 4608, 1152}, {0, 2, 0}, {1, 2, 1}, {0, 1, 0}}};
}

class Settings {
 public:
  static constexpr std::size_t most = 16;

  // Loads the newest valid record. `kind` tells one node's records from another's; `rules` at most `most`,
  // they and `storage` must outlive the object.
  Settings(std::uint16_t kind, std::span<const SettingRule> rules, Storage& storage);

  // By register address (protocol/node_registers.hpp).
  bool has(std::uint16_t address, std::size_t count) const;
  void read(std::uint16_t address, std::span<std::uint16_t> values, Instant now) const;
  Verdict write(std::uint16_t address, std::span<const std::uint16_t> values, Instant now);
  std::uint16_t value(std::uint16_t address) const;

  LineFormat line() const;
  bool is_open(Instant now) const { return now < open_until_; }
  bool is_unsaved() const { return unsaved_; }
  bool was_forgotten() const { return forgotten_; }
  bool wants_restart() const { return wants_restart_; }

 private:
  Verdict carry_out(std::uint16_t order);
  bool save();
  std::size_t record_words() const { return rules_.size() + 3; }  // kind, serial, settings, checksum
  bool load(unsigned place, std::span<std::uint16_t> record) const;

  std::uint16_t kind_;
  std::span<const SettingRule> rules_;
  Storage& storage_;
  std::array<std::uint16_t, most> values_{};
  std::uint16_t serial_{};
  unsigned place_{};  // of the newest record
  Instant open_until_{};
  bool unsaved_{};
  bool forgotten_{};
  bool wants_restart_{};
};

}  // namespace rytme::firmware
