// SPDX-License-Identifier: Apache-2.0
// Columns of numbers as few bytes: differences, zigzag, varint; the compressor comes after. Pure. What is put
// is got back bit by bit.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace rytme::journal {

// The bytes are not what an encoder of ours wrote.
class BadChunk : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class ByteWriter {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void varint(std::uint64_t value);  // LEB128
  void raw(std::string_view bytes) { bytes_.append(bytes); }
  // Ends a run of bytes that are alike: the compressor gives each run its own statistics.
  void end_run() { runs_.push_back(bytes_.size()); }
  const std::string& bytes() const { return bytes_; }
  const std::vector<std::size_t>& runs() const { return runs_; }  // where each ends

 private:
  std::string bytes_;
  std::vector<std::size_t> runs_;
};

// Throws BadChunk beyond the end.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : rest_(bytes) {}
  std::uint8_t byte();
  std::uint64_t varint() {
    if (rest_.empty() || (static_cast<unsigned char>(rest_.front()) & 0x80U) != 0) return long_varint();
    const auto value = static_cast<std::uint8_t>(rest_.front());  // most of them
    rest_.remove_prefix(1);
    return value;
  }
  std::string_view raw(std::size_t count);
  std::size_t count();  // a varint that can be a number of elements of what is left (at least one bit each)
  bool empty() const { return rest_.empty(); }

 private:
  std::uint64_t long_varint();
  std::string_view rest_;
};

inline std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}
inline std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1U));
}

// bytes: quick, for the compressor to work on. arithmetic: smaller for few values that are mostly noise
// (range_coder.hpp).
enum class Packing : std::uint8_t { bytes, arithmetic };

// Integers as differences of the order (0, 1, 2) that costs least, divided by what all of them share.
void put_integers(ByteWriter& out, std::span<const std::int64_t> values, Packing packing = Packing::bytes);
std::vector<std::int64_t> get_integers(ByteReader& in);
// How much information put_integers would have to write, in bits; for choosing between two forms of a column.
std::size_t cost_of(std::span<const std::int64_t> values);

// Floats as counts of a sensor's step where they are such (float_column.cpp), else as their bits.
void put_floats(ByteWriter& out, std::span<const float> values);
std::vector<float> get_floats(ByteReader& in);

}  // namespace rytme::journal
