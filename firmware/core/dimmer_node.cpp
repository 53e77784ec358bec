// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/dimmer_node.hpp"

#include <algorithm>

#include "firmware/protocol/version.hpp"

namespace rytme::firmware {
namespace {

namespace at = dimmer_registers;

constexpr std::uint16_t kind = static_cast<std::uint16_t>(Signature::dimmer_status);
constexpr std::uint16_t shipped_unit = 40;
constexpr std::uint16_t darkest_safe = 13'107;    // 0.2
constexpr std::uint16_t brightest_safe = 39'321;  // 0.6
constexpr std::uint16_t shipped_safe = 26'214;    // 0.4
constexpr std::size_t settings_count = at::settings_end - settings_registers::first;

constexpr auto make_rules() {
  std::array<SettingRule, settings_count> rules{};
  std::ranges::copy(common_rules(shipped_unit), rules.begin());
  const auto rule = [&](std::uint16_t address) -> SettingRule& {
    return rules.at(address - settings_registers::first);
  };
  rule(at::watchdog_time) = {5, 6000, 100};
  rule(at::fade_time) = {0, 600, 20};
  rule(at::slew) = {10, Dimmer::slew_ceiling_thousandths, Dimmer::slew_ceiling_thousandths};
  for (std::uint16_t channel = 0; channel < at::channels; ++channel) {
    rule(static_cast<std::uint16_t>(at::safe_level + channel)) = {darkest_safe, brightest_safe, shipped_safe};
    rule(static_cast<std::uint16_t>(at::power_on_level + channel)) = {0, at::full, shipped_safe};
  }
  return rules;
}
constexpr auto rules = make_rules();
static_assert(rules.size() <= Settings::most);

constexpr std::uint32_t longs = common_longs | 1U << at::watchdog_trips | 1U << at::stops;

constexpr Identity identity{{"Rytme", "RYTME-DIMMER-4", version, "https://rytme.example",
                             "Dimmer node, 4 channels", "RYTME-DIMMER-4", "Light of a regulation room"}};

constexpr std::uint16_t bit(at::Input input) { return static_cast<std::uint16_t>(1U << input); }

}  // namespace

DimmerNode::DimmerNode(Board& board, DimmerOutputs& outputs)
    : Node(board, kind, rules),
      outputs_(outputs),
      dimmer_(dimmer_settings(), outputs.before_start(), now_),
      slave_(*this, identity, counters_, timing_, now_) {}

DimmerSettings DimmerNode::dimmer_settings() const {
  constexpr Micros tenth{100'000};
  DimmerSettings out;
  out.watchdog = settings_.value(at::watchdog_time) * tenth;
  out.fade = settings_.value(at::fade_time) * tenth;
  out.slew_thousandths = settings_.value(at::slew);
  for (std::uint16_t channel = 0; channel < at::channels; ++channel) {
    out.safe[channel] = settings_.value(static_cast<std::uint16_t>(at::safe_level + channel));
    out.power_on[channel] = settings_.value(static_cast<std::uint16_t>(at::power_on_level + channel));
  }
  return out;
}

void DimmerNode::turn() {
  const auto now = board_.now();
  serve(slave_, now);
  look_at_wires(now);
  dimmer_.step(wires_, now);
  check_outputs();
  for (std::size_t channel = 0; channel < given_.size(); ++channel) given_[channel] = dimmer_.output(channel);
  outputs_.set(given_, now);
}

void DimmerNode::look_at_wires(Instant now) {
  const auto seen = outputs_.inputs();
  if (seen != changed_) {
    changed_ = seen;
    changed_at_ = now;
  }
  if (now - changed_at_ >= debounce) wires_ = changed_;
}

// What was given in the turn before must stand there now.
void DimmerNode::check_outputs() { fault_ = outputs_.read_back() != given_; }

std::uint16_t DimmerNode::state() const {
  std::uint16_t bits = 0;
  if (dimmer_.is_stopped()) bits |= bit(at::stop_open);
  if (dimmer_.is_input_muted()) bits |= bit(at::muted);
  if (dimmer_.is_tripped()) bits |= bit(at::watchdog);
  if (fault_) bits |= bit(at::output_fault);
  if (settings_.is_open(now_)) bits |= bit(at::unlocked);
  if (settings_.is_unsaved()) bits |= bit(at::unsaved);
  if (settings_.was_forgotten()) bits |= bit(at::forgotten);
  return bits;
}

Verdict DimmerNode::read(Area area, std::uint16_t address, std::span<std::uint16_t> values) {
  if (area == Area::holding) return read_holding(address, values);
  if (area == Area::input) return read_status(address, values);
  if (area == Area::discrete) {
    if (!is_within(address, values.size(), 0, at::input_count)) return Verdict::illegal_address;
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = (unsigned{state()} >> (address + i)) & 1U;
    return Verdict::ok;
  }
  if (!is_within(address, values.size(), at::mute, at::channels)) return Verdict::illegal_address;
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = dimmer_.is_muted(address + i) ? 1 : 0;
  return Verdict::ok;
}

Verdict DimmerNode::read_holding(std::uint16_t address, std::span<std::uint16_t> values) {
  if (settings_.has(address, values.size())) {
    settings_.read(address, values, now_);
    return Verdict::ok;
  }
  if (!is_within(address, values.size(), 0, at::channels_words)) return Verdict::illegal_address;
  const Levels real = outputs_.read_back();
  std::array<std::uint16_t, at::channels_words> block{};
  block[at::signature] = static_cast<std::uint16_t>(Signature::dimmer_channels);
  for (std::size_t channel = 0; channel < real.size(); ++channel) {
    block[at::level + channel] = dimmer_.aim(channel);
    block[at::output + channel] = real[channel];
  }
  block[at::state] = state();
  std::copy_n(block.begin() + address, values.size(), values.begin());
  return Verdict::ok;
}

Verdict DimmerNode::read_status(std::uint16_t address, std::span<std::uint16_t> values) const {
  const std::size_t first = address - std::size_t{status_registers::base};
  if (!is_within(address, values.size(), status_registers::base, at::status_words) ||
      cuts_a_long(longs, first, values.size()))
    return Verdict::illegal_address;
  std::array<std::uint16_t, at::status_words> block{};
  write_status(block, Signature::dimmer_status, state());
  put_long(block, at::watchdog_trips, dimmer_.trips());
  put_long(block, at::stops, dimmer_.stops());
  std::copy_n(block.begin() + static_cast<std::ptrdiff_t>(first), values.size(), values.begin());
  return Verdict::ok;
}

Verdict DimmerNode::write(Area area, std::uint16_t address, std::span<const std::uint16_t> values) {
  if (area == Area::coil) {
    if (!is_within(address, values.size(), at::mute, at::channels)) return Verdict::illegal_address;
    for (std::size_t i = 0; i < values.size(); ++i) dimmer_.mute(address + i, values[i] != 0);
    return Verdict::ok;
  }
  if (settings_.has(address, values.size())) {
    const auto verdict = settings_.write(address, values, now_);
    dimmer_.set(dimmer_settings());
    return verdict;
  }
  if (!is_within(address, values.size(), at::level, at::channels)) return Verdict::illegal_address;
  for (std::size_t i = 0; i < values.size(); ++i) dimmer_.command(address - at::level + i, values[i]);
  return Verdict::ok;
}

}  // namespace rytme::firmware
