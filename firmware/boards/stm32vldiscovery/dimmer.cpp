// SPDX-License-Identifier: Apache-2.0
// A dimmer on the four outputs of TIM3.
#include "firmware/boards/cortex_m/start.hpp"
#include "firmware/boards/stm32vldiscovery/board.hpp"
#include "firmware/core/dimmer_node.hpp"

[[noreturn]] void run_node() {
  using namespace rytme::firmware;
  auto& board = stm32::board();
  board.begin();
  board.open_outputs();
  static DimmerNode node(board, board);
  for (;;) node.turn();
}
