// SPDX-License-Identifier: Apache-2.0
// Registers of hardware for the tests of a board's drivers: what is stored is there, and a test may put
// behaviour behind an address. Counts every look, so that a wait without an end is found.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <vector>

namespace rytme::firmware::test {

class RegisterModel {
 public:
  static constexpr std::uint64_t most_looks = 3'000'000;

  std::map<std::uintptr_t, std::function<std::uint32_t()>> loads;
  std::map<std::uintptr_t, std::function<void(std::uint32_t)>> stores;
  std::function<void(std::uintptr_t, std::uint16_t)> half_stores;
  std::vector<std::pair<std::uintptr_t, std::uint32_t>> log;  // of stores
  std::uint64_t looks{};
  int held{};

  std::uint32_t& operator[](std::uintptr_t address) { return values_[address]; }

  std::uint32_t load(std::uintptr_t address) {
    if (++looks > most_looks) throw std::runtime_error("a wait without an end");
    const auto behaviour = loads.find(address);
    return behaviour == loads.end() ? values_[address] : behaviour->second();
  }
  void store(std::uintptr_t address, std::uint32_t value) {
    log.emplace_back(address, value);
    const auto behaviour = stores.find(address);
    if (behaviour == stores.end())
      values_[address] = value;
    else
      behaviour->second(value);
  }
  void store_half(std::uintptr_t address, std::uint16_t value) { half_stores(address, value); }
  void hold_interrupts() { ++held; }
  void release_interrupts() { --held; }

  std::vector<std::uint32_t> stored_at(std::uintptr_t address) const {
    std::vector<std::uint32_t> all;
    for (const auto& [where, value] : log)
      if (where == address) all.push_back(value);
    return all;
  }

 private:
  std::map<std::uintptr_t, std::uint32_t> values_;
};

}  // namespace rytme::firmware::test
