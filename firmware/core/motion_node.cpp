// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/motion_node.hpp"

#include <algorithm>
#include <utility>

#include "firmware/protocol/version.hpp"

namespace rytme::firmware {
namespace {

namespace at = motion_registers;

constexpr std::uint16_t kind = static_cast<std::uint16_t>(Signature::motion_status);
constexpr std::uint16_t shipped_unit = 30;
constexpr auto rules = common_rules(shipped_unit);
constexpr std::uint32_t longs = common_longs | 1U << at::samples_taken | 1U << at::samples_missed |
                                1U << at::samples_over | 1U << at::times_stuck;
constexpr Identity identity{{"Rytme", "RYTME-MOTION-1", version, "https://rytme.example", "Motion node",
                             "RYTME-MOTION-1", "Swing or hammock of a regulation room"}};

constexpr std::uint16_t bit(at::Input input) { return static_cast<std::uint16_t>(1U << input); }

}  // namespace

MotionNode::MotionNode(Board& board, ImuSource& imu, Light& light)
    : Node(board, kind, rules),
      imu_(imu),
      light_(light),
      boot_(static_cast<std::uint16_t>(board.chance() + board.starts())),
      slave_(*this, identity, counters_, timing_, now_) {}

void MotionNode::turn() {
  const auto now = board_.now();
  sample(now);
  serve(slave_, now);
}

// What a stuck sensor says is passed on to nobody; the samples that are missing then are counted.
void MotionNode::sample(Instant now) {
  const auto taken = imu_.poll(now);
  if (!taken) return;
  missed_ += taken->missed;
  gap_ += taken->missed;
  if (!watch_.take(taken->sample)) {
    ++gap_;
    if (gap_ % MotionWatch::stuck_after == 0) imu_.restart(now);
    return;
  }
  if (gap_ > 0) swing_.restart();
  swing_.take(taken->sample);
  ring_.push(taken->sample, std::exchange(gap_, 0));
}

std::uint16_t MotionNode::state() const {
  std::uint16_t bits = 0;
  if (imu_.is_present()) bits |= bit(at::sensor_present);
  if (watch_.is_stuck()) bits |= bit(at::stuck);
  if (watch_.was_over_range()) bits |= bit(at::over_range);
  if (settings_.is_open(now_)) bits |= bit(at::unlocked);
  if (settings_.is_unsaved()) bits |= bit(at::unsaved);
  if (settings_.was_forgotten()) bits |= bit(at::forgotten);
  return bits;
}

Verdict MotionNode::read(Area area, std::uint16_t address, std::span<std::uint16_t> values) {
  switch (area) {
    case Area::input:
      return read_input(address, values);
    case Area::holding:
      if (!settings_.has(address, values.size())) return Verdict::illegal_address;
      settings_.read(address, values, now_);
      return Verdict::ok;
    case Area::discrete:
      if (!is_within(address, values.size(), 0, at::input_count)) return Verdict::illegal_address;
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = (unsigned{state()} >> (address + i)) & 1U;
      return Verdict::ok;
    case Area::coil:
      break;
  }
  if (!is_within(address, values.size(), at::locate, at::coil_count)) return Verdict::illegal_address;
  values[0] = located_ ? 1 : 0;
  return Verdict::ok;
}

Verdict MotionNode::read_input(std::uint16_t address, std::span<std::uint16_t> values) const {
  if (address == at::earlier && values.size() <= at::earlier_words) {
    read_block(Signature::motion_earlier, values);
    return Verdict::ok;
  }
  if (address == at::newest && values.size() <= at::newest_words) {
    read_block(Signature::motion_newest, values);
    return Verdict::ok;
  }
  const std::size_t first = address - std::size_t{status_registers::base};
  if (!is_within(address, values.size(), status_registers::base, at::status_words) ||
      cuts_a_long(longs, first, values.size()))
    return Verdict::illegal_address;
  read_status(first, values);
  return Verdict::ok;
}

void MotionNode::read_block(Signature signature, std::span<std::uint16_t> values) const {
  std::array<std::uint16_t, at::newest_words> words;
  const bool newest = signature == Signature::motion_newest;
  const std::span block = std::span(words).first(newest ? at::newest_words : at::earlier_words);
  ring_.write_block(block, newest ? at::newest_samples : at::earlier_samples,
                    newest ? 0 : at::newest_samples - at::overlap);
  block[at::signature] = static_cast<std::uint16_t>(signature);
  block[at::boot] = boot_;
  std::copy_n(block.begin(), values.size(), values.begin());
}

void MotionNode::read_status(std::size_t first, std::span<std::uint16_t> values) const {
  std::array<std::uint16_t, at::status_words> words{};
  write_status(words, Signature::motion_status, state());
  const auto temperature = imu_.temperature();
  words[at::temperature] = temperature ? static_cast<std::uint16_t>(*temperature) : at::unknown_temperature;
  const auto swinging = swing_.swinging();
  words[at::frequency] = swinging ? swinging->millihertz : at::unknown;
  words[at::amplitude] = swinging ? swinging->amplitude_centideg : at::unknown;
  words[at::axis] = swinging ? swinging->axis : 0;
  put_long(words, at::samples_taken, ring_.next());
  put_long(words, at::samples_missed, missed_);
  put_long(words, at::samples_over, watch_.over_range());
  put_long(words, at::times_stuck, watch_.times_stuck());
  std::copy_n(words.begin() + static_cast<std::ptrdiff_t>(first), values.size(), values.begin());
}

Verdict MotionNode::write(Area area, std::uint16_t address, std::span<const std::uint16_t> values) {
  if (area == Area::holding) {
    if (!settings_.has(address, values.size())) return Verdict::illegal_address;
    return settings_.write(address, values, now_);
  }
  if (!is_within(address, values.size(), at::locate, at::coil_count)) return Verdict::illegal_address;
  located_ = values[0] != 0;
  light_.set(located_);
  return Verdict::ok;
}

}  // namespace rytme::firmware
