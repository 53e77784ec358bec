// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/lsm6dso.hpp"

#include <array>
#include <utility>

namespace rytme::firmware {
namespace {

namespace reg {
constexpr std::uint8_t who_am_i = 0x0F;
constexpr std::uint8_t ctrl1_xl = 0x10;
constexpr std::uint8_t ctrl2_g = 0x11;
constexpr std::uint8_t ctrl3_c = 0x12;
constexpr std::uint8_t ctrl4_c = 0x13;
constexpr std::uint8_t ctrl6_c = 0x15;
constexpr std::uint8_t ctrl8_xl = 0x17;
constexpr std::uint8_t status = 0x1E;  // followed, from 0x20 on, by temperature, turning and acceleration
}  // namespace reg

constexpr std::uint8_t is_lsm6dso = 0x6C;
constexpr std::uint8_t software_reset = 0x01;
constexpr std::uint8_t whole_values_and_increment = 0x44;  // BDU, IF_INC
constexpr std::uint8_t both_new = 0x03;                    // XLDA, GDA

constexpr std::array<std::pair<std::uint8_t, std::uint8_t>, 6> settings{{
    {reg::ctrl3_c, whole_values_and_increment},
    {reg::ctrl1_xl, 0x7E},  // 833 Hz, +-8 g, second filter on
    {reg::ctrl8_xl, 0x40},  // second filter: rate / 20
    {reg::ctrl2_g, 0x78},   // 833 Hz, +-1000 deg/s
    {reg::ctrl4_c, 0x02},   // gyroscope's first filter on
    {reg::ctrl6_c, 0x06},   // its narrower half of bandwidths
}};

constexpr Micros look_again{1'000'000};
constexpr Micros reset_time{10'000};
constexpr Micros settle_time{100'000};  // gyroscope from power-down to good values: 70 ms and the filters
constexpr std::uint8_t failures_allowed = 5;
constexpr std::size_t block = 16;  // status, one unused, temperature, turning, acceleration

std::int16_t value_at(const std::array<std::uint8_t, block>& bytes, std::size_t at) {
  return static_cast<std::int16_t>(bytes.at(at) | (bytes.at(at + 1) << 8U));
}

}  // namespace

std::optional<ImuSource::Taken> Lsm6dso::poll(Instant now) {
  if (now < next_) return std::nullopt;
  switch (state_) {
    case State::absent:
      look_for_it(now);
      break;
    case State::resetting:
      set_up(now);
      break;
    case State::settling:
      state_ = State::measuring;
      next_ = now;
      return measure(now);
    case State::measuring:
      return measure(now);
  }
  return std::nullopt;
}

void Lsm6dso::look_for_it(Instant now) {
  std::array<std::uint8_t, 1> id{};
  const bool there = wires_.read(address_, reg::who_am_i, id) && id[0] == is_lsm6dso;
  if (!there || !wires_.write(address_, reg::ctrl3_c, software_reset)) return lose(now);
  state_ = State::resetting;
  next_ = now + reset_time;
}

void Lsm6dso::set_up(Instant now) {
  if (!write_settings()) return lose(now);
  state_ = State::settling;
  next_ = now + settle_time;
}

// What was written is read back: a sensor that forgets its range would tell wrong values.
bool Lsm6dso::write_settings() {
  for (const auto& [where, value] : settings) {
    std::array<std::uint8_t, 1> said{};
    if (!wires_.write(address_, where, value) || !wires_.read(address_, where, said) || said[0] != value)
      return false;
  }
  return true;
}

// Along absolute times; those that have gone by are not made up for.
std::optional<ImuSource::Taken> Lsm6dso::measure(Instant now) {
  const Instant tick = next_ + (now - next_) / period * period;
  next_ = tick + period;
  std::array<std::uint8_t, block> bytes{};
  if (!wires_.read(address_, reg::status, bytes) || (bytes[0] & both_new) != both_new) {
    if (++failures_ > failures_allowed) lose(now);
    return std::nullopt;
  }
  failures_ = 0;
  temperature_raw_ = value_at(bytes, 2);
  Taken taken;
  for (std::size_t axis = 0; axis < 3; ++axis) {
    taken.sample.axes.at(axis) = value_at(bytes, 10 + 2 * axis);
    taken.sample.axes.at(3 + axis) = value_at(bytes, 4 + 2 * axis);
  }
  if (sampled_) taken.missed = static_cast<std::uint32_t>((tick - *sampled_) / period - 1);
  sampled_ = tick;
  return taken;
}

// Looked for again after a while.
void Lsm6dso::lose(Instant now) {
  state_ = State::absent;
  failures_ = 0;
  next_ = now + look_again;
}

void Lsm6dso::restart(Instant now) {
  state_ = State::absent;
  next_ = now;
}

// 256 counts for one degree, 0 at 25 degC.
std::optional<std::int16_t> Lsm6dso::temperature() const {
  if (!is_present()) return std::nullopt;
  return static_cast<std::int16_t>(2500 + temperature_raw_ * 100 / 256);
}

}  // namespace rytme::firmware
