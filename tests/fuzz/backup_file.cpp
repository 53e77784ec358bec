// SPDX-License-Identifier: Apache-2.0
// Bytes that claim to be a sealed backup. Input: the file. So that more than the first check is reached, the
// key is a fixed one and what is given after the first byte may stand behind the head of a good file.
#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>

#include "controller/journal/sealed_file.hpp"

namespace {

using namespace rytme::journal;

struct Good {
  KeyPair key = pair_of(std::string(64, '1'));
  std::string file;
  Good() {
    std::istringstream content(std::string(70000, 'x'));
    seal(content, key.recipient, [this](std::string_view bytes) { file += bytes; });
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Good good;
  if (size == 0) return 0;
  std::string given(reinterpret_cast<const char*>(data + 1), size - 1);
  const std::size_t kept = std::size_t{data[0]} * 600;
  std::istringstream in(good.file.substr(0, std::min(kept, good.file.size())) + given);
  std::size_t content = 0;
  try {
    unseal(in, good.key, [&](std::string_view bytes) { content += bytes.size(); });
    if (content != 70000) __builtin_trap();  // only the good file opens
  } catch (const SealError&) {
  }
  return 0;
}
