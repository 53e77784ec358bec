// SPDX-License-Identifier: Apache-2.0
// Half of the mutations put something awkward in place of a number that stands in the text. By chance alone a
// mutation seldom changes a number of a long JSON and leaves the rest JSON.
#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

namespace {

constexpr std::array<std::string_view, 20> awkward{"0",
                                                   "-1",
                                                   "1",
                                                   "255",
                                                   "256",
                                                   "65535",
                                                   "65536",
                                                   "1e308",
                                                   "-1e308",
                                                   "1e-320",
                                                   "-0.0",
                                                   "4294967296",
                                                   "9223372036854775807",
                                                   "18446744073709551616",
                                                   "null",
                                                   "true",
                                                   "\"1\"",
                                                   "[]",
                                                   "{}",
                                                   "0.5"};

bool is_number(char c) { return (c >= '0' && c <= '9') || c == '-' || c == '.'; }

}  // namespace

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  std::minstd_rand random(seed);
  std::string text(reinterpret_cast<const char*>(data), size);
  const auto from = text.begin() + (size == 0 ? 0 : static_cast<std::ptrdiff_t>(random() % size));
  const auto begin = std::find_if(from, text.end(), is_number);
  if (random() % 2 == 0 || begin == text.end()) return LLVMFuzzerMutate(data, size, max_size);
  const auto end = std::find_if_not(begin, text.end(), is_number);
  text.replace(begin, end, awkward.at(random() % awkward.size()));
  text.resize(std::min(text.size(), max_size));
  std::copy(text.begin(), text.end(), data);
  return text.size();
}
