// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/settings.hpp"

#include <algorithm>

#include "firmware/core/crc.hpp"
#include "firmware/protocol/node_registers.hpp"

namespace rytme::firmware {
namespace {

namespace at = settings_registers;

constexpr std::size_t most_record_words = Settings::most + 3;
constexpr Micros open_for = std::chrono::seconds{at::open_s};

std::uint16_t checksum(std::span<const std::uint16_t> words) {
  std::uint16_t crc = 0xFFFF;
  for (const auto word : words) {
    const std::array<std::uint8_t, 2> bytes{static_cast<std::uint8_t>(word >> 8U),
                                            static_cast<std::uint8_t>(word & 0xFFU)};
    crc = crc16(bytes, crc);
  }
  return crc;
}

// Serial numbers wrap; two records are never far apart.
bool is_newer(std::uint16_t serial, std::uint16_t than) {
  return static_cast<std::int16_t>(serial - than) > 0;
}

bool fits(const SettingRule& rule, std::uint16_t value) { return value >= rule.low && value <= rule.high; }

}  // namespace

Settings::Settings(std::uint16_t kind, std::span<const SettingRule> rules, Storage& storage)
    : kind_(kind), rules_(rules), storage_(storage), forgotten_(true) {
  for (std::size_t i = 0; i < rules_.size(); ++i) values_[i] = rules_[i].initial;
  std::array<std::uint16_t, most_record_words> record;
  for (unsigned place = 0; place < Storage::places; ++place) {
    const auto words = std::span(record).first(record_words());
    if (!load(place, words) || (!forgotten_ && !is_newer(words[1], serial_))) continue;
    serial_ = words[1];
    place_ = place;
    forgotten_ = false;
    std::copy_n(words.begin() + 2, rules_.size(), values_.begin());
  }
}

bool Settings::load(unsigned place, std::span<std::uint16_t> record) const {
  if (!storage_.load(place, record) || record[0] != kind_) return false;
  if (checksum(record.first(record.size() - 1)) != record.back()) return false;
  for (std::size_t i = 0; i < rules_.size(); ++i)
    if (!fits(rules_[i], record[2 + i])) return false;
  return true;
}

// Into the other place: until it stands there whole, the old record is the newest.
bool Settings::save() {
  std::array<std::uint16_t, most_record_words> buffer;
  const auto record = std::span(buffer).first(record_words());
  record[0] = kind_;
  record[1] = static_cast<std::uint16_t>(serial_ + 1);
  std::copy_n(values_.begin(), rules_.size(), record.begin() + 2);
  record.back() = checksum(record.first(record.size() - 1));
  const unsigned place = forgotten_ ? 0 : Storage::places - 1 - place_;
  if (!storage_.save(place, record)) return false;
  serial_ = record[1];
  place_ = place;
  unsaved_ = forgotten_ = false;
  return true;
}

bool Settings::has(std::uint16_t address, std::size_t count) const {
  return address >= at::base && address + count <= at::first + rules_.size();
}

std::uint16_t Settings::value(std::uint16_t address) const { return values_.at(address - at::first); }

void Settings::read(std::uint16_t address, std::span<std::uint16_t> values, Instant now) const {
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto where = static_cast<std::uint16_t>(address + i);
    if (where == at::signature)
      values[i] = static_cast<std::uint16_t>(Signature::settings);
    else if (where < at::first)
      values[i] = where == at::unlock && is_open(now) ? 1 : 0;
    else
      values[i] = value(where);
  }
}

// The key and an order stand alone; settings are written one or several, all or none.
Verdict Settings::write(std::uint16_t address, std::span<const std::uint16_t> values, Instant now) {
  if (address == at::unlock && values.size() == 1) {
    if (values[0] != at::key) return Verdict::illegal_value;
    open_until_ = now + open_for;
    return Verdict::ok;
  }
  if (address < at::order || (address == at::order && values.size() > 1)) return Verdict::illegal_address;
  if (!is_open(now)) return Verdict::failure;
  if (address == at::order) return carry_out(values[0]);
  const std::size_t first = address - at::first;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!fits(rules_[first + i], values[i])) return Verdict::illegal_value;
  if (std::equal(values.begin(), values.end(), values_.begin() + static_cast<std::ptrdiff_t>(first)))
    return Verdict::ok;
  std::copy(values.begin(), values.end(), values_.begin() + static_cast<std::ptrdiff_t>(first));
  unsaved_ = true;
  return Verdict::ok;
}

Verdict Settings::carry_out(std::uint16_t order) {
  switch (static_cast<at::Order>(order)) {
    case at::Order::save:
      return save() ? Verdict::ok : Verdict::failure;
    case at::Order::restart:
      wants_restart_ = true;
      return Verdict::ok;
    case at::Order::defaults:
      for (std::size_t i = 0; i < rules_.size(); ++i) values_[i] = rules_[i].initial;
      unsaved_ = true;
      return Verdict::ok;
  }
  return Verdict::illegal_value;
}

LineFormat Settings::line() const {
  return {value(at::baud) * 100U, static_cast<Parity>(value(at::parity)),
          static_cast<std::uint8_t>(value(at::stop_bits)), static_cast<Silence>(value(at::silence))};
}

}  // namespace rytme::firmware
