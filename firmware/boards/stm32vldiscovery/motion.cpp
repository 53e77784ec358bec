// SPDX-License-Identifier: Apache-2.0
// A motion node with an LSM6DSO on I2C1.
#include "firmware/boards/cortex_m/start.hpp"
#include "firmware/boards/stm32vldiscovery/board.hpp"
#include "firmware/core/lsm6dso.hpp"
#include "firmware/core/motion_node.hpp"

[[noreturn]] void run_node() {
  using namespace rytme::firmware;
  auto& board = stm32::board();
  board.begin();
  static Lsm6dso imu(board.open_wires(), board.now());
  static MotionNode node(board, imu, board);
  for (;;) node.turn();
}
