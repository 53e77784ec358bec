// SPDX-License-Identifier: Apache-2.0
// The four functions that a compiler asks of any program. Short rather than fast: nothing here moves more
// than a frame.
#include <cstddef>
#include <cstdint>

extern "C" {

void* memcpy(void* to, const void* from, std::size_t count) {
  auto* out = static_cast<std::uint8_t*>(to);
  const auto* in = static_cast<const std::uint8_t*>(from);
  for (; count > 0; --count) *out++ = *in++;
  return to;
}

void* memmove(void* to, const void* from, std::size_t count) {
  auto* out = static_cast<std::uint8_t*>(to);
  const auto* in = static_cast<const std::uint8_t*>(from);
  if (out <= in) return memcpy(to, from, count);
  for (; count > 0; --count) out[count - 1] = in[count - 1];
  return to;
}

void* memset(void* to, int value, std::size_t count) {
  auto* out = static_cast<std::uint8_t*>(to);
  for (; count > 0; --count) *out++ = static_cast<std::uint8_t>(value);
  return to;
}

int memcmp(const void* one, const void* other, std::size_t count) {
  const auto* left = static_cast<const std::uint8_t*>(one);
  const auto* right = static_cast<const std::uint8_t*>(other);
  for (; count > 0; --count, ++left, ++right)
    if (*left != *right) return *left < *right ? -1 : 1;
  return 0;
}
}
