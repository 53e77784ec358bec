// SPDX-License-Identifier: Apache-2.0
// A dimmer whose outputs are the second serial port.
#include "firmware/boards/cortex_m/start.hpp"
#include "firmware/boards/mps2_an385/board.hpp"
#include "firmware/boards/mps2_an385/serial_outputs.hpp"
#include "firmware/core/dimmer_node.hpp"

[[noreturn]] void run_node() {
  using namespace rytme::firmware;
  auto& board = mps2::board();
  board.begin();
  static mps2::SerialOutputs outputs(board);
  static DimmerNode node(board, outputs);
  for (;;) {
    node.turn();
    board.rest();
  }
}
