// SPDX-License-Identifier: Apache-2.0
#include "firmware/core/slave_pdu.hpp"

#include <algorithm>

#include "firmware/core/pdu.hpp"

namespace rytme::firmware {
namespace {

constexpr std::uint16_t most_registers_read = 125;
constexpr std::uint16_t most_registers_written = 123;
constexpr std::uint16_t most_registers_written_and_read = 121;
constexpr std::uint16_t most_bits_read = 2000;
constexpr std::uint16_t most_bits_written = 1968;
constexpr std::uint16_t coil_on = 0xFF00;
constexpr std::uint8_t exception_bit = 0x80;

constexpr bool is_between_one_and(std::uint16_t count, std::uint16_t most) {
  return count >= 1 && count <= most;
}
constexpr std::size_t bytes_of_bits(std::uint16_t count) { return (std::size_t{count} + 7) / 8; }

// No node of ours has as many bits as fit into a request: what does not fit into Words is not there.
bool has_room(std::uint16_t count) { return count <= std::tuple_size_v<Words>; }

void repeat(Request request, std::size_t count, Reply& reply) {
  for (std::size_t i = 1; i < count; ++i) reply.byte(request[i]);
}

void add_registers(std::span<const std::uint16_t> values, Reply& reply) {
  reply.byte(2 * values.size());
  for (const auto value : values) reply.word(value);
}

Verdict read_bits(RegisterMap& map, Area area, Request request, Reply& reply) {
  if (request.size() != 5) return Verdict::illegal_value;
  const auto count = word_at(request, 3);
  if (!is_between_one_and(count, most_bits_read)) return Verdict::illegal_value;
  if (!has_room(count)) return Verdict::illegal_address;
  Words words;
  const std::span bits(words.data(), count);
  if (const auto verdict = map.read(area, word_at(request, 1), bits); verdict != Verdict::ok) return verdict;
  reply.byte(bytes_of_bits(count));
  for (std::size_t first = 0; first < count; first += 8) {
    unsigned byte = 0;
    for (std::size_t i = first; i < std::min<std::size_t>(first + 8, count); ++i)
      byte |= (bits[i] & 1U) << (i - first);
    reply.byte(byte);
  }
  return Verdict::ok;
}

Verdict read_registers(RegisterMap& map, Area area, Request request, Reply& reply) {
  if (request.size() != 5) return Verdict::illegal_value;
  const auto count = word_at(request, 3);
  if (!is_between_one_and(count, most_registers_read)) return Verdict::illegal_value;
  Words words;
  const std::span values(words.data(), count);
  if (const auto verdict = map.read(area, word_at(request, 1), values); verdict != Verdict::ok)
    return verdict;
  add_registers(values, reply);
  return Verdict::ok;
}

Verdict write_one(RegisterMap& map, Area area, Request request, Reply& reply) {
  if (request.size() != 5) return Verdict::illegal_value;
  auto value = word_at(request, 3);
  if (area == Area::coil) {
    if (value != 0 && value != coil_on) return Verdict::illegal_value;
    value = value == coil_on ? 1 : 0;
  }
  const auto verdict = map.write(area, word_at(request, 1), {&value, 1});
  if (verdict == Verdict::ok) repeat(request, request.size(), reply);
  return verdict;
}

Verdict write_bits(RegisterMap& map, Request request, Reply& reply) {
  if (request.size() < 7) return Verdict::illegal_value;
  const auto count = word_at(request, 3);
  const auto bytes = bytes_of_bits(count);
  if (!is_between_one_and(count, most_bits_written) || request[5] != bytes || request.size() != 6 + bytes)
    return Verdict::illegal_value;
  if (!has_room(count)) return Verdict::illegal_address;
  Words words;
  for (std::size_t i = 0; i < count; ++i) words[i] = (unsigned{request[6 + i / 8]} >> (i % 8)) & 1U;
  const auto verdict = map.write(Area::coil, word_at(request, 1), {words.data(), count});
  if (verdict == Verdict::ok) repeat(request, 5, reply);
  return verdict;
}

// Count, count of bytes and values from `at` on; nothing follows them.
Verdict take_values(Request request, std::size_t at, std::uint16_t most, Words& words,
                    std::span<const std::uint16_t>& values) {
  if (request.size() < at + 3) return Verdict::illegal_value;
  const auto count = word_at(request, at);
  if (!is_between_one_and(count, most) || request[at + 2] != 2 * count ||
      request.size() != at + 3 + 2 * std::size_t{count})
    return Verdict::illegal_value;
  for (std::size_t i = 0; i < count; ++i) words[i] = word_at(request, at + 3 + 2 * i);
  values = {words.data(), count};
  return Verdict::ok;
}

Verdict write_registers(RegisterMap& map, Request request, Reply& reply) {
  Words words;
  std::span<const std::uint16_t> values;
  if (const auto verdict = take_values(request, 3, most_registers_written, words, values);
      verdict != Verdict::ok)
    return verdict;
  const auto verdict = map.write(Area::holding, word_at(request, 1), values);
  if (verdict == Verdict::ok) repeat(request, 5, reply);
  return verdict;
}

// (present AND and) OR (or AND NOT and)
Verdict write_masked(RegisterMap& map, Request request, Reply& reply) {
  if (request.size() != 7) return Verdict::illegal_value;
  const auto address = word_at(request, 1);
  std::uint16_t value = 0;
  if (const auto verdict = map.read(Area::holding, address, {&value, 1}); verdict != Verdict::ok)
    return verdict;
  const unsigned keep = word_at(request, 3);
  value = static_cast<std::uint16_t>((value & keep) | (word_at(request, 5) & ~keep));
  const auto verdict = map.write(Area::holding, address, {&value, 1});
  if (verdict == Verdict::ok) repeat(request, request.size(), reply);
  return verdict;
}

// Writes first. What cannot be read is found out before anything is written.
Verdict write_and_read(RegisterMap& map, Request request, Reply& reply) {
  Words words;
  std::span<const std::uint16_t> values;
  if (const auto verdict = take_values(request, 7, most_registers_written_and_read, words, values);
      verdict != Verdict::ok)
    return verdict;
  const auto count = word_at(request, 3);
  if (!is_between_one_and(count, most_registers_read)) return Verdict::illegal_value;
  Words read;
  const std::span wanted(read.data(), count);
  if (const auto verdict = map.read(Area::holding, word_at(request, 1), wanted); verdict != Verdict::ok)
    return verdict;
  if (const auto verdict = map.write(Area::holding, word_at(request, 5), values); verdict != Verdict::ok)
    return verdict;
  const auto verdict = map.read(Area::holding, word_at(request, 1), wanted);
  if (verdict == Verdict::ok) add_registers(wanted, reply);
  return verdict;
}

Verdict answer(RegisterMap& map, const Identity& identity, Request request, Reply& reply) {
  switch (request[0]) {
    case 1:
      return read_bits(map, Area::coil, request, reply);
    case 2:
      return read_bits(map, Area::discrete, request, reply);
    case 3:
      return read_registers(map, Area::holding, request, reply);
    case 4:
      return read_registers(map, Area::input, request, reply);
    case 5:
      return write_one(map, Area::coil, request, reply);
    case 6:
      return write_one(map, Area::holding, request, reply);
    case 15:
      return write_bits(map, request, reply);
    case 16:
      return write_registers(map, request, reply);
    case 22:
      return write_masked(map, request, reply);
    case 23:
      return write_and_read(map, request, reply);
    case 43:
      return answer_identity(identity, request, reply);
    default:
      return Verdict::illegal_function;
  }
}

}  // namespace

Answered answer_pdu(RegisterMap& map, const Identity& identity, std::span<const std::uint8_t> request,
                    std::span<std::uint8_t, largest_pdu> room) {
  Reply reply(room);
  reply.byte(request[0]);
  const auto verdict = answer(map, identity, request, reply);
  if (verdict == Verdict::ok) return {reply.length(), true};
  reply = Reply(room);
  reply.byte(request[0] | exception_bit);
  reply.byte(static_cast<std::size_t>(verdict));
  return {reply.length(), false};
}

}  // namespace rytme::firmware
