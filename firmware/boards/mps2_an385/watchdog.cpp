// SPDX-License-Identifier: Apache-2.0
// The dimmer with a fault in it: 3 s after power came its main loop stands still, once. Its watchdog must
// start it anew, and the light must go on from where it was. For the test.
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
    while (board.starts() == 0 && board.now() > Micros(3'000'000)) {
    }
  }
}
