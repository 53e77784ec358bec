// SPDX-License-Identifier: Apache-2.0
// Blocks of registers through the points of a Modbus profile. Input: one byte for the profile, then blocks of
// one byte for the poll (low bits) and how it went (high bits), one for the number of values, and two for
// each value.
#include "tests/fuzz/room_under_fuzz.hpp"

namespace {

using namespace rytme;

const std::vector<settings::House>& rooms() {
  static const std::vector<settings::House> all = [] {
    std::vector<settings::House> made;
    for (const auto& profile : fuzz::profiles())
      if (profile.transport == settings::ProfileTransport::modbus) made.push_back(fuzz::room_with(profile));
    return made;
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  std::size_t at = 1;
  const auto byte = [&] { return at < size ? data[at++] : std::uint8_t{0}; };
  devices::Devices room(rooms()[data[0] % rooms().size()]);
  const auto polls = room.polls();
  if (polls.empty()) return 0;
  std::vector<Decoded> out;
  while (at < size) {
    const unsigned what = byte();
    RegisterBlock block;
    block.read = polls[(what & 63U) % polls.size()];
    block.outcome = static_cast<BusOutcome>(what >> 6U);
    // 0: as many as were asked for; else a reply of another length.
    const unsigned said = byte();
    const std::size_t count = said == 0 ? block.read.count : said - 1;
    for (std::size_t i = 0; i < count; ++i) {
      const unsigned high = byte();
      block.values.push_back(static_cast<std::uint16_t>((high << 8U) | byte()));
    }
    room.decode(block, out);
    fuzz::check(out);
    room.give_back(out);
  }
  return 0;
}
