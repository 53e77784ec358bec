// SPDX-License-Identifier: Apache-2.0
// Characters on the line of a dimmer node, with silences between them. Input: pairs of a length and so many
// bytes; a length with its highest bit set gets a true checksum, so that the fuzzer comes behind it. Whatever
// comes: a reply is whole, ours, and to a request that was whole; nothing leaves the limits of the light.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "firmware/core/dimmer_node.hpp"
#include "firmware/core/motion_node.hpp"
#include "tests/firmware/bench.hpp"

namespace {

using namespace rytme::firmware;
using test::BenchBoard;
using test::Bytes;

void must(bool holds) {
  if (!holds) std::abort();
}

struct Outputs final : DimmerOutputs {
  Levels now{};
  void set(const Levels& levels, Instant) override { now = levels; }
  Levels read_back() override { return now; }
  DimmerInputs inputs() override { return {}; }
  Levels before_start() override { return {}; }
};

struct Still final : ImuSource, Light {
  std::optional<Taken> poll(Instant) override { return Taken{{{count, 2, 3, 4, 5, count++}}, 0}; }
  bool is_present() const override { return true; }
  std::optional<std::int16_t> temperature() const override { return std::int16_t{2500}; }
  void restart(Instant) override {}
  void set(bool) override {}
  std::int16_t count{};
};

// A reply answers the request before it: same unit and function, whole, as long as the protocol has it.
void check(const Bytes& request, const Bytes& reply) {
  must(reply.size() >= 5 && reply.size() <= 256);
  must(crc16(reply) == 0 && crc16(request) == 0);
  must(reply[0] == request[0] && reply[0] != 0);
  must(request[1] < 128 && (reply[1] & 0x7FU) == request[1]);
  if (reply[1] >= 128) {
    must(reply.size() == 5 && reply[2] >= 1 && reply[2] <= 4);
    return;
  }
  switch (reply[1]) {
    case 1:
    case 2:
    case 3:
    case 4:
    case 23:
      must(reply.size() == 5U + reply[2]);
      break;
    case 22:
      must(reply == request);
      break;
    case 43:
      break;
    default:
      must(reply.size() == 8 && std::equal(reply.begin(), reply.begin() + 4, request.begin()));
  }
}

template <typename Node>
void talk(BenchBoard& board, Node& node, Bytes frame, bool sealed) {
  if (sealed && !frame.empty()) {
    const std::uint8_t unit = frame[0];
    frame.erase(frame.begin());
    frame = test::framed(unit, frame);
  }
  board.clock += Micros(10'000);
  node.turn();
  board.sent.clear();
  board.clock = board.say(frame);
  node.turn();
  board.clock += Micros(400);
  node.turn();
  if (!board.sent.empty()) check(frame, board.sent);
}

// A restart that was ordered ends the run.
template <typename Node, typename Look>
void run(BenchBoard& board, Node& node, std::span<const std::uint8_t> data, Look look) try {
  while (data.size() > 1) {
    const std::size_t length = std::min<std::size_t>(data[0] & 0x7FU, data.size() - 1);
    talk(board, node, Bytes(data.begin() + 1, data.begin() + 1 + static_cast<std::ptrdiff_t>(length)),
         data[0] >= 128);
    data = data.subspan(1 + length);
    look();
  }
} catch (const BenchBoard::Restarted&) {
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  BenchBoard board;
  const std::span<const std::uint8_t> rest(data + 1, size - 1);
  if (data[0] % 2 == 0) {
    Outputs outputs;
    DimmerNode node(board, outputs);
    Levels before{};
    auto before_at = board.clock;
    run(board, node, rest, [&] {
      // 0.60 of full per second, and one count for rounding.
      const auto most = 1 + (board.clock - before_at).count() * 39'321 / 1'000'000;
      for (std::size_t i = 0; i < before.size(); ++i)
        must(std::abs(int{outputs.now[i]} - int{before[i]}) <= most);
      before = outputs.now;
      before_at = board.clock;
    });
  } else {
    Still still;
    MotionNode node(board, still, still);
    run(board, node, rest, [] {});
  }
  return 0;
}
